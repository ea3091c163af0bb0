package dev.sonde.output;

import dev.sonde.types.Aggregation;
import dev.sonde.types.Type;

/**
 * The order in which a map's entries are printed: integers, enums and aggregations by value, histograms by how many values they counted, all others
 * by key; entries of equal value by key.
 */
final class EntryOrder {
    private final MapContents contents;
    private final int count;
    private final long[] byValue;
    private final long[] byKey;
    private final KeyOrder keys;

    private EntryOrder(MapContents contents) {
        this.contents = contents;
        count = contents.count();
        keys = new KeyOrder(contents.view().key().orElseThrow(), contents.keys(), contents.keySize());
        byKey = keys.ranks(count);
        byValue = values();
    }

    /** Indices of all entries in order. */
    static int[] of(MapContents contents) {
        if (!contents.keyed()) {
            return contents.count() == 0 ? new int[0] : new int[1];
        }
        return new EntryOrder(contents).sorted();
    }

    private long[] values() {
        return switch (contents.view().value()) {
            case Type.Aggregate(Aggregation aggregation) -> aggregation instanceof Aggregation.Tseries ? null : totals(aggregation);
            case Type.Int(int size, boolean signed) -> integers(size, signed);
            case Type.Enumeration e -> integers(e.size(), e.signed());
            case Type.None _, Type.Void _, Type.Bool _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Array _, Type.Struct _, Type.Tuple _,
                    Type.Named _, Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _,
                    Type.Timestamp _, Type.Stack _, Type.SiteName _ -> null;
        };
    }

    private long[] totals(Aggregation aggregation) {
        var ranks = new long[count];
        var totals = new Totals(aggregation);
        long flip = aggregation.signed() ? 0 : Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            ranks[i] = contents.totals(i, totals).number() ^ flip;
        }
        return ranks;
    }

    private long[] integers(int size, boolean signed) {
        var ranks = new long[count];
        long flip = signed ? 0 : Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            ranks[i] = LittleEndian.integer(contents.value(i), 0, size, signed) ^ flip;
        }
        return ranks;
    }

    private int compare(int a, int b) {
        if (byValue != null && byValue[a] != byValue[b]) {
            return byValue[a] < byValue[b] ? -1 : 1;
        }
        if (byKey[a] != byKey[b]) {
            return byKey[a] < byKey[b] ? -1 : 1;
        }
        return keys.compareEqualRanks(a, b);
    }

    /** Merge sort from runs of one upwards: stable, and no object per entry. */
    private int[] sorted() {
        var from = new int[count];
        for (int i = 0; i < count; i++) {
            from[i] = i;
        }
        var to = new int[count];
        for (int run = 1; run < count; run *= 2) {
            for (int start = 0; start < count; start += 2 * run) {
                merge(from, to, start, Math.min(start + run, count), Math.min(start + 2 * run, count));
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private void merge(int[] from, int[] to, int start, int middle, int end) {
        int a = start;
        int b = middle;
        for (int i = start; i < end; i++) {
            boolean first = b >= end || a < middle && compare(from[a], from[b]) <= 0;
            to[i] = first ? from[a++] : from[b++];
        }
    }
}
