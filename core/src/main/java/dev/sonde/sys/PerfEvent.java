package dev.sonde.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An event of perf_event_open(2): a tracepoint, uprobe, timer, counter or hardware breakpoint that a program can be attached to. */
public final class PerfEvent implements AutoCloseable {
    private static final long PERF_FLAG_FD_CLOEXEC = 8;

    private final Kernel kernel;
    private final Fd fd;

    private PerfEvent(Kernel kernel, Fd fd) {
        this.kernel = kernel;
        this.fd = fd;
    }

    /**
     * Opens an event for a process (-1 for all) on a CPU (-1 for all, but not both). A tracepoint or uprobe for all processes hits on every CPU
     * once a program is attached, whichever CPU is named here; all other events hit on theirs only.
     */
    public static PerfEvent open(Kernel kernel, Attr attr, int pid, int cpu) {
        return new PerfEvent(kernel, Fd.from(kernel, new Syscall.PerfEventOpen(attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC)));
    }

    /** The number of a kernel event source such as {@code uprobe} or {@code kprobe} (since 4.17), for {@link Attr#uprobe}. */
    public static int sourceType(Kernel kernel, String source) {
        return PseudoFile.number(kernel, "/sys/bus/event_source/devices/" + source + "/type");
    }

    /** The CPUs that are running now, which events per CPU are opened on. */
    public static int[] onlineCpus(Kernel kernel) {
        return PseudoFile.cpus(kernel, "/sys/devices/system/cpu/online");
    }

    /** The event's descriptor, owned by this object. A link made on it keeps the event alive when this is closed. */
    public Fd fd() {
        return fd;
    }

    /** Starts an event that was opened disabled. A program on a tracepoint or uprobe does not care: it runs from attaching to closing. */
    public void enable() {
        kernel.call(new Syscall.Ioctl(fd.number(), Syscall.Request.PERF_EVENT_IOC_ENABLE, 0));
    }

    /** Stops the event. */
    public void disable() {
        kernel.call(new Syscall.Ioctl(fd.number(), Syscall.Request.PERF_EVENT_IOC_DISABLE, 0));
    }

    /** Attaches a program for as long as the event is open: the way before 5.15, without a cookie. */
    public void attach(BpfProgram program) {
        kernel.call(new Syscall.Ioctl(fd.number(), Syscall.Request.PERF_EVENT_IOC_SET_BPF, program.fd().number()));
    }

    /** Filters a tracepoint in the language of Documentation/trace/events.rst. */
    public void filter(String expression) {
        kernel.call(new Syscall.IoctlText(fd.number(), Syscall.Request.PERF_EVENT_IOC_SET_FILTER, expression));
    }

    /** The event's counter. */
    public long count() {
        MemorySegment value = MemorySegment.ofArray(new byte[8]);
        fd.read(value);
        return value.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    @Override
    public void close() {
        fd.close();
    }

    /**
     * struct perf_event_attr (linux/perf_event.h) as far as Sonde fills it.
     *
     * @param type PERF_TYPE_*, or the number of an event source
     * @param config which event of that type
     * @param period events between two hits, or hits a second if {@code frequency}
     * @param flags the bit field at offset 40; {@code frequency} is added to it
     * @param breakpointType HW_BREAKPOINT_R 1, W 2, RW 3, X 4; else 0
     * @param path text behind config1 (uprobe_path, kprobe_func), null if there is none
     * @param config1 bp_addr or config1, when {@code path} is null
     * @param config2 bp_len, probe_offset or config2
     */
    public record Attr(int type, long config, long period, boolean frequency, long flags, int sampleType, int wakeupEvents,
            int breakpointType, String path, long config1, long config2) {
        /** Flag: opened stopped. */
        public static final long DISABLED = 1;
        /** Flag: children of the process count too. */
        public static final long INHERIT = 1 << 1;
        /** Flag: user code does not count. */
        public static final long EXCLUDE_USER = 1 << 4;
        /** Flag: kernel code does not count. */
        public static final long EXCLUDE_KERNEL = 1 << 5;
        /** Flag: the hypervisor does not count. */
        public static final long EXCLUDE_HV = 1 << 6;

        static final int PERF_TYPE_SOFTWARE = 1;
        static final int PERF_SAMPLE_RAW = 1 << 10;
        private static final int PERF_TYPE_TRACEPOINT = 2;
        private static final int PERF_TYPE_BREAKPOINT = 5;
        /** PERF_ATTR_SIZE_VER5, of 4.1. */
        private static final int SIZE = 112;
        private static final long FREQ = 1 << 10;

        /** The tracepoint with this id (from tracefs). */
        public static Attr tracepoint(int id) {
            return event(PERF_TYPE_TRACEPOINT, id, 1, false);
        }

        /** Any event that is told by type and number, such as PERF_TYPE_SOFTWARE (1) and PERF_COUNT_SW_*; a hit each {@code period} events. */
        public static Attr counter(int type, long config, long period) {
            return event(type, config, period, false);
        }

        /** The same with {@code hertz} hits a second. */
        public static Attr sampled(int type, long config, long hertz) {
            return event(type, config, hertz, true);
        }

        /** A hardware breakpoint on {@code length} (1, 2, 4 or 8) bytes at {@code address}; {@code access} as {@link #breakpointType}. */
        public static Attr breakpoint(long address, int length, int access) {
            return new Attr(PERF_TYPE_BREAKPOINT, 0, 1, false, 0, 0, 0, access, null, address, length);
        }

        /** A function's entry or return by file offset; {@code source} is {@link #sourceType} of uprobe, {@code refCtrOffset} 0 for none. */
        public static Attr uprobe(int source, String path, long offset, long refCtrOffset, boolean isReturn) {
            return new Attr(source, refCtrOffset << 32 | (isReturn ? 1 : 0), 1, false, 0, 0, 0, 0, path, 0, offset);
        }

        /** A kernel function's entry or return, or an instruction {@code offset} bytes into it (an address if the name is null). */
        public static Attr kprobe(int source, String function, long offset, boolean isReturn) {
            return new Attr(source, isReturn ? 1 : 0, 1, false, 0, 0, 0, 0, function, 0, offset);
        }

        private static Attr event(int type, long config, long period, boolean frequency) {
            return new Attr(type, config, period, frequency, 0, 0, 0, 0, null, 0, 0);
        }

        /** The same with more flags. */
        public Attr with(long more) {
            return new Attr(type, config, period, frequency, flags | more, sampleType, wakeupEvents, breakpointType, path, config1, config2);
        }

        void write(Arguments to) {
            to.structure("attr", SIZE);
            to.u32(0, "type", type);
            to.u32(4, "size", SIZE);
            to.u64(8, "config", config);
            to.u64(16, frequency ? "sample_freq" : "sample_period", period);
            to.u64(24, "sample_type", sampleType);
            to.u64(40, "flags", frequency ? flags | FREQ : flags);
            to.u32(48, "wakeup_events", wakeupEvents);
            to.u32(52, "bp_type", breakpointType);
            if (path == null) {
                to.u64(56, "config1", config1);
            } else {
                to.text(56, "config1", path);
            }
            to.u64(64, "config2", config2);
        }
    }
}
