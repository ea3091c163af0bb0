package dev.sonde.elf;

import dev.sonde.bytes.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Gathers names out of string tables and gives them in the order of their bytes, each once. The bytes are an array, for that is read several times
 * quicker than a mapping in code that is not optimised yet.
 */
public final class SortedNames {
    /** More than the string tables of any real program have. */
    private static final int MOST_BYTES = 1 << 28;

    private byte[] text;
    private int used;
    private long[] spans = new long[1 << 10];
    private int count;
    private long length;

    SortedNames() {
        this(new byte[0]);
    }

    /** For names that stand in {@code text}, which is not copied. */
    public SortedNames(byte[] text) {
        this.text = text;
        this.used = text.length;
    }

    /** Takes a copy of a string table; where it begins in here. */
    int take(ByteBuffer table) {
        int start = grow(table.limit());
        table.get(0, text, start, table.limit());
        return start;
    }

    /** Makes room for bytes and a NUL; where they begin. */
    private int grow(int length) {
        int start = used;
        if (start + (long) length + 1 > MOST_BYTES) {
            throw new MalformedException("symbols", start, "string tables of at most " + MOST_BYTES + " bytes");
        }
        if (start + length + 1 > text.length) {
            text = Arrays.copyOf(text, Math.max(start + length + 1, Math.min(2 * start, start + (1 << 20))));
        }
        used = start + length + 1;
        return start;
    }

    /** Adds the NUL-terminated name at {@code start}, unless it is that of a part that a compiler has split off a function. */
    void add(int start) {
        int end = start;
        for (byte next = text[end]; next != 0; next = text[++end]) {
            if (next == '.' && isPart(end)) {
                return;
            }
        }
        add(start, end);
    }

    /** Whether {@code .part.} is at {@code at}; the NUL at the end of the text ends the comparison in time. */
    private boolean isPart(int at) {
        return text[at + 1] == 'p' && text[at + 2] == 'a' && text[at + 3] == 'r' && text[at + 4] == 't' && text[at + 5] == '.';
    }

    void add(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int start = grow(bytes.length);
        System.arraycopy(bytes, 0, text, start, bytes.length);
        add(start, start + bytes.length);
    }

    /** Adds the name from {@code start} to {@code end} of the text. */
    public void add(int start, int end) {
        length += end - start;
        if (count == NameSort.MOST || length > MOST_BYTES) {
            throw new MalformedException("symbols", start, "at most " + NameSort.MOST + " names of together " + MOST_BYTES + " bytes");
        }
        if (count == spans.length) {
            spans = Arrays.copyOf(spans, 2 * count);
        }
        spans[count++] = NameList.span(start, end);
    }

    /** All names, sorted. */
    public NameList sorted() {
        return new NameSort(text, Arrays.copyOf(spans, count)).sorted();
    }
}
