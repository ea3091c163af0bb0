package dev.sonde.output;

/** Writes JSON strings and numbers. */
final class JsonText {
    private JsonText() {}

    /** An integer; one that a double cannot hold comes as a string, so that no reader changes it. */
    static void integer(TextBuffer out, long value, boolean signed) {
        long magnitude = signed && value < 0 ? -value : value;
        boolean exact = magnitude == 0 || 64 - Long.numberOfLeadingZeros(magnitude) - Long.numberOfTrailingZeros(magnitude) <= 53;
        if (!exact) {
            out.put('"');
        }
        AggregateText.number(out, value, signed);
        if (!exact) {
            out.put('"');
        }
    }

    /** A string. */
    static void string(TextBuffer out, String text) {
        byte[] b = TextBuffer.ascii(text);
        string(out, b, 0, b.length, false);
    }

    /** UTF-8 bytes as a string; bytes that are not UTF-8 come as U+FFFD. {@code squeeze} leaves out spaces. */
    static void string(TextBuffer out, byte[] b, int from, int length, boolean squeeze) {
        out.put('"');
        int end = from + length;
        for (int i = from; i < end; i++) {
            if (b[i] < 0) {
                i += sequence(out, b, i, end) - 1;
            } else if (b[i] != ' ' || !squeeze) {
                character(out, b[i]);
            }
        }
        out.put('"');
    }

    private static void character(TextBuffer out, byte c) {
        switch (c) {
            case '"' -> out.put('\\').put('"');
            case '\\' -> out.put('\\').put('\\');
            case '\n' -> out.put('\\').put('n');
            case '\r' -> out.put('\\').put('r');
            case '\t' -> out.put('\\').put('t');
            default -> {
                if (c < ' ') {
                    out.put("\\u00").hexByte(c);
                } else {
                    out.put(c);
                }
            }
        }
    }

    /** Copies a sequence of several bytes when it is well-formed; returns how many bytes it took. */
    private static int sequence(TextBuffer out, byte[] b, int at, int end) {
        int lead = b[at] & 0xff;
        int length = lead >= 0xf5 || lead < 0xc2 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (length == 1 || !wellFormed(b, at, length, end)) {
            out.put("\\ufffd");
            return 1;
        }
        out.put(b, at, length);
        return length;
    }

    private static boolean wellFormed(byte[] b, int at, int length, int end) {
        if (at + length > end) {
            return false;
        }
        int code = b[at] & 0xff >> length + 1;
        for (int i = 1; i < length; i++) {
            if ((b[at + i] & 0xc0) != 0x80) {
                return false;
            }
            code = code << 6 | b[at + i] & 0x3f;
        }
        boolean surrogate = code >= 0xd800 && code < 0xe000;
        return length == 2 || length == 3 && code >= 0x800 && !surrogate || length == 4 && code >= 0x10000 && code < 0x110000;
    }
}
