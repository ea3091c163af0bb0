package dev.sonde.link;

import dev.sonde.spec.AttachSpec;
import dev.sonde.sys.BpfLink;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Errno;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.PerfEvent;
import dev.sonde.sys.PerfEvent.Attr;
import java.io.File;

/** Probes that are attached through perf_event_open(2). Each method adds to {@code parts} what it opened. */
final class PerfProbes {
    private static final int PERF_TYPE_SOFTWARE = 1;
    private static final int PERF_COUNT_SW_CPU_CLOCK = 0;
    /** Flag: of an inherited event, threads of the process count and children do not. Since 5.13. */
    private static final long INHERIT_THREAD = 1L << 35;
    private static final long NANOSECONDS = 1_000_000_000;

    private final Kernel kernel;
    private volatile boolean links = true;
    private int[] cpus;
    private int uprobes = -1;
    private int kprobes = -1;

    PerfProbes(Kernel kernel) {
        this.kernel = kernel;
    }

    void tracepoint(BpfProgram program, AttachSpec.Tracepoint place, Parts parts) {
        bind(program, PerfEvent.open(kernel, Attr.tracepoint((int) place.id()), -1, firstCpu()), place.site(), parts);
    }

    void uprobe(BpfProgram program, AttachSpec.Uprobe place, Parts parts) {
        Attr attr = Attr.uprobe(uprobes(), place.path(), place.offset(), place.refCounter(), place.onReturn());
        bind(program, PerfEvent.open(kernel, attr, place.pid(), place.pid() < 0 ? firstCpu() : -1), place.site(), parts);
    }

    void kprobe(BpfProgram program, AttachSpec.Kprobe place, Parts parts) {
        boolean named = !place.function().isEmpty();
        Attr attr = Attr.kprobe(kprobes(), named ? place.function() : null, named ? place.offset() : place.address(), place.onReturn());
        bind(program, PerfEvent.open(kernel, attr, -1, firstCpu()), place.site(), parts);
    }

    void software(BpfProgram program, AttachSpec.Software place, Parts parts) {
        sampled(program, Attr.counter(PERF_TYPE_SOFTWARE, place.event(), place.period()), place.pid(), place.site(), parts);
    }

    void hardware(BpfProgram program, AttachSpec.Hardware place, Parts parts) {
        sampled(program, Attr.counter(place.type(), place.event(), place.period()), place.pid(), place.site(), parts);
    }

    void interval(BpfProgram program, AttachSpec.Interval place, Parts parts) {
        bind(program, PerfEvent.open(kernel, timer(place.nanoseconds(), place.hertz()), -1, firstCpu()), place.site(), parts);
    }

    void profile(BpfProgram program, AttachSpec.Profile place, Parts parts) {
        sampled(program, timer(place.nanoseconds(), place.hertz()), place.pid(), place.site(), parts);
    }

    /** The CPU clock is a high-resolution timer. Its frequency form is limited by a sysctl; the period form is the same timer without that. */
    private static Attr timer(long nanoseconds, long hertz) {
        return Attr.counter(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, hertz > 0 ? Math.max(1, NANOSECONDS / hertz) : nanoseconds);
    }

    void watchpoint(BpfProgram program, AttachSpec.Watchpoint place, Parts parts) {
        int access = 0;
        for (char mode : place.mode().toCharArray()) {
            access |= mode == 'r' ? 1 : mode == 'w' ? 2 : 4;
        }
        sampled(program, Attr.breakpoint(place.address(), place.length(), access), place.pid(), place.site(), parts);
    }

    /** On every CPU, or on every thread of {@code pid} and those it will start. */
    private void sampled(BpfProgram program, Attr attr, int pid, int site, Parts parts) {
        if (pid < 0) {
            for (int cpu : cpus()) {
                bind(program, PerfEvent.open(kernel, attr, -1, cpu), site, parts);
            }
            return;
        }
        KernelException gone = null;
        for (int thread : threads(pid)) {
            try {
                bind(program, ofThread(attr, thread), site, parts);
            } catch (KernelException e) {
                gone = unlessEnded(e);
            }
        }
        if (parts.attachments().isEmpty() && gone != null) {
            throw gone;
        }
    }

    /** A thread may end while its process is walked. */
    private static KernelException unlessEnded(KernelException e) {
        if (e.errno() != Errno.ESRCH) {
            throw e;
        }
        return e;
    }

    private PerfEvent ofThread(Attr attr, int thread) {
        try {
            return PerfEvent.open(kernel, attr.with(Attr.INHERIT | INHERIT_THREAD), thread, -1);
        } catch (KernelException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            return PerfEvent.open(kernel, attr.with(Attr.INHERIT), thread, -1);
        }
    }

    private static int[] threads(int pid) {
        String[] names = new File("/proc/" + pid + "/task").list();
        if (names == null) {
            return new int[] {pid};
        }
        int[] threads = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            threads[i] = Integer.parseInt(names[i]);
        }
        return threads;
    }

    /** Attaches to an event: by a link, which carries the cookie and is quick to close, or as before 5.15 for as long as the event is open. */
    private void bind(BpfProgram program, PerfEvent event, int site, Parts parts) {
        try {
            if (links && linked(program, event, site, parts)) {
                parts.events().add(event.fd());
                return;
            }
            event.attach(program);
            links = false;
        } catch (KernelException e) {
            event.close();
            throw e;
        }
        parts.attachments().add(event.fd());
    }

    private boolean linked(BpfProgram program, PerfEvent event, int site, Parts parts) {
        try {
            parts.attachments().add(BpfLink.open(kernel, new BpfLink.OnPerfEvent(program.fd().number(), event.fd().number(), site)).fd());
            return true;
        } catch (KernelException e) {
            // A kernel that has such links may give EINVAL as well; then the older way gives it again.
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            return false;
        }
    }

    private int firstCpu() {
        return cpus()[0];
    }

    private synchronized int[] cpus() {
        if (cpus == null) {
            cpus = PerfEvent.onlineCpus(kernel);
        }
        return cpus;
    }

    private synchronized int uprobes() {
        if (uprobes < 0) {
            uprobes = PerfEvent.sourceType(kernel, "uprobe");
        }
        return uprobes;
    }

    private synchronized int kprobes() {
        if (kprobes < 0) {
            kprobes = PerfEvent.sourceType(kernel, "kprobe");
        }
        return kprobes;
    }
}
