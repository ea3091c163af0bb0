package dev.sonde.elf;

import java.util.Arrays;

/**
 * Sorts names by their bytes. C++ names share long beginnings, which a sort by comparison would read again and again. Here numbers are sorted: five
 * bytes of a name above its place in the list. Names that are equal in these are sorted by their next five, and so on.
 */
final class NameSort {
    /** More names than that cannot be told apart. */
    static final int MOST = 1 << 24;
    private static final int PLACE_BITS = 24;
    private static final int STEP = 5;
    /** Up to this many names are sorted by comparing them. */
    private static final int FEW = 12;

    private final byte[] text;
    private final long[] spans;
    private final long[] keys;
    /** Ranges that are still to be sorted: where each begins and ends, and up to where its names are equal. */
    private int[] ranges = new int[3 << 6];
    private int waiting;

    NameSort(byte[] text, long[] spans) {
        this.text = text;
        this.spans = spans;
        this.keys = new long[spans.length];
    }

    /** The names in order, each once. */
    NameList sorted() {
        for (int i = 0; i < keys.length; i++) {
            keys[i] = i;
        }
        for (await(0, keys.length, 0); waiting > 0;) {
            waiting -= 3;
            sort(ranges[waiting], ranges[waiting + 1], ranges[waiting + 2]);
        }
        long[] inOrder = new long[keys.length];
        for (int i = 0; i < keys.length; i++) {
            inOrder[i] = span(keys[i]);
        }
        return new NameList(text, inOrder).distinct();
    }

    /** Notes a range of names that are equal up to {@code depth}. What was noted last is sorted first: its bytes are still at hand. */
    private void await(int from, int to, int depth) {
        ranges = waiting == ranges.length ? Arrays.copyOf(ranges, 2 * waiting) : ranges;
        ranges[waiting++] = from;
        ranges[waiting++] = to;
        ranges[waiting++] = depth;
    }

    private void sort(int from, int to, int depth) {
        readKeys(from, to, depth);
        Arrays.sort(keys, from, to);
        for (int start = from, end; start < to; start = end) {
            end = endOfEqual(start, to);
            if (end - start > FEW && (keys[start] >> PLACE_BITS & 0xff) != 0) {
                await(start, end, depth + STEP);
            } else if (end - start > 1) {
                insert(start, end, depth + STEP);
            }
        }
    }

    private void readKeys(int from, int to, int depth) {
        for (int i = from; i < to; i++) {
            int place = place(keys[i]);
            long span = spans[place];
            // Signed numbers are to be in the order of bytes without sign.
            keys[i] = (bytes(NameList.start(span) + depth, NameList.end(span)) | place) ^ Long.MIN_VALUE;
        }
    }

    /** Five bytes, with 0 after the end of a name, at the top of a number. */
    private long bytes(int at, int end) {
        if (at + STEP <= end) {
            return (long) (text[at] << 24 | (text[at + 1] & 0xff) << 16 | (text[at + 2] & 0xff) << 8 | text[at + 3] & 0xff) << 32
                    | (text[at + 4] & 0xffL) << PLACE_BITS;
        }
        long bytes = 0;
        for (int shift = Long.SIZE - Byte.SIZE; at < end; shift -= Byte.SIZE) {
            bytes |= (text[at++] & 0xffL) << shift;
        }
        return bytes;
    }

    private static int place(long key) {
        return (int) key & MOST - 1;
    }

    private long span(long key) {
        return spans[place(key)];
    }

    private int endOfEqual(int from, int to) {
        long bytes = keys[from] >> PLACE_BITS;
        int next = from + 1;
        while (next < to && keys[next] >> PLACE_BITS == bytes) {
            next++;
        }
        return next;
    }

    private void insert(int from, int to, int depth) {
        for (int i = from + 1; i < to; i++) {
            long key = keys[i];
            int j = i;
            for (; j > from && compare(span(keys[j - 1]), span(key), depth) > 0; j--) {
                keys[j] = keys[j - 1];
            }
            keys[j] = key;
        }
    }

    private int compare(long a, long b, int depth) {
        return Arrays.compareUnsigned(text, from(a, depth), NameList.end(a), text, from(b, depth), NameList.end(b));
    }

    private static int from(long span, int depth) {
        return Math.min(NameList.start(span) + depth, NameList.end(span));
    }
}
