package dev.sonde.output;

import dev.sonde.types.Aggregation;

/** The buckets of a histogram that are shown: from the first that is not empty to the last. */
final class Histogram {
    private static final int BAR = 52;
    private static final int LABEL = 16;
    private static final int COUNT = 8;
    private static final String SUFFIXES = " KMGTPE";

    private final Aggregation aggregation;
    private final long[] counts;
    private final long divisor;
    private int first = 0;
    private int last = -1;

    Histogram(Totals totals, long divisor) {
        aggregation = totals.aggregation;
        counts = totals.words();
        this.divisor = aggregation instanceof Aggregation.Hist ? divisor : 1;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                first = last < 0 ? i : first;
                last = i;
            }
        }
    }

    private long count(int bucket) {
        return counts[bucket] / divisor;
    }

    private boolean openAbove(int bucket) {
        return aggregation instanceof Aggregation.Lhist && bucket == counts.length - 1;
    }

    /** The least value above bucket {@code bucket - 1}: where that bucket starts. 2^63 comes out as the negative number it wraps to. */
    private long bound(int bucket) {
        if (aggregation instanceof Aggregation.Lhist(long min, _, long step)) {
            return min + (bucket - 1) * step;
        }
        return ((Aggregation.Hist) aggregation).lowerBound(bucket);
    }

    void text(TextBuffer out) {
        long most = 0;
        for (int i = first; i <= last; i++) {
            most = Math.max(most, count(i));
        }
        for (int i = first; i <= last; i++) {
            row(out, i, most);
        }
    }

    private void row(TextBuffer out, int bucket, long most) {
        int start = out.length();
        label(out, bucket);
        out.pad(start, LABEL, true, ' ');
        int number = out.length();
        out.unsigned(count(bucket)).pad(number, COUNT, false, ' ').put(" |");
        int bar = (int) ((float) count(bucket) / (float) most * BAR);
        out.fill('@', bar).fill(' ', BAR - bar).put("|\n");
    }

    private void label(TextBuffer out, int bucket) {
        if (bucket == 0) {
            name(out.put("(..., "), 1);
            out.put(')');
            return;
        }
        name(out.put('['), bucket);
        if (openAbove(bucket)) {
            out.put(", ...");
        } else if (!single(bucket)) {
            name(out.put(", "), bucket + 1);
        }
        out.put(single(bucket) ? ']' : ')');
    }

    /** Whether the bucket counts one value and is labelled by it alone. */
    private boolean single(int bucket) {
        return switch (aggregation) {
            case Aggregation.Hist(int bits) -> bucket <= 2 << bits;
            case Aggregation.Lhist(_, _, long step) -> step == 1 && !openAbove(bucket);
            case Aggregation.Count _, Aggregation.Sum _, Aggregation.Min _, Aggregation.Max _, Aggregation.Avg _, Aggregation.Stats _,
                    Aggregation.Tseries _ -> false;
        };
    }

    private void name(TextBuffer out, int bucket) {
        if (aggregation instanceof Aggregation.Lhist(_, _, long step)) {
            linearName(out, bound(bucket), step);
            return;
        }
        int bits = ((Aggregation.Hist) aggregation).bits();
        int power = ((bucket - 1) >> bits) - 1;
        int decade = power < 0 ? 0 : power / 10;
        out.unsigned(bound(bucket) >>> 10 * decade);
        if (decade > 0) {
            out.put(SUFFIXES.charAt(decade));
        }
    }

    private static void linearName(TextBuffer out, long value, long step) {
        if (step % 1024 != 0 || value == 0 || value % 1024 != 0) {
            out.decimal(value);
        } else if (value % (1024 * 1024) == 0) {
            out.decimal(value / (1024 * 1024)).put('M');
        } else {
            out.decimal(value / 1024).put('K');
        }
    }

    /** A list of objects; a bucket's ends are inclusive, and an open end is left out. */
    void json(TextBuffer out) {
        out.put('[');
        for (int i = first; i <= last; i++) {
            out.put(i == first ? "{" : ",{");
            if (i > 0) {
                JsonText.integer(out.put("\"min\": "), bound(i), aggregation instanceof Aggregation.Lhist);
                out.put(", ");
            }
            if (!openAbove(i)) {
                JsonText.integer(out.put("\"max\": "), bound(i + 1) - 1, true);
                out.put(", ");
            }
            out.put("\"count\": ").unsigned(count(i)).put('}');
        }
        out.put(']');
    }
}
