package dev.sonde.fuzz;

/** How often each edge of the instrumented code was taken since the last {@link #take}. */
public final class Edges {
    /** One counter an edge, which wraps; the instrumented classes add to it. */
    public static final byte[] COUNTS = new byte[1 << 17];

    private static int edges;

    private final byte[] seen = new byte[COUNTS.length];
    private int reached;

    /** The number of the next edge. */
    static int next() {
        return edges++ % COUNTS.length;
    }

    static int known() {
        return edges;
    }

    /** How many edges were ever taken. */
    int reached() {
        return reached;
    }

    /** Whether an edge was taken for the first time, or for the first time this often; the counters are zero afterwards. */
    boolean take() {
        boolean fresh = false;
        for (int i = 0; i < COUNTS.length; i++) {
            if (COUNTS[i] != 0) {
                int bucket = bucket(COUNTS[i] & 0xff);
                reached += seen[i] == 0 ? 1 : 0;
                fresh |= (seen[i] & bucket) == 0;
                seen[i] |= (byte) bucket;
                COUNTS[i] = 0;
            }
        }
        return fresh;
    }

    private static int bucket(int count) {
        return count < 4 ? 1 << count - 1 : count < 8 ? 8 : count < 16 ? 16 : count < 32 ? 32 : count < 128 ? 64 : 128;
    }
}
