package dev.sonde.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The kernel's clocks (clock_gettime(2)); programs read the same ones with bpf_ktime_get_*_ns. */
public enum Clock {
    /** Seconds since 1970, as set; steps when it is set. */
    CLOCK_REALTIME(0),
    /** Since boot, without suspended time: bpf_ktime_get_ns. */
    CLOCK_MONOTONIC(1),
    /** Since boot, with suspended time: bpf_ktime_get_boot_ns. */
    CLOCK_BOOTTIME(7),
    /** International atomic time: bpf_ktime_get_tai_ns, since 6.1. */
    CLOCK_TAI(11);

    private final int number;

    Clock(int number) {
        this.number = number;
    }

    /** The time now, in nanoseconds. */
    public long nanos(Kernel kernel) {
        MemorySegment time = MemorySegment.ofArray(new long[2]);
        kernel.call(new Syscall.ClockGetTime(number, time));
        return time.get(ValueLayout.JAVA_LONG_UNALIGNED, 0) * 1_000_000_000 + time.get(ValueLayout.JAVA_LONG_UNALIGNED, 8);
    }
}
