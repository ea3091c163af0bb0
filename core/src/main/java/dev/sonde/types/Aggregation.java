package dev.sonde.types;

/**
 * The aggregations. The value in a map is per CPU: an array of 8-byte words whose use each variant states; words start as zero.
 */
public sealed interface Aggregation {
    /** One word: how many. */
    record Count() implements Aggregation {}

    /** One word: the sum. */
    record Sum(boolean signed) implements Aggregation {}

    /** Word 0: the least value; word 1: whether there was any. */
    record Min(boolean signed) implements Aggregation {}

    /** Word 0: the greatest value; word 1: whether there was any. */
    record Max(boolean signed) implements Aggregation {}

    /** Word 0: the sum; word 1: how many. */
    record Avg(boolean signed) implements Aggregation {}

    /** Word 0: the sum; word 1: how many. */
    record Stats(boolean signed) implements Aggregation {}

    /**
     * A histogram by powers of two, each divided in 2^{@code bits} linear parts. Word 0 counts values below 0, then one word each for the values 0 to
     * 2^bits-1, then 2^bits words for each power of two from 2^bits: {@link #bucketOf} is the definition.
     */
    record Hist(int bits) implements Aggregation {
        /** The index of the word that counts {@code value}. */
        public int bucketOf(long value) {
            if (value < 0) {
                return 0;
            }
            if (value < 1L << bits) {
                return (int) value + 1;
            }
            int power = 63 - Long.numberOfLeadingZeros(value);
            int part = (int) (value >>> (power - bits)) & ((1 << bits) - 1);
            return ((power - bits + 1) << bits) + part + 1;
        }

        /** The least value that bucket {@code index} (1 or more) counts. */
        public long lowerBound(int index) {
            int i = index - 1;
            if (i < 1 << bits) {
                return i;
            }
            int power = (i >> bits) - 1 + bits;
            long part = i & ((1 << bits) - 1);
            return (1L << power) + (part << (power - bits));
        }
    }

    /** A linear histogram: word 0 counts values below min, then one word a step, the last counts values of max and above. */
    record Lhist(long min, long max, long step) implements Aggregation {}

    /**
     * Aggregated values over time: a ring of {@code buckets} of {@code interval} nanoseconds each. Three words a bucket: the bucket's epoch
     * (time / interval), the value or sum, the count.
     */
    record Tseries(long interval, int buckets, Function function, boolean signed) implements Aggregation {
        /** How the values of one interval become one. */
        public enum Function {
            NONE, AVG, MAX, MIN, SUM
        }
    }

    /** How many 8-byte words the value has. */
    default int words() {
        return switch (this) {
            case Count _, Sum _ -> 1;
            case Min _, Max _, Avg _, Stats _ -> 2;
            case Hist(int bits) -> ((64 - bits) << bits) + 1;
            case Lhist(long min, long max, long step) -> (int) ((max - min) / step) + 2;
            case Tseries t -> 3 * t.buckets();
        };
    }

    /** Whether its values are signed. */
    default boolean signed() {
        return switch (this) {
            case Count _ -> true;
            case Sum(boolean s) -> s;
            case Min(boolean s) -> s;
            case Max(boolean s) -> s;
            case Avg(boolean s) -> s;
            case Stats(boolean s) -> s;
            case Hist _, Lhist _ -> true;
            case Tseries t -> t.signed();
        };
    }
}
