package dev.sonde.session;

import dev.sonde.spec.ProgramKind;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.RingBuffer;

/**
 * Measures how long a program takes: by the kernel's own run statistics (since 5.8), or by the time of the whole call where those are refused. What
 * an empty program takes, measured the same way, is subtracted.
 */
final class RunClock implements AutoCloseable {
    private static final long LONGEST = 100_000_000;
    private static final int MOST_RUNS = 100_000;
    /** After so many runs the ring buffer is emptied, so that a program that prints does not find it full. */
    private static final int BATCH = 16;
    /** {@code return 0}: {@code r0 = 0; exit}, as RFC 9669 encodes them. */
    private static final byte[] EMPTY = {(byte) 0xb7, 0, 0, 0, 0, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0};

    private final RingBuffer ring;
    private final Fd statistics;
    private final long overhead;

    RunClock(Kernel kernel, RingBuffer ring) {
        this.ring = ring;
        this.statistics = statistics(kernel);
        try (BpfProgram empty = BpfProgram.load(kernel, new Bpf.ProgLoad(ProgramKind.RAW_TRACEPOINT.number(), "empty", EMPTY, "GPL"))) {
            this.overhead = timed(empty).average;
        }
    }

    private static Fd statistics(Kernel kernel) {
        try {
            return BpfProgram.enableStats(kernel);
        } catch (KernelException e) {
            return null;
        }
    }

    /**
     * What was measured.
     *
     * @param average nanoseconds of one run
     * @param runs how many runs it is the average of
     */
    record Time(long average, long runs) {}

    /** The time of {@code program}. What it sends is dropped. */
    Time measure(BpfProgram program) {
        Time time = timed(program);
        return new Time(Math.max(0, time.average - overhead), time.runs);
    }

    private Time timed(BpfProgram program) {
        program.testRun(null, -1);
        BpfProgram.Info before = program.info();
        long start = System.nanoTime();
        long spent = 0;
        int runs = 0;
        while (runs < MOST_RUNS && spent < LONGEST) {
            for (int i = 0; i < BATCH; i++) {
                program.testRun(null, -1);
            }
            runs += BATCH;
            ring.poll((_, _, _) -> { });
            spent = System.nanoTime() - start;
        }
        BpfProgram.Info after = program.info();
        long counted = after.runCount() - before.runCount();
        return counted == 0 ? new Time(spent / runs, runs) : new Time((after.runTimeNs() - before.runTimeNs()) / counted, counted);
    }

    @Override
    public void close() {
        if (statistics != null) {
            statistics.close();
        }
    }
}
