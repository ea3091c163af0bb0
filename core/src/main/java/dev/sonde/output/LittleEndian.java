package dev.sonde.output;

/** Integers in a byte array, little-endian as on every machine this runs on. Plain shifts: they are quick before any optimising compiler runs. */
final class LittleEndian {
    private LittleEndian() {}

    static long int64(byte[] b, int at) {
        return int32(b, at) & 0xffffffffL | (long) int32(b, at + 4) << 32;
    }

    static int int32(byte[] b, int at) {
        return b[at] & 0xff | (b[at + 1] & 0xff) << 8 | (b[at + 2] & 0xff) << 16 | b[at + 3] << 24;
    }

    /** The integer of {@code size} bytes (1, 2, 4 or 8), widened to 64 bits by its sign or by zeros. */
    static long integer(byte[] b, int at, int size, boolean signed) {
        return switch (size) {
            case 1 -> signed ? b[at] : b[at] & 0xff;
            case 2 -> signed ? (short) short16(b, at) : short16(b, at);
            case 4 -> signed ? int32(b, at) : int32(b, at) & 0xffffffffL;
            default -> int64(b, at);
        };
    }

    private static int short16(byte[] b, int at) {
        return b[at] & 0xff | (b[at + 1] & 0xff) << 8;
    }

    /** {@code width} bits from bit {@code shift} of the integer that starts at {@code at}. */
    static long bits(byte[] b, int at, int shift, int width, boolean signed) {
        long value = 0;
        for (int i = 0; 8 * i < shift + width; i++) {
            int to = 8 * i - shift;
            long part = b[at + i] & 0xff;
            value |= to < 0 ? part >>> -to : part << to;
        }
        int spare = 64 - width;
        return signed ? value << spare >> spare : value << spare >>> spare;
    }

    /** Number of bytes before the first NUL, at most {@code capacity}. */
    static int textLength(byte[] b, int at, int capacity) {
        int end = at + capacity;
        int i = at;
        while (i < end && b[i] != 0) {
            i++;
        }
        return i - at;
    }
}
