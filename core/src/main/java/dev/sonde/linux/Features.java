package dev.sonde.linux;

import dev.sonde.btf.Btf;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.Task;
import dev.sonde.target.Feature;
import java.io.File;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the running kernel can do, found out when it is first asked and then remembered.
 *
 * <p>A feature that every kernel of its version has is answered by the version, without a system call. A kernel below that version may have it all
 * the same, since distributions carry later code back, and some features depend on how a kernel was built or what it is allowed to do: those are
 * tried with {@link FeatureProbes}. A try that fails for lack of privilege counts as no.
 */
public final class Features {
    private static final byte YES = 1;
    private static final byte NO = 2;

    private final Kernel kernel;
    private final KernelVersion version;
    private final Supplier<Optional<Btf>> btf;
    private final byte[] known = new byte[Feature.values().length];
    private FeatureProbes probes;

    /**
     * @param release as uname(2) gives it
     * @param btf the kernel's types, asked only by features that need them
     */
    public Features(Kernel kernel, String release, Supplier<Optional<Btf>> btf) {
        this.kernel = kernel;
        this.version = KernelVersion.of(release);
        this.btf = btf;
    }

    /** Whether the kernel has {@code feature} and lets this process use it. */
    public synchronized boolean has(Feature feature) {
        byte answer = known[feature.ordinal()];
        if (answer == 0) {
            answer = find(feature) ? YES : NO;
            known[feature.ordinal()] = answer;
        }
        return answer == YES;
    }

    /** Whether the kernel is of version {@code release} or later. */
    public boolean isSince(String release) {
        return version.isSince(release);
    }

    /** Says from now on that the kernel lacks {@code feature}. */
    public synchronized void deny(Feature feature) {
        known[feature.ordinal()] = NO;
    }

    private boolean find(Feature feature) {
        boolean since = version.isSince(feature.since());
        return switch (feature) {
            case RING_BUFFER -> since || probes().createsMap(FeatureProbes.BPF_MAP_TYPE_RINGBUF, 0, 0, 4096, 0);
            case MMAPABLE_ARRAY -> since || probes().createsMap(FeatureProbes.BPF_MAP_TYPE_ARRAY, 4, 8, 1, FeatureProbes.BPF_F_MMAPABLE);
            case ATTACH_COOKIE -> since || probes().knowsHelper(FeatureProbes.BPF_PROG_TYPE_KPROBE, 174);
            case RAW_TRACEPOINT_COOKIE -> since || probes().knowsHelper(FeatureProbes.BPF_PROG_TYPE_RAW_TRACEPOINT, 174);
            case PERF_LINK -> since || probes().linksPerfEvents();
            case TASK_PT_REGS -> (since || probes().knowsHelper(FeatureProbes.BPF_PROG_TYPE_KPROBE, 175))
                    && new File("/sys/kernel/btf/vmlinux").exists();
            case FIND_VMA -> (since || probes().knowsHelper(FeatureProbes.BPF_PROG_TYPE_KPROBE, 180)) && new File("/sys/kernel/btf/vmlinux").exists();
            case BPF_LOOP -> since || probes().knowsHelper(FeatureProbes.BPF_PROG_TYPE_KPROBE, 181);
            case MAY_GOTO -> since || probes().loadsMayGoto();
            case LONG_KEYS -> since || probes().createsMap(FeatureProbes.BPF_MAP_TYPE_HASH, 1024, 8, 1, 0);
            case FOR_EACH_MAP_ELEMENT -> since || probes().knowsHelper(FeatureProbes.BPF_PROG_TYPE_KPROBE, 164);
            // Older kernels take such a map and warn, or deadlock when the allocator is traced: nothing to be seen in a try.
            case ATOMIC_HASH_ALLOCATION -> since;
            case MAP_LOOKUP_PERCPU -> since || probes().knowsHelper(FeatureProbes.BPF_PROG_TYPE_KPROBE, 195);
            case UPROBE_MULTI -> since || probes().linksUprobes(FeatureProbes.BPF_TRACE_UPROBE_MULTI);
            case UPROBE_SESSION -> since || probes().linksUprobes(FeatureProbes.BPF_TRACE_UPROBE_SESSION);
            case KPROBE -> new File("/sys/bus/event_source/devices/kprobe/type").exists();
            case KPROBE_MULTI -> probes().linksKprobes(FeatureProbes.BPF_TRACE_KPROBE_MULTI);
            // A try looks through all of the kernel's functions.
            case KPROBE_SESSION -> has(Feature.KPROBE_MULTI) && (since || probes().linksKprobes(FeatureProbes.BPF_TRACE_KPROBE_SESSION));
            case FENTRY -> since && btf.get().map(probes()::attachesFentry).orElse(false);
            case BTF_TRACEPOINT, ITERATOR -> since && new File("/sys/kernel/btf/vmlinux").exists();
            case HARDWARE_EVENTS -> probes().opensHardwareEvent();
            case PROBE_WRITE_USER -> probes().writesUserMemory();
            case OVERRIDE_RETURN -> probes().overridesReturn();
            case SIGNED_DIVISION -> since || probes().loadsSignedDivision();
        };
    }

    private FeatureProbes probes() {
        if (probes == null) {
            raiseLimit();
            probes = new FeatureProbes(kernel);
        }
        return probes;
    }

    /** Before 5.11 maps and programs count as locked memory, of which a process may have little. */
    private void raiseLimit() {
        try {
            if (!version.isSince("5.11")) {
                Task.raiseLimit(kernel, Task.RLIMIT_MEMLOCK);
            }
        } catch (KernelException e) {
            // The tries go on with what memory there is.
            assert e.number() > 0;
        }
    }
}
