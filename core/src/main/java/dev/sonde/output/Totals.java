package dev.sonde.output;

import dev.sonde.types.Aggregation;
import java.util.Arrays;

/** One aggregation, merged from the words of all CPUs. Made once a map and filled for each key. */
final class Totals {
    final Aggregation aggregation;
    private final long[] words;

    Totals(Aggregation aggregation) {
        this.aggregation = aggregation;
        words = new long[aggregation.words()];
    }

    /** An aggregation of which {@code b} holds one CPU's words. */
    static Totals of(Aggregation aggregation, byte[] b, int at) {
        var block = new long[aggregation.words()];
        for (int i = 0; i < block.length; i++) {
            block[i] = LittleEndian.int64(b, at + 8 * i);
        }
        return new Totals(aggregation).merge(block, 0, block.length, 1);
    }

    /** Takes the words of {@code cpus} CPUs, whose words start {@code stride} words apart from {@code first} on. */
    Totals merge(long[] block, int first, int stride, int cpus) {
        Arrays.fill(words, 0);
        for (int cpu = 0; cpu < cpus; cpu++) {
            add(block, first + cpu * stride);
        }
        return this;
    }

    private void add(long[] block, int at) {
        switch (aggregation) {
            case Aggregation.Min(boolean signed) -> extreme(block, at, signed, -1);
            case Aggregation.Max(boolean signed) -> extreme(block, at, signed, 1);
            case Aggregation.Count _, Aggregation.Sum _, Aggregation.Avg _, Aggregation.Stats _, Aggregation.Hist _, Aggregation.Lhist _ -> {
                for (int i = 0; i < words.length; i++) {
                    words[i] += block[at + i];
                }
            }
            case Aggregation.Tseries t -> series(t, block, at);
        }
    }

    private void extreme(long[] block, int at, boolean signed, int direction) {
        if (block[at + 1] != 0 && (words[1] == 0 || compare(block[at], words[0], signed) * direction > 0)) {
            words[0] = block[at];
            words[1] = 1;
        }
    }

    /** In each place of the ring the later epoch wins; within one epoch the CPUs' values are put together. */
    private void series(Aggregation.Tseries t, long[] block, int at) {
        for (int i = 0; i < words.length; i += 3) {
            long epoch = block[at + i];
            if (epoch == 0 || epoch < words[i]) {
                continue;
            }
            if (epoch > words[i]) {
                System.arraycopy(block, at + i, words, i, 3);
            } else {
                combine(t, i, block[at + i + 1], block[at + i + 2]);
            }
        }
    }

    private void combine(Aggregation.Tseries t, int i, long value, long count) {
        switch (t.function()) {
            case NONE -> {
                if (count > words[i + 2]) {
                    words[i + 1] = value;
                    words[i + 2] = count;
                }
            }
            case MAX -> words[i + 1] = compare(value, words[i + 1], t.signed()) > 0 ? value : words[i + 1];
            case MIN -> words[i + 1] = compare(value, words[i + 1], t.signed()) < 0 ? value : words[i + 1];
            case AVG, SUM -> {
                words[i + 1] += value;
                words[i + 2] += count;
            }
        }
    }

    static int compare(long a, long b, boolean signed) {
        return signed ? Long.compare(a, b) : Long.compareUnsigned(a, b);
    }

    static long divide(long a, long b, boolean signed) {
        return signed ? a / b : Long.divideUnsigned(a, b);
    }

    long[] words() {
        return words;
    }

    /** The number that the aggregation is shown as and ordered by; for a histogram how many values it has counted. */
    long number() {
        return switch (aggregation) {
            case Aggregation.Count _, Aggregation.Sum _, Aggregation.Min _, Aggregation.Max _ -> words[0];
            case Aggregation.Avg(boolean signed) -> words[1] == 0 ? 0 : divide(words[0], words[1], signed);
            case Aggregation.Stats(boolean signed) -> words[1] == 0 ? 0 : divide(words[0], words[1], signed);
            case Aggregation.Hist _, Aggregation.Lhist _ -> {
                long sum = 0;
                for (long word : words) {
                    sum += word;
                }
                yield sum;
            }
            case Aggregation.Tseries _ -> 0;
        };
    }
}
