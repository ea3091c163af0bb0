package dev.sonde.source;

/**
 * The text of one script or imported file.
 *
 * @param name as it is shown before a line number: the file's path as given, or {@code stdin} for {@code -e} and standard input
 * @param text the whole text
 */
public record Source(String name, String text) {
    /** The 1-based line that holds {@code offset} (a character index, which may be the end of the text). */
    public int line(int offset) {
        int line = 1;
        for (int i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
            line++;
        }
        return line;
    }

    /** The 1-based column of {@code offset} in its line, in characters. */
    public int column(int offset) {
        return offset - lineStart(offset) + 1;
    }

    /** The text of the line that holds {@code offset}, without its line end. */
    public String lineText(int offset) {
        int end = text.indexOf('\n', offset);
        return text.substring(lineStart(offset), end < 0 ? text.length() : end);
    }

    /** Index of the first character of the line that holds {@code offset}. */
    public int lineStart(int offset) {
        return offset == 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
    }

    /** A span of this source. */
    public Span span(int start, int end) {
        return new Span(this, start, end);
    }

    @Override
    public String toString() {
        return name;
    }
}
