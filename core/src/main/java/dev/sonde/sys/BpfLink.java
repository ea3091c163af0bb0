package dev.sonde.sys;

/**
 * A link: a program attached somewhere, for as long as the link's descriptor is open. It ends with the process, whatever ends that.
 */
public final class BpfLink implements AutoCloseable {
    private final Kernel kernel;
    private final Fd fd;

    private BpfLink(Kernel kernel, Fd fd) {
        this.kernel = kernel;
        this.fd = fd;
    }

    /** Attaches as {@code create} says. */
    public static BpfLink open(Kernel kernel, Create create) {
        return new BpfLink(kernel, Fd.from(kernel, create));
    }

    /**
     * Gives the link a name in a mounted BPF file system; it lasts until the file is removed.
     *
     * @throws KernelException EPERM where no BPF file system is mounted, EEXIST where the name is taken, ENOENT without the directory
     */
    public void pin(String path) {
        fd.kernel().call(new Bpf.ObjPin(path, fd.number()));
    }

    /** Starts a run of an iterator link: reading the descriptor to its end gives what the program wrote. */
    public Fd iterate() {
        return Fd.from(kernel, new Bpf.IterCreate(fd.number()));
    }

    /** The link's descriptor, owned by this object. */
    public Fd fd() {
        return fd;
    }

    /** Detaches. */
    @Override
    public void close() {
        fd.close();
    }

    /** The commands that make a link: BPF_LINK_CREATE in its variants, and BPF_RAW_TRACEPOINT_OPEN. */
    public sealed interface Create extends Bpf {
    }

    /** BPF_RAW_TRACEPOINT_OPEN; returns the descriptor of a link. {@code name} is null for a program that names its tracepoint or function by BTF
     * id. Since 4.17; {@code cookie} (0 for none) since 6.10. */
    public record RawTracepoint(String name, int progFd, long cookie) implements Create {
        @Override
        public Command command() {
            return Command.BPF_RAW_TRACEPOINT_OPEN;
        }

        @Override
        public void attributes(Arguments to) {
            to.text(0, "name", name);
            to.u32(8, "prog_fd", progFd);
            to.u64(16, "cookie", cookie);
        }
    }

    /** BPF_LINK_CREATE for a perf event: runs the program at each hit of {@code targetFd}. Since 5.15. */
    public record OnPerfEvent(int progFd, int targetFd, long cookie) implements Create {
        @Override
        public Command command() {
            return Command.BPF_LINK_CREATE;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "prog_fd", progFd);
            to.u32(4, "target_fd", targetFd);
            to.u32(8, "attach_type", AttachType.BPF_PERF_EVENT);
            to.u64(16, "perf_event.bpf_cookie", cookie);
        }
    }

    /** BPF_LINK_CREATE for a tracing program (raw tracepoint with BTF, fentry, fexit, fmod_ret), attached where it was loaded for.
     * {@code attachType} is the one it was loaded with. Since 5.18. */
    public record Tracing(int progFd, int attachType, long cookie) implements Create {
        @Override
        public Command command() {
            return Command.BPF_LINK_CREATE;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "prog_fd", progFd);
            to.u32(8, "attach_type", attachType);
            to.u64(24, "tracing.cookie", cookie);
        }
    }

    /** BPF_LINK_CREATE for an iterator. {@code info} is a union bpf_iter_link_info, null for none. Since 5.8. */
    public record Iter(int progFd, byte[] info) implements Create {
        @Override
        public Command command() {
            return Command.BPF_LINK_CREATE;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "prog_fd", progFd);
            to.u32(8, "attach_type", AttachType.BPF_TRACE_ITER);
            to.bytes(16, "iter_info", info);
            to.u32(24, "iter_info_len", info == null ? 0 : info.length);
        }
    }

    /** BPF_LINK_CREATE for many kernel functions, by name or by address: one of the arrays is null. {@code cookies} is null or as long.
     * Since 5.18; {@code session} (entry and return with one program) since 6.10. */
    public record KprobeMulti(int progFd, String[] symbols, long[] addresses, long[] cookies, boolean isReturn, boolean session) implements Create {
        private static final int BPF_F_KPROBE_MULTI_RETURN = 1;

        @Override
        public Command command() {
            return Command.BPF_LINK_CREATE;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "prog_fd", progFd);
            to.u32(8, "attach_type", session ? AttachType.BPF_TRACE_KPROBE_SESSION : AttachType.BPF_TRACE_KPROBE_MULTI);
            to.u32(16, "kprobe_multi.flags", isReturn ? BPF_F_KPROBE_MULTI_RETURN : 0);
            to.u32(20, "kprobe_multi.cnt", symbols == null ? addresses.length : symbols.length);
            to.texts(24, "kprobe_multi.syms", symbols);
            to.longs(32, "kprobe_multi.addrs", addresses);
            to.longs(40, "kprobe_multi.cookies", cookies);
        }
    }

    /** BPF_LINK_CREATE for many places in one executable file. {@code offsets} are file offsets; {@code refCtrOffsets} (of the USDT semaphores)
     * and {@code cookies} are null or as long. {@code pid} 0 is every process. Since 6.6; {@code session} since 6.13. */
    public record UprobeMulti(int progFd, String path, long[] offsets, long[] refCtrOffsets, long[] cookies, int pid, boolean isReturn,
            boolean session) implements Create {
        private static final int BPF_F_UPROBE_MULTI_RETURN = 1;

        @Override
        public Command command() {
            return Command.BPF_LINK_CREATE;
        }

        @Override
        public void attributes(Arguments to) {
            to.u32(0, "prog_fd", progFd);
            to.u32(8, "attach_type", session ? AttachType.BPF_TRACE_UPROBE_SESSION : AttachType.BPF_TRACE_UPROBE_MULTI);
            to.text(16, "uprobe_multi.path", path);
            to.longs(24, "uprobe_multi.offsets", offsets);
            to.longs(32, "uprobe_multi.ref_ctr_offsets", refCtrOffsets);
            to.longs(40, "uprobe_multi.cookies", cookies);
            to.u32(48, "uprobe_multi.cnt", offsets.length);
            to.u32(52, "uprobe_multi.flags", isReturn ? BPF_F_UPROBE_MULTI_RETURN : 0);
            to.u32(56, "uprobe_multi.pid", pid);
        }
    }
}
