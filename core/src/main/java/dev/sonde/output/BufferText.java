package dev.sonde.output;

/** The ways to write a buffer: {@code %r}, {@code %rx}, {@code %rh}. */
final class BufferText {
    private BufferText() {}

    /** The length that a buffer at {@code at} states, within its capacity. */
    static int length(byte[] b, int at, int capacity) {
        return Math.max(0, Math.min(LittleEndian.int32(b, at), capacity));
    }

    /** Printable ASCII as it is, the rest as {@code \xNN}. */
    static void plain(TextBuffer out, byte[] b, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (b[i] >= ' ' && b[i] < 0x7f) {
                out.put(b[i]);
            } else {
                out.put('\\').put('x').hexByte(b[i]);
            }
        }
    }

    /** Every byte as {@code \xNN}. */
    static void escaped(TextBuffer out, byte[] b, int from, int length) {
        for (int i = from; i < from + length; i++) {
            out.put('\\').put('x').hexByte(b[i]);
        }
    }

    /** Two digits a byte with spaces between. */
    static void digits(TextBuffer out, byte[] b, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (i > from) {
                out.put(' ');
            }
            out.hexByte(b[i]);
        }
    }
}
