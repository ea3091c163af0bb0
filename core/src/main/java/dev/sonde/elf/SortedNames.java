package dev.sonde.elf;

import dev.sonde.bytes.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/**
 * Gathers names out of string tables and gives them in the order of their bytes, each once.
 *
 * <p>C++ names share long beginnings, which a sort by comparison would read again and again. This one sorts by one byte at a time and divides in
 * three: less, the same, more (multikey quicksort, Bentley and Sedgewick 1997). It works on a copy of the tables, for an array is read several
 * times quicker than a mapping in code that is not optimised yet, and makes a string of a name only when that is asked for.
 */
final class SortedNames {
    /** Below this size insertion is quicker. */
    private static final int FEW = 8;
    /** More than the string tables of any real program have. */
    private static final int MOST_BYTES = 1 << 28;

    private byte[] text = new byte[0];
    private int[] starts = new int[1 << 10];
    private int used;
    private int count;

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
            text = Arrays.copyOf(text, Math.max(start + length + 1, start == 0 ? 0 : 2 * start));
        }
        used = start + length + 1;
        return start;
    }

    /** Adds the NUL-terminated name at {@code start}, unless it is that of a part that a compiler has split off a function. */
    void add(int start) {
        int end = start;
        for (; text[end] != 0; end++) {
            if (text[end] == '.' && isPart(end)) {
                return;
            }
        }
        put(start);
    }

    /** Whether {@code .part.} is at {@code at}; the NUL at the end of the text ends the comparison in time. */
    private boolean isPart(int at) {
        return text[at + 1] == 'p' && text[at + 2] == 'a' && text[at + 3] == 'r' && text[at + 4] == 't' && text[at + 5] == '.';
    }

    void add(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        int start = grow(bytes.length);
        System.arraycopy(bytes, 0, text, start, bytes.length);
        put(start);
    }

    private void put(int start) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
        }
        starts[count++] = start;
    }

    /** All names, sorted; a name becomes a string each time it is got. */
    List<String> sorted() {
        sort(0, count, 0);
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (distinct == 0 || compare(starts[distinct - 1], starts[i]) != 0) {
                starts[distinct++] = starts[i];
            }
        }
        return new Names(text, starts, distinct);
    }

    private static final class Names extends AbstractList<String> {
        private final byte[] text;
        private final int[] starts;
        private final int size;

        Names(byte[] text, int[] starts, int size) {
            this.text = text;
            this.starts = starts;
            this.size = size;
        }

        @Override
        public String get(int i) {
            int end = starts[i];
            while (text[end] != 0) {
                end++;
            }
            return new String(text, starts[i], end - starts[i], StandardCharsets.UTF_8);
        }

        @Override
        public int size() {
            return size;
        }
    }

    private void sort(int from, int to, int depth) {
        int low = from;
        int high = to;
        int at = depth;
        while (high - low > FEW) {
            int middle = key(low + high >>> 1, at);
            int less = low;
            int more = high;
            for (int i = low; i < more;) {
                int key = key(i, at);
                if (key < middle) {
                    swap(less++, i++);
                } else if (key > middle) {
                    swap(i, --more);
                } else {
                    i++;
                }
            }
            sort(low, less, at);
            sort(more, high, at);
            if (middle == 0) {
                return;
            }
            low = less;
            high = more;
            at++;
        }
        insert(low, high);
    }

    private int key(int i, int depth) {
        return text[starts[i] + depth] & 0xff;
    }

    private void swap(int i, int j) {
        int start = starts[i];
        starts[i] = starts[j];
        starts[j] = start;
    }

    private void insert(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            for (int j = i; j > from && compare(starts[j - 1], starts[j]) > 0; j--) {
                swap(j - 1, j);
            }
        }
    }

    private int compare(int a, int b) {
        int i = 0;
        while (text[a + i] == text[b + i] && text[a + i] != 0) {
            i++;
        }
        return (text[a + i] & 0xff) - (text[b + i] & 0xff);
    }
}
