package dev.sonde.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Type information loaded into the kernel: a program's own, or that of a kernel module. */
public final class BpfBtf implements AutoCloseable {
    private static final int LOG_SIZE = 1 << 16;
    private static final int INFO_SIZE = 32;
    private static final int NAME_SIZE = 64;

    private final Fd fd;
    private final int id;

    private BpfBtf(Fd fd, int id) {
        this.fd = fd;
        this.id = id;
    }

    /**
     * Loads {@code btf}, a whole .BTF section.
     *
     * @throws KernelException with the kernel's reason as its log
     */
    public static BpfBtf load(Kernel kernel, byte[] btf) {
        Bpf.BtfLoad call = new Bpf.BtfLoad(btf, null);
        long result = kernel.invoke(call);
        if (result < 0) {
            throw new KernelException(call, (int) -result, reason(kernel, btf));
        }
        return new BpfBtf(new Fd(kernel, (int) result), 0);
    }

    private static String reason(Kernel kernel, byte[] btf) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment log = arena.allocate(LOG_SIZE);
            long result = kernel.invoke(new Bpf.BtfLoad(btf, log));
            if (result >= 0) {
                new Fd(kernel, (int) result).close();
            }
            return BpfProgram.text(log);
        }
    }

    /** The BTF of kernel module {@code module} (or {@code vmlinux}) as a descriptor for {@link Bpf.ProgLoad#withAttach}. Since 5.11. */
    public static Optional<BpfBtf> ofModule(Kernel kernel, String module) {
        int[] id = {0};
        while (kernel.invoke(new Bpf.GetNextId(Bpf.Command.BPF_BTF_GET_NEXT_ID, id[0], id)) >= 0) {
            long number = kernel.invoke(new Bpf.GetFdById(Bpf.Command.BPF_BTF_GET_FD_BY_ID, id[0]));
            if (number >= 0) {
                Fd fd = new Fd(kernel, (int) number);
                if (module.equals(kernelName(fd))) {
                    return Optional.of(new BpfBtf(fd, id[0]));
                }
                fd.close();
            }
        }
        return Optional.empty();
    }

    /** The bytes of the BTF with {@code id}; empty when there is none (any more). Since 4.18. */
    public static Optional<MemorySegment> bytes(Kernel kernel, int id) {
        long number = kernel.invoke(new Bpf.GetFdById(Bpf.Command.BPF_BTF_GET_FD_BY_ID, id));
        if (number < 0) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined(); Fd fd = new Fd(kernel, (int) number)) {
            MemorySegment info = arena.allocate(INFO_SIZE, 8);
            kernel.call(new Bpf.ObjGetInfoByFd(fd.number(), info));
            int size = info.get(ValueLayout.JAVA_INT, 8);
            MemorySegment bytes = arena.allocate(size, 8);
            info.fill((byte) 0);
            info.set(ValueLayout.JAVA_LONG, 0, bytes.address());
            info.set(ValueLayout.JAVA_INT, 8, size);
            kernel.call(new Bpf.ObjGetInfoByFd(fd.number(), info));
            return Optional.of(MemorySegment.ofArray(bytes.toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    /** The name of a module's BTF, or the empty string for a program's. */
    private static String kernelName(Fd fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(NAME_SIZE);
            MemorySegment info = arena.allocate(INFO_SIZE, 8);
            info.set(ValueLayout.JAVA_LONG, 16, name.address());
            info.set(ValueLayout.JAVA_INT, 24, NAME_SIZE);
            fd.kernel().call(new Bpf.ObjGetInfoByFd(fd.number(), info));
            boolean kernelBtf = info.get(ValueLayout.JAVA_INT, 28) != 0;
            return kernelBtf ? name.getString(0) : "";
        }
    }

    /** The descriptor, owned by this object. */
    public Fd fd() {
        return fd;
    }

    /** The id of a module's BTF; 0 for one loaded here. */
    public int id() {
        return id;
    }

    @Override
    public void close() {
        fd.close();
    }
}
