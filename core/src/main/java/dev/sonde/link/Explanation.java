package dev.sonde.link;

import dev.sonde.link.Refusal.Reason;
import dev.sonde.spec.AttachSpec;
import dev.sonde.sys.Errno;
import dev.sonde.sys.KernelException;
import java.util.List;

/** Says why the kernel refused a probe, and what to do. */
final class Explanation {
    private Explanation() {}

    private record Advice(Reason reason, String... hints) {}

    /** The refusal of {@code place} that {@code e} means. */
    static Refusal of(AttachSpec place, KernelException e) {
        Advice own = own(place, e);
        Advice advice = own == null ? general(e) : own;
        return new Refusal(place, advice.reason(), "could not attach to " + name(place) + ": " + e.getMessage(), List.of(advice.hints()));
    }

    private static String name(AttachSpec place) {
        return switch (place) {
            case AttachSpec.Self _ -> "itself";
            case AttachSpec.Tracepoint t -> "tracepoint " + t.category() + ":" + t.event();
            case AttachSpec.RawTracepoint t -> "raw tracepoint " + t.event();
            case AttachSpec.Tracing t -> t.target();
            case AttachSpec.Uprobe u -> u.path() + " at " + offset(u.offset());
            case AttachSpec.UprobeMulti u -> u.path() + " at " + (u.offsets().size() == 1 ? offset(u.offsets().getFirst())
                    : u.offsets().size() + " places");
            case AttachSpec.Kprobe k -> k.function().isEmpty() ? "kernel address 0x" + Long.toHexString(k.address()) : function(k);
            case AttachSpec.KprobeMulti k -> k.functions().size() == 1 ? "kernel function " + k.functions().getFirst()
                    : k.functions().size() + " kernel functions";
            case AttachSpec.Software s -> "software event " + s.event();
            case AttachSpec.Hardware h -> "hardware event " + h.event();
            case AttachSpec.Interval _, AttachSpec.Profile _ -> "the CPU clock";
            case AttachSpec.Watchpoint w -> w.length() + " bytes at 0x" + Long.toHexString(w.address());
            case AttachSpec.Iterator i -> "iterator " + i.target() + (i.pin().isEmpty() ? "" : " at " + i.pin());
        };
    }

    private static String offset(long offset) {
        return "offset 0x" + Long.toHexString(offset);
    }

    private static String function(AttachSpec.Kprobe k) {
        return "kernel function " + k.function() + (k.offset() == 0 ? "" : "+" + k.offset());
    }

    /** What an error means for one kind of place; null when it means there what it means everywhere. */
    private static Advice own(AttachSpec place, KernelException e) {
        Errno errno = e.errno();
        return switch (place) {
            case AttachSpec.Tracepoint _ -> tracepoint(errno);
            case AttachSpec.RawTracepoint _ -> tracepoint(errno);
            case AttachSpec.Tracing _ -> tracing(errno);
            case AttachSpec.Uprobe u -> uprobe(e, u.refCounter() != 0, u.pid());
            case AttachSpec.UprobeMulti u -> uprobe(e, u.refCounters().stream().anyMatch(c -> c != 0), u.pid());
            case AttachSpec.Kprobe _, AttachSpec.KprobeMulti _ -> kprobe(e);
            case AttachSpec.Software s -> event(errno, s.pid());
            case AttachSpec.Hardware h -> event(errno, h.pid());
            case AttachSpec.Profile p -> event(errno, p.pid());
            case AttachSpec.Watchpoint w -> watchpoint(errno, w.pid());
            case AttachSpec.Iterator i -> i.pin().isEmpty() ? iterator(errno) : pin(e, i.pin());
            case AttachSpec.Self _, AttachSpec.Interval _ -> null;
        };
    }

    private static Advice tracepoint(Errno errno) {
        return switch (errno) {
            case ENOENT, ENODEV, EINVAL -> new Advice(Reason.NOT_THERE, "a tracepoint of a module is there only while the module is loaded");
            case EEXIST -> new Advice(Reason.OTHER, "the same program is attached to it already; name the tracepoint once");
            case E2BIG, EBUSY -> new Advice(Reason.LIMIT, "more programs are attached to it than the kernel allows");
            default -> null;
        };
    }

    private static Advice tracing(Errno errno) {
        return switch (errno) {
            case ENOENT, EINVAL -> new Advice(Reason.NOT_THERE, "this kernel does not trace the function; see available_filter_functions in tracefs");
            case EBUSY -> new Advice(Reason.LIMIT, "another tracer changes this function in a way that excludes others");
            case E2BIG -> new Advice(Reason.LIMIT, "the kernel takes at most 38 programs a function");
            case EOPNOTSUPP, ENOTSUPP -> new Advice(Reason.NOT_SUPPORTED, "arm64 machines have this since kernel 6.0; use kprobe");
            default -> null;
        };
    }

    private static Advice uprobe(KernelException e, boolean counted, int pid) {
        return switch (e.errno()) {
            case ENOENT -> isOpen(e)
                    ? new Advice(Reason.NOT_SUPPORTED, "this kernel has no user probes (CONFIG_UPROBE_EVENTS)")
                    : new Advice(Reason.NOT_THERE, "the file was removed or replaced after the script was compiled; run it again");
            case ESRCH -> ended(pid);
            case EINVAL, EILSEQ, ENOEXEC, ENOTSUPP, EOPNOTSUPP -> new Advice(Reason.NOT_PROBEABLE, counted
                    ? "the offset is not that of the first byte of an instruction, or the semaphore has another offset than before"
                    : "the offset is beyond the file, or not that of the first byte of an instruction that can be probed");
            case EIO -> new Advice(Reason.NOT_PROBEABLE, "user probes need a file on a file system that maps pages; copy it to a disk");
            case EISDIR, EBADF -> new Advice(Reason.NOT_THERE, "user probes need a regular file");
            case EBUSY -> new Advice(Reason.LIMIT, "the probe exists already with another semaphore");
            default -> null;
        };
    }

    private static Advice kprobe(KernelException e) {
        return switch (e.errno()) {
            case ENOENT, ESRCH -> isOpen(e) ? noKprobes() : new Advice(Reason.NOT_THERE, "the kernel has no such function; see /proc/kallsyms");
            case EOPNOTSUPP, ENOTSUPP -> noKprobes();
            case EINVAL -> new Advice(Reason.NOT_PROBEABLE, "the kernel does not let this function be probed; see blacklist in debugfs kprobes/");
            case EADDRNOTAVAIL -> new Advice(Reason.NOT_PROBEABLE, "several functions have that name; name one by its module or its address");
            case EILSEQ -> new Advice(Reason.NOT_PROBEABLE, "the offset is not that of the first byte of an instruction");
            default -> null;
        };
    }

    private static Advice noKprobes() {
        return new Advice(Reason.NOT_SUPPORTED, "this kernel is built without kernel probes; tracepoint, rawtracepoint and fentry may be there");
    }

    private static Advice event(Errno errno, int pid) {
        return switch (errno) {
            case ENOENT, EOPNOTSUPP, ENODEV, EINVAL ->
                new Advice(Reason.NOT_SUPPORTED, "this machine does not count that event; virtual machines often lack a PMU");
            case ESRCH -> ended(pid);
            case EBUSY, ENOSPC -> new Advice(Reason.LIMIT, "all counters of the CPU are in use");
            default -> null;
        };
    }

    private static Advice watchpoint(Errno errno, int pid) {
        return switch (errno) {
            case ENOSPC, EBUSY -> new Advice(Reason.LIMIT, "all breakpoint registers of the CPU are in use; x86 has four");
            case EINVAL -> new Advice(Reason.NOT_PROBEABLE, "the address must be a multiple of the length, which is 1, 2, 4 or 8; x needs length 8");
            case ENODEV, EOPNOTSUPP -> new Advice(Reason.NOT_SUPPORTED, "this machine has no hardware breakpoints of that kind");
            case ESRCH -> ended(pid);
            default -> null;
        };
    }

    private static Advice iterator(Errno errno) {
        return errno == Errno.ENOENT ? new Advice(Reason.NOT_SUPPORTED, "this kernel has no such iterator") : null;
    }

    /** Outside of a BPF file system the kernel says EPERM, whoever asks. */
    private static Advice pin(KernelException e, String path) {
        if (!e.getMessage().contains("BPF_OBJ_PIN")) {
            return iterator(e.errno());
        }
        return switch (e.errno()) {
            case EPERM, EINVAL, ENOENT -> new Advice(Reason.NOT_THERE,
                    "there is no BPF file system, or no such directory in it: mount -t bpf bpf /sys/fs/bpf");
            case EEXIST -> new Advice(Reason.OTHER, "the name is taken, perhaps since a trace was killed: rm " + path);
            default -> null;
        };
    }

    private static Advice ended(int pid) {
        return new Advice(Reason.NOT_THERE, "process " + pid + " has ended");
    }

    /** Whether it was the description of the event source that was not there. */
    private static boolean isOpen(KernelException e) {
        return e.getMessage().startsWith("openat");
    }

    private static Advice general(KernelException e) {
        return switch (e.errno()) {
            case EPERM, EACCES -> new Advice(Reason.NOT_PERMITTED, Permission.hint());
            case EMFILE, ENFILE -> new Advice(Reason.LIMIT, "raise the limit on open files (ulimit -n)");
            case ENOMEM -> new Advice(Reason.LIMIT, "the kernel has no memory for it");
            case ENOSYS -> new Advice(Reason.NOT_SUPPORTED, "this kernel does not have the call");
            default -> new Advice(Reason.OTHER);
        };
    }
}
