package dev.sonde.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** A loaded BPF program. */
public final class BpfProgram implements AutoCloseable {
    /** Size of struct bpf_prog_info up to attach_btf_id (6.2). */
    private static final int INFO_SIZE = 232;
    /** struct bpf_func_info: instruction offset and type id. */
    private static final int FUNC_INFO_SIZE = 8;
    private static final int FIRST_LOG = 1 << 18;
    /** The longest log of kernels before 5.2, and more than anybody reads. */
    private static final int LAST_LOG = (1 << 24) - 1;
    private static final int ATTEMPTS = 5;

    private final Kernel kernel;
    private final Fd fd;

    private BpfProgram(Kernel kernel, Fd fd) {
        this.kernel = kernel;
        this.fd = fd;
    }

    /**
     * Loads a program: first without a log, because that is quicker; if the kernel refuses, again for the log.
     *
     * @throws KernelException with the verifier's log, when it said anything
     */
    public static BpfProgram load(Kernel kernel, Bpf.ProgLoad program) {
        long result = attempt(kernel, program);
        if (result >= 0) {
            return new BpfProgram(kernel, new Fd(kernel, (int) result));
        }
        int level = Math.max(1, program.logLevel());
        throw new KernelException(program, (int) -result, verify(kernel, program, level));
    }

    /**
     * What the verifier says about a program, whether it takes it or not; the program is not kept. Level 1 is the path to an error, 2 all
     * paths, 4 statistics; 6 is both of the latter.
     */
    public static String verify(Kernel kernel, Bpf.ProgLoad program, int level) {
        for (int size = FIRST_LOG; ; size = Math.min(LAST_LOG, size * 8)) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment log = arena.allocate(size);
                long result = attempt(kernel, program.withLog(level, log));
                if (result >= 0) {
                    new Fd(kernel, (int) result).close();
                }
                if (result != -Errno.ENOSPC.number() || size == LAST_LOG) {
                    return text(log);
                }
            }
        }
    }

    /** The text up to the NUL. Since 6.4 a log that is too small keeps its end; before, its beginning. */
    static String text(MemorySegment log) {
        return log.getString(0).stripTrailing();
    }

    /** A signal that arrives during a long verification ends it with EAGAIN. */
    private static long attempt(Kernel kernel, Bpf.ProgLoad program) {
        long result = kernel.invoke(program);
        for (int i = 1; i < ATTEMPTS && result == -Errno.EAGAIN.number(); i++) {
            result = kernel.invoke(program);
        }
        return result;
    }

    /** The program's descriptor, owned by this object. */
    public Fd fd() {
        return fd;
    }

    /**
     * Runs a raw tracepoint program once with BPF_PROG_TEST_RUN and returns its result. {@code context} holds the arguments, 8 bytes each, and
     * may be null for a program that reads none; {@code cpu} is where to run it, -1 for here. Since 5.10.
     */
    public int testRun(MemorySegment context, int cpu) {
        int[] retval = new int[1];
        kernel.call(new Bpf.ProgTestRun(fd.number(), context, cpu, retval));
        return retval[0];
    }

    /** The least id of a loaded program above {@code id}; 0 when there is none. Since 4.13. */
    public static int nextId(Kernel kernel, int id) {
        int[] next = {0};
        return kernel.invoke(new Bpf.GetNextId(Bpf.Command.BPF_PROG_GET_NEXT_ID, id, next)) < 0 ? 0 : next[0];
    }

    /** The loaded program with {@code id}; empty when there is none (any more). */
    public static Optional<BpfProgram> ofId(Kernel kernel, int id) {
        long fd = kernel.invoke(new Bpf.GetFdById(Bpf.Command.BPF_PROG_GET_FD_BY_ID, id));
        return fd < 0 ? Optional.empty() : Optional.of(new BpfProgram(kernel, new Fd(kernel, (int) fd)));
    }

    /**
     * The functions of a program that came with BTF. Since 5.0.
     *
     * @param btf the id of its BTF, 0 without
     * @param types the ids in it of the functions, the main one first
     */
    public record Functions(int btf, int[] types) {
    }

    /** Its functions. */
    public Functions functions() {
        MemorySegment first = BpfMap.info(fd, INFO_SIZE);
        int count = first.get(ValueLayout.JAVA_INT_UNALIGNED, 144);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment records = arena.allocate(Math.max(1, count) * FUNC_INFO_SIZE, 8);
            MemorySegment info = arena.allocate(INFO_SIZE, 8);
            info.set(ValueLayout.JAVA_INT, 132, FUNC_INFO_SIZE);
            info.set(ValueLayout.JAVA_LONG, 136, records.address());
            info.set(ValueLayout.JAVA_INT, 144, count);
            kernel.call(new Bpf.ObjGetInfoByFd(fd.number(), info));
            int[] types = new int[Math.min(count, info.get(ValueLayout.JAVA_INT, 144))];
            for (int i = 0; i < types.length; i++) {
                types[i] = records.get(ValueLayout.JAVA_INT, (long) i * FUNC_INFO_SIZE + 4);
            }
            return new Functions(info.get(ValueLayout.JAVA_INT, 128), types);
        }
    }

    /** What the kernel knows about the program now. */
    public Info info() {
        MemorySegment info = BpfMap.info(fd, INFO_SIZE);
        return new Info(info.get(ValueLayout.JAVA_INT_UNALIGNED, 4), info.get(ValueLayout.JAVA_INT_UNALIGNED, 16),
                info.get(ValueLayout.JAVA_INT_UNALIGNED, 20), info.get(ValueLayout.JAVA_LONG_UNALIGNED, 192),
                info.get(ValueLayout.JAVA_LONG_UNALIGNED, 200), info.get(ValueLayout.JAVA_LONG_UNALIGNED, 208),
                info.get(ValueLayout.JAVA_INT_UNALIGNED, 216));
    }

    /**
     * Fields of struct bpf_prog_info.
     *
     * @param id the program's id, as bpftool(8) shows it
     * @param jitedLength bytes of machine code; 0 when it is interpreted or hidden
     * @param translatedLength bytes of BPF instructions after the verifier's rewriting
     * @param runTimeNs nanoseconds spent in the program while statistics were on
     * @param runCount runs while statistics were on
     * @param recursionMisses runs skipped because the program was already running on that CPU; since 5.12
     * @param verifiedInstructions instructions the verifier walked; since 5.16
     */
    public record Info(int id, int jitedLength, int translatedLength, long runTimeNs, long runCount, long recursionMisses,
            int verifiedInstructions) {
    }

    /** Turns run statistics of all programs on for as long as the descriptor is open; they cost some 20 ns a run. Since 5.8. */
    public static Fd enableStats(Kernel kernel) {
        return Fd.from(kernel, new Bpf.EnableStats());
    }

    @Override
    public void close() {
        fd.close();
    }
}
