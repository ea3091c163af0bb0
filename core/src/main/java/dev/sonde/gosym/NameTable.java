package dev.sonde.gosym;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** NUL-terminated UTF-8 names by byte offset, compared in place. */
final class NameTable {
    /** Longer names are refused, so that overlapping names in a hostile table cannot multiply its size. */
    private static final int MAX_NAME = 1 << 16;

    private final ByteBuffer bytes;
    private final String section;

    NameTable(Cursor table) {
        if (table.size() > Integer.MAX_VALUE) {
            throw table.malformed("a table below 2 GiB");
        }
        this.bytes = table.segment().asByteBuffer();
        this.section = table.section();
    }

    String get(long offset) {
        int start = start(offset);
        int limit = start + Math.min(bytes.limit() - start, MAX_NAME);
        int end = start;
        while (end < limit && bytes.get(end) != 0) {
            end++;
        }
        if (end == limit) {
            throw new MalformedException(section, offset, "a name that ends with a NUL within " + MAX_NAME + " bytes");
        }
        byte[] name = new byte[end - start];
        bytes.get(start, name);
        return new String(name, StandardCharsets.UTF_8);
    }

    boolean equals(long offset, byte[] name) {
        int start = start(offset);
        if (name.length >= bytes.limit() - start) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (bytes.get(start + i) != name[i]) {
                return false;
            }
        }
        return bytes.get(start + name.length) == 0;
    }

    private int start(long offset) {
        if (offset < 0 || offset >= bytes.limit()) {
            throw new MalformedException(section, offset, "a name within its " + bytes.limit() + " bytes");
        }
        return (int) offset;
    }
}
