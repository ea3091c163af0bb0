package dev.sonde.output;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes being written: UTF-8 text and numbers without a {@code String} for each. Not thread-safe. */
public final class TextBuffer {
    private static final byte[] LOWER = ascii("0123456789abcdef");
    private static final byte[] UPPER = ascii("0123456789ABCDEF");
    private static final byte[] LEAST = ascii("-9223372036854775808");

    private byte[] bytes;
    private int length;

    public TextBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes; only the first {@link #length} count, and only until the next change. */
    public byte[] array() {
        return bytes;
    }

    /** How many bytes there are. */
    public int length() {
        return length;
    }

    /** Forgets all bytes after the first {@code to}. */
    public TextBuffer cut(int to) {
        length = to;
        return this;
    }

    /** Hands the bytes to {@code sink} and forgets them. */
    public void drain(Sink sink) {
        if (length > 0) {
            sink.write(bytes, 0, length);
            length = 0;
        }
    }

    private void room(int more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** Adds one byte. */
    public TextBuffer put(int b) {
        room(1);
        bytes[length++] = (byte) b;
        return this;
    }

    /** Adds bytes. */
    public TextBuffer put(byte[] source, int from, int count) {
        room(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    /** Adds bytes. */
    public TextBuffer put(byte[] source) {
        return put(source, 0, source.length);
    }

    /** Adds text as UTF-8. */
    public TextBuffer put(String text) {
        int count = text.length();
        room(count);
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return put(text.substring(i).getBytes(StandardCharsets.UTF_8));
            }
            bytes[length++] = (byte) c;
        }
        return this;
    }

    /** Adds {@code count} bytes {@code b}. */
    public TextBuffer fill(int b, int count) {
        if (count > 0) {
            room(count);
            Arrays.fill(bytes, length, length + count, (byte) b);
            length += count;
        }
        return this;
    }

    /** Adds a signed integer in base 10. */
    public TextBuffer decimal(long value) {
        if (value == Long.MIN_VALUE) {
            return put(LEAST);
        }
        if (value < 0) {
            put('-');
        }
        return digits(Math.abs(value));
    }

    /** Adds an unsigned integer in base 10. */
    public TextBuffer unsigned(long value) {
        if (value >= 0) {
            return digits(value);
        }
        long tens = Long.divideUnsigned(value, 10);
        return digits(tens).put((int) ('0' + value - tens * 10));
    }

    private TextBuffer digits(long value) {
        int count = 1;
        for (long bound = 10; count < 19 && value >= bound; bound *= 10) {
            count++;
        }
        room(count);
        int at = length + count;
        long rest = value;
        while (rest > Integer.MAX_VALUE) {
            long tens = rest / 10;
            bytes[--at] = (byte) ('0' + (rest - tens * 10));
            rest = tens;
        }
        for (int small = (int) rest; at > length; small /= 10) {
            bytes[--at] = (byte) ('0' + small % 10);
        }
        length += count;
        return this;
    }

    /** Adds a non-negative integer in base 10 with zeros in front up to {@code width} digits. */
    public TextBuffer padded(long value, int width) {
        int start = length;
        digits(value);
        shift(start, width - (length - start), '0');
        return this;
    }

    /** Adds an unsigned integer in base 16 with lower-case letters. */
    public TextBuffer hex(long value) {
        return power(value, 4, LOWER);
    }

    /** Adds an unsigned integer in base 16 with upper-case letters. */
    public TextBuffer upperHex(long value) {
        return power(value, 4, UPPER);
    }

    /** Adds an unsigned integer in base 8. */
    public TextBuffer octal(long value) {
        return power(value, 3, LOWER);
    }

    private TextBuffer power(long value, int bits, byte[] letters) {
        int count = Math.max(1, (63 - Long.numberOfLeadingZeros(value)) / bits + 1);
        room(count);
        length += count;
        long rest = value;
        for (int i = length - 1; i >= length - count; i--) {
            bytes[i] = letters[(int) rest & (1 << bits) - 1];
            rest >>>= bits;
        }
        return this;
    }

    /** Adds one byte as two lower-case hexadecimal digits. */
    public TextBuffer hexByte(int b) {
        return put(LOWER[b >> 4 & 15]).put(LOWER[b & 15]);
    }

    /** Adds one byte as two upper-case hexadecimal digits. */
    public TextBuffer upperHexByte(int b) {
        return put(UPPER[b >> 4 & 15]).put(UPPER[b & 15]);
    }

    /** Brings the bytes from {@code start} on to at least {@code width} with {@code fill}, before them or, for {@code left}, behind them. */
    public TextBuffer pad(int start, int width, boolean left, char fill) {
        int missing = width - (length - start);
        if (missing > 0) {
            if (left) {
                fill(fill, missing);
            } else {
                shift(start, missing, fill);
            }
        }
        return this;
    }

    /** Puts {@code count} bytes {@code fill} in front of the byte at {@code at}. */
    TextBuffer shift(int at, int count, char fill) {
        if (count > 0) {
            room(count);
            System.arraycopy(bytes, at, bytes, at + count, length - at);
            Arrays.fill(bytes, at, at + count, (byte) fill);
            length += count;
        }
        return this;
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
