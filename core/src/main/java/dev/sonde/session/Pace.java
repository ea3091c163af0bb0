package dev.sonde.session;

import java.util.concurrent.locks.LockSupport;

/**
 * How often a session looks for records. Seldom ones are handled when the kernel tells of them. When they come often, it is cheaper for everybody to
 * let some gather: the kernel tells of a record only when all before it have been taken, and telling costs the probed process more than the record.
 */
final class Pace {
    /** Long enough for hundreds of records to come, too short for anybody to notice. */
    private static final long NAP = 500_000;
    /** Of the ring; a nap during which more may come would risk losses. */
    private static final int SAFE_PART = 16;

    private final long safeBytes;
    private boolean often;
    private long woken;
    private long position;

    Pace(long ringSize) {
        safeBytes = ringSize / SAFE_PART;
    }

    /**
     * After records were taken: returns whether to wait for the kernel. If not, this has let some time pass where that is safe.
     *
     * @param taken how many records
     * @param consumed the ring's consumer position
     */
    boolean waits(int taken, long consumed) {
        long bytes = consumed - position;
        position = consumed;
        often = taken > 1 && (often || System.nanoTime() - woken < NAP);
        if (often && bytes < safeBytes) {
            LockSupport.parkNanos(NAP);
        }
        return !often;
    }

    /** The kernel has told of a record. */
    void woken() {
        long now = System.nanoTime();
        often = now - woken < NAP;
        woken = now;
    }
}
