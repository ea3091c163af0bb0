package dev.sonde.elf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * NUL-terminated strings addressed by byte offset (gABI "String Table").
 *
 * <p>Names are compared in place: a file may have hundreds of thousands, and only those asked for become strings. The bytes are seen through
 * a {@link ByteBuffer} because its single-byte reads are several times cheaper than a cursor's in code that is not fully optimised yet.
 */
final class StringTable {
    /** Longer names are refused, so that overlapping names in a hostile table cannot multiply its size. */
    private static final int MAX_NAME = 1 << 16;

    private final ByteBuffer bytes;
    private final String section;

    private StringTable(ByteBuffer bytes, String section) {
        this.bytes = bytes;
        this.section = section;
    }

    static StringTable of(Cursor table) {
        if (table.size() > Integer.MAX_VALUE) {
            throw table.malformed("a string table below 2 GiB");
        }
        return new StringTable(table.segment().asByteBuffer(), table.section());
    }

    ByteBuffer bytes() {
        return bytes;
    }

    String get(int offset) {
        int end = end(offset);
        byte[] name = new byte[end - offset];
        bytes.get(offset, name);
        return new String(name, StandardCharsets.UTF_8);
    }

    /** Number of leading underscores of the name at {@code offset}, at most 8. */
    int underscores(int offset) {
        int count = 0;
        while (count < 8 && at(offset + count) == '_') {
            count++;
        }
        return count;
    }

    /** The byte at {@code offset}, or 0 outside the table. */
    int at(int offset) {
        return offset >= 0 && offset < bytes.limit() ? bytes.get(offset) : 0;
    }

    private int end(int offset) {
        if (offset < 0 || offset >= bytes.limit()) {
            throw new MalformedException(section, Integer.toUnsignedLong(offset), "a name within its " + bytes.limit() + " bytes");
        }
        int limit = offset + Math.min(bytes.limit() - offset, MAX_NAME);
        for (int i = offset; i < limit; i++) {
            if (bytes.get(i) == 0) {
                return i;
            }
        }
        throw new MalformedException(section, offset, "a name that ends with a NUL within " + MAX_NAME + " bytes");
    }
}
