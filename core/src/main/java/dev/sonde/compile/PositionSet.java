package dev.sonde.compile;

/** A set of positions in a function's code, as bits. */
final class PositionSet {
    private final long[] words;

    PositionSet(int positions) {
        words = new long[(positions >> 6) + 1];
    }

    /** Adds {@code from} up to but not {@code to}. */
    void add(int from, int to) {
        for (int word = from >> 6; word <= (to - 1) >> 6 && from < to; word++) {
            words[word] |= mask(word, from, to);
        }
    }

    /** Whether any of {@code from} up to but not {@code to} is in the set. */
    boolean meets(int from, int to) {
        for (int word = from >> 6; word <= (to - 1) >> 6 && from < to; word++) {
            if ((words[word] & mask(word, from, to)) != 0) {
                return true;
            }
        }
        return false;
    }

    private static long mask(int word, int from, int to) {
        long mask = -1;
        if (from >> 6 == word) {
            mask &= -1L << from;
        }
        if ((to - 1) >> 6 == word) {
            mask &= -1L >>> (63 - (to - 1 & 63));
        }
        return mask;
    }
}
