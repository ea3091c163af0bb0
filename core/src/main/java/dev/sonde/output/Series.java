package dev.sonde.output;

import dev.sonde.types.Aggregation;
import dev.sonde.types.Clock;

/** A tseries as a graph or a list: one row for each interval from the first known to the last of the whole map. */
final class Series {
    private static final int GRAPH = 53;
    private static final int SCALE_LEFT = 21;
    private static final long MICROSECOND = 1000;
    private static final long MILLISECOND = 1_000_000;
    private static final long SECOND = 1_000_000_000;

    private final Aggregation.Tseries aggregation;
    private final Resolver resolver;
    private final long start;
    private final long[] values;
    private final boolean[] known;
    private long least;
    private long greatest;
    private boolean any;

    /** The series in {@code totals}; {@code lastEpoch} is that of the latest value in the map. */
    Series(Totals totals, long lastEpoch, Resolver resolver) {
        aggregation = (Aggregation.Tseries) totals.aggregation;
        this.resolver = resolver;
        long[] words = totals.words();
        long first = Math.max(1, lastEpoch - aggregation.buckets() + 1);
        start = firstKnown(words, first, lastEpoch);
        int rows = lastEpoch == 0 ? 0 : (int) (lastEpoch - start + 1);
        values = new long[rows];
        known = new boolean[rows];
        for (int i = 0; i < words.length; i += 3) {
            if (words[i] >= start && words[i] <= lastEpoch && words[i] != 0) {
                take((int) (words[i] - start), value(words, i));
            }
        }
    }

    /** The latest epoch in {@code totals}; 0 for none. */
    static long lastEpoch(Totals totals) {
        long last = 0;
        for (int i = 0; i < totals.words().length; i += 3) {
            last = Math.max(last, totals.words()[i]);
        }
        return last;
    }

    private static long firstKnown(long[] words, long from, long last) {
        long first = last;
        for (int i = 0; i < words.length; i += 3) {
            if (words[i] >= from) {
                first = Math.min(first, words[i]);
            }
        }
        return first;
    }

    private long value(long[] words, int at) {
        boolean average = aggregation.function() == Aggregation.Tseries.Function.AVG && words[at + 2] != 0;
        return average ? Totals.divide(words[at + 1], words[at + 2], aggregation.signed()) : words[at + 1];
    }

    private void take(int row, long value) {
        values[row] = value;
        known[row] = true;
        if (!any || Totals.compare(value, least, aggregation.signed()) < 0) {
            least = value;
        }
        if (!any || Totals.compare(value, greatest, aggregation.signed()) > 0) {
            greatest = value;
        }
        any = true;
    }

    private long time(int row) {
        return resolver.wallClock(Clock.TAI, (start + row) * aggregation.interval());
    }

    void json(TextBuffer out) {
        out.put('[');
        int before = out.length();
        for (int i = 0; i < values.length; i++) {
            if (known[i]) {
                out.put(out.length() == before ? "{\"interval_start\":\"" : ",{\"interval_start\":\"");
                TimeFormat.clock(out, "%Y-%m-%d %H:%M:%S", time(i));
                out.put('.').padded(Math.floorMod(time(i), SECOND), 9).put("\",\"value\":");
                AggregateText.number(out, values[i], aggregation.signed());
                out.put('}');
            }
        }
        out.put(']');
    }

    void text(TextBuffer out) {
        if (!any) {
            out.put("<no data>");
            return;
        }
        spread();
        long interval = values.length > 1 ? aggregation.interval() : 0;
        int digits = interval >= SECOND ? 0 : interval >= MILLISECOND ? 3 : interval >= MICROSECOND ? 6 : 9;
        String unit = digits == 0 ? "" : digits == 3 ? ".ms" : digits == 6 ? ".μs" : ".ns";
        int margin = 8 + (digits == 0 ? 0 : digits + 1) + 1;
        scale(out.fill(' ', margin));
        int header = out.length();
        out.put("hh:mm:ss").put(unit).pad(header, margin, true, ' ');
        out.put('|').fill('_', GRAPH - 2).put("|\n");
        for (int i = 0; i < values.length; i++) {
            row(out, i, digits);
        }
        out.fill(' ', margin).put('v').fill('_', GRAPH - 2).put("v\n");
        scale(out.fill(' ', margin));
    }

    /** A single value gets room on both sides. */
    private void spread() {
        if (least == greatest) {
            least -= least == (aggregation.signed() ? Long.MIN_VALUE : 0) ? 0 : 1;
            greatest += greatest == (aggregation.signed() ? Long.MAX_VALUE : -1) ? 0 : 1;
        }
    }

    private void scale(TextBuffer out) {
        int at = out.length();
        AggregateText.number(out, least, aggregation.signed());
        out.pad(at, SCALE_LEFT, true, ' ');
        int right = out.length();
        AggregateText.number(out, greatest, aggregation.signed());
        out.pad(right, GRAPH - SCALE_LEFT, false, ' ').put('\n');
    }

    private void row(TextBuffer out, int row, int digits) {
        TimeFormat.clock(out, "%H:%M:%S", time(row));
        if (digits > 0) {
            long fraction = Math.floorMod(time(row), SECOND);
            out.put('.').padded(digits == 3 ? fraction / MILLISECOND : digits == 6 ? fraction / MICROSECOND : fraction, digits);
        }
        out.put(' ');
        int line = out.length();
        out.put('|').fill(' ', GRAPH - 2).put('|');
        int zero = zeroColumn();
        if (zero > 0) {
            out.array()[line + zero] = '.';
        }
        if (known[row]) {
            out.array()[line + column(values[row])] = '*';
            AggregateText.number(out.put(' '), values[row], aggregation.signed());
        } else {
            out.put(" -");
        }
        out.put('\n');
    }

    private int zeroColumn() {
        boolean within = aggregation.signed() && least < 0 && greatest > 0;
        return within ? (int) ((float) GRAPH * (float) least / (float) (least - greatest)) : 0;
    }

    private int column(long value) {
        int column = (int) ((float) (GRAPH - 1) * (float) (least - value) / (float) (least - greatest));
        return Math.max(0, Math.min(GRAPH - 1, column));
    }
}
