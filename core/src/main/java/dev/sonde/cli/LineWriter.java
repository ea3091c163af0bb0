package dev.sonde.cli;

import dev.sonde.elf.NameList;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Gathers lines for large writes. A reader that has closed its end is no error: there is nobody left to tell. */
final class LineWriter {
    private static final int CHUNK = 1 << 16;

    private final OutputStream out;
    private byte[] chunk = new byte[CHUNK];
    private int used;
    private boolean wrote;

    LineWriter(OutputStream out) {
        this.out = out;
    }

    /** Whether there was anything. */
    boolean wrote() {
        return wrote || used > 0;
    }

    LineWriter append(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        room(bytes.length);
        System.arraycopy(bytes, 0, chunk, used, bytes.length);
        used += bytes.length;
        return this;
    }

    void endLine() {
        room(1);
        chunk[used++] = '\n';
    }

    /** A line of {@code prefix} and name for each of {@code names}. */
    void lines(String prefix, NameList names) {
        byte[] start = prefix.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < names.size(); i++) {
            room(start.length + names.length(i) + 1);
            System.arraycopy(start, 0, chunk, used, start.length);
            used = names.copy(i, chunk, used + start.length);
            chunk[used++] = '\n';
        }
    }

    private void room(int length) {
        if (used + length > chunk.length) {
            flush();
            chunk = length > chunk.length ? new byte[length] : chunk;
        }
    }

    void flush() {
        wrote |= used > 0;
        try {
            out.write(chunk, 0, used);
        } catch (IOException e) {
            // As said above.
        }
        used = 0;
    }
}
