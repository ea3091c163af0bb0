package dev.sonde.linux;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfKind;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfLink;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Errno;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.PerfEvent;
import dev.sonde.sys.Syscall;
import java.util.OptionalInt;

/** Finds out what a kernel can do by letting it do it, on things of no consequence that are closed at once. Numbers are those of linux/bpf.h. */
final class FeatureProbes {
    static final int BPF_MAP_TYPE_HASH = 1;
    static final int BPF_MAP_TYPE_ARRAY = 2;
    static final int BPF_MAP_TYPE_RINGBUF = 27;
    static final int BPF_F_MMAPABLE = 1 << 10;
    static final int BPF_PROG_TYPE_KPROBE = 2;
    static final int BPF_PROG_TYPE_RAW_TRACEPOINT = 17;
    static final int BPF_TRACE_KPROBE_MULTI = 42;
    static final int BPF_TRACE_UPROBE_MULTI = 48;
    static final int BPF_TRACE_KPROBE_SESSION = 56;
    static final int BPF_TRACE_UPROBE_SESSION = 57;
    private static final int BPF_PROG_TYPE_TRACING = 26;
    private static final int BPF_TRACE_FENTRY = 24;
    private static final int BPF_FUNC_PROBE_WRITE_USER = 36;
    private static final int BPF_FUNC_OVERRIDE_RETURN = 58;
    private static final int PERF_FLAG_FD_CLOEXEC = 8;
    /** A function that is in every kernel with BPF and does nothing; it is there for its tests. */
    private static final String TEST_FUNCTION = "bpf_fentry_test1";
    private static final String NO_SUCH_FUNCTION = "sonde_no_such_function";

    private final Kernel kernel;

    FeatureProbes(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Makes the call and closes what it opened; the result, or the negated error number. */
    private long attempt(Syscall call) {
        long result = kernel.invoke(call);
        if (result >= 0) {
            new Fd(kernel, (int) result).close();
        }
        return result;
    }

    boolean createsMap(int type, int keySize, int valueSize, int entries, int flags) {
        return attempt(new Bpf.MapCreate(type, "", keySize, valueSize, entries, flags)) >= 0;
    }

    /** The verifier looks for the function before it looks at the arguments, so a call with none is refused for one reason or another. */
    boolean knowsHelper(int programType, int helper) {
        Bpf.ProgLoad load = new Bpf.ProgLoad(programType, "", new Instructions().call(helper).exit(), "GPL");
        if (attempt(load) >= 0) {
            return true;
        }
        String log = BpfProgram.verify(kernel, load, 1);
        return !log.isEmpty() && !log.contains("unknown func") && !log.contains("invalid func") && !log.contains("cannot use helper");
    }

    private boolean loads(byte[] instructions) {
        return attempt(new Bpf.ProgLoad(BPF_PROG_TYPE_KPROBE, "", instructions, "GPL")) >= 0;
    }

    boolean loadsMayGoto() {
        return loads(new Instructions().mayGoto().exit());
    }

    boolean loadsSignedDivision() {
        return loads(new Instructions().signedDivision().exit());
    }

    /** {@code bpf_probe_write_user} of no bytes that matter: the program is never attached. */
    boolean writesUserMemory() {
        return loads(new Instructions().stackBuffer().move(1, 0).move(3, 8).call(BPF_FUNC_PROBE_WRITE_USER).exit());
    }

    boolean overridesReturn() {
        return loads(new Instructions().move(2, 0).call(BPF_FUNC_OVERRIDE_RETURN).exit());
    }

    boolean opensHardwareEvent() {
        PerfEvent.Attr cycles = PerfEvent.Attr.counter(0, 0, 1_000_000).with(PerfEvent.Attr.DISABLED);
        return attempt(new Syscall.PerfEventOpen(cycles, 0, -1, -1, PERF_FLAG_FD_CLOEXEC)) >= 0;
    }

    /** A link to no event: EBADF where such links are known, EINVAL where not. */
    boolean linksPerfEvents() {
        return linkError(0, fd -> new BpfLink.OnPerfEvent(fd, -1, 0)) == Errno.EBADF.number();
    }

    /** A link to a directory: EBADF where such links are known, since that is no file to probe. */
    boolean linksUprobes(int attachType) {
        boolean session = attachType == BPF_TRACE_UPROBE_SESSION;
        return linkError(attachType, fd -> new BpfLink.UprobeMulti(fd, "/", new long[1], null, null, 0, false, session)) == Errno.EBADF.number();
    }

    /** A link to a function that does not exist: ESRCH where such links are known, EOPNOTSUPP or EINVAL where not. */
    boolean linksKprobes(int attachType) {
        boolean session = attachType == BPF_TRACE_KPROBE_SESSION;
        String[] functions = {NO_SUCH_FUNCTION};
        return linkError(attachType, fd -> new BpfLink.KprobeMulti(fd, functions, null, null, false, session)) == Errno.ESRCH.number();
    }

    private interface LinkOf {
        Syscall program(int fd);
    }

    /** The error number of a link of an empty program, 0 when it is made. */
    private long linkError(int attachType, LinkOf link) {
        Bpf.ProgLoad load = new Bpf.ProgLoad(BPF_PROG_TYPE_KPROBE, "", new Instructions().exit(), "GPL").withAttach(attachType, 0, 0);
        long program = kernel.invoke(load);
        if (program < 0) {
            return -program;
        }
        try (Fd fd = new Fd(kernel, (int) program)) {
            return Math.max(0, -attempt(link.program(fd.number())));
        }
    }

    /** Some machines load such programs and cannot attach them (arm64 before 6.0), so both are tried. */
    boolean attachesFentry(Btf btf) {
        OptionalInt function = btf.find(BtfKind.FUNC, TEST_FUNCTION);
        if (function.isEmpty()) {
            return false;
        }
        Bpf.ProgLoad load = new Bpf.ProgLoad(BPF_PROG_TYPE_TRACING, "", new Instructions().exit(), "GPL")
                .withAttach(BPF_TRACE_FENTRY, function.getAsInt(), 0);
        long program = kernel.invoke(load);
        if (program < 0) {
            return false;
        }
        try (Fd fd = new Fd(kernel, (int) program)) {
            BpfLink.open(kernel, new BpfLink.RawTracepoint(null, fd.number(), 0)).close();
            return true;
        } catch (KernelException e) {
            return false;
        }
    }
}
