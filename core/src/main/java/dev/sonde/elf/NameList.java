package dev.sonde.elf;

import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;

/** Names in an order, as the bytes that they were read as: a name becomes a string each time it is got, and can be printed without that. */
public final class NameList extends AbstractList<String> implements RandomAccess {
    private final byte[] text;
    /** Where each name begins in the text, in the upper half, and where it ends. */
    private final long[] spans;

    NameList(byte[] text, long[] spans) {
        this.text = text;
        this.spans = spans;
    }

    /** The names of lists over the same bytes, one list after the other. */
    public static NameList concat(List<NameList> lists) {
        byte[] text = lists.isEmpty() ? new byte[0] : lists.getFirst().text;
        int size = 0;
        for (NameList list : lists) {
            if (list.text != text) {
                throw new IllegalArgumentException("lists over other bytes");
            }
            size += list.spans.length;
        }
        long[] spans = new long[size];
        int at = 0;
        for (NameList list : lists) {
            System.arraycopy(list.spans, 0, spans, at, list.spans.length);
            at += list.spans.length;
        }
        return new NameList(text, spans);
    }

    static long span(int start, int end) {
        return (long) start << 32 | end;
    }

    static int start(long span) {
        return (int) (span >> 32);
    }

    static int end(long span) {
        return (int) span;
    }

    /** Number of bytes of name {@code i}. */
    public int length(int i) {
        return end(spans[i]) - start(spans[i]);
    }

    /** Copies the bytes of name {@code i} to {@code to} from {@code at} on; where they end there. */
    public int copy(int i, byte[] to, int at) {
        int length = length(i);
        System.arraycopy(text, start(spans[i]), to, at, length);
        return at + length;
    }

    @Override
    public String get(int i) {
        return new String(text, start(spans[i]), length(i), StandardCharsets.UTF_8);
    }

    @Override
    public int size() {
        return spans.length;
    }

    /** The same without names that are equal to the one before. */
    NameList distinct() {
        int count = 0;
        for (long span : spans) {
            if (count == 0 || !equal(spans[count - 1], span)) {
                spans[count++] = span;
            }
        }
        return new NameList(text, count == spans.length ? spans : Arrays.copyOf(spans, count));
    }

    private boolean equal(long a, long b) {
        return Arrays.equals(text, start(a), end(a), text, start(b), end(b));
    }
}
