package dev.sonde.linux;

/** Goes through a text line by line without a list of them. */
final class Lines {
    private final String text;
    private int next;

    Lines(String text) {
        this.text = text;
    }

    /** The next line without its end, null after the last. */
    String next() {
        if (next >= text.length()) {
            return null;
        }
        int start = next;
        int end = text.indexOf('\n', start);
        next = end < 0 ? text.length() : end + 1;
        return text.substring(start, end < 0 ? text.length() : end);
    }
}
