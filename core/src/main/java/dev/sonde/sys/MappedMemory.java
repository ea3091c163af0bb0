package dev.sonde.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory mapped with mmap(2): of a file, a BPF map, a perf event, or anonymous. The segment may be used by any thread until {@link #close()};
 * after that an access throws {@link IllegalStateException} and does not reach unmapped memory.
 */
public final class MappedMemory implements AutoCloseable {
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int O_CLOEXEC = 0x80000;

    private final Kernel kernel;
    private final long address;
    private final long length;
    private final Arena arena;
    private final MemorySegment segment;

    @SuppressWarnings("restricted")
    private MappedMemory(Kernel kernel, long address, long length) {
        this.kernel = kernel;
        this.address = address;
        this.length = length;
        this.arena = Arena.ofShared();
        this.segment = MemorySegment.ofAddress(address).reinterpret(length, arena, null);
    }

    /** Maps {@code length} bytes of {@code file} from {@code offset}, shared, to read and, if {@code writable}, to write. */
    public static MappedMemory of(Kernel kernel, Fd file, long offset, long length, boolean writable) {
        int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
        return map(kernel, new Syscall.Mmap(length, protection, MAP_SHARED, file.number(), offset));
    }

    /** Zeroed memory of this process alone, in bytes; page-aligned. */
    public static MappedMemory anonymous(Kernel kernel, long length) {
        return map(kernel, new Syscall.Mmap(length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    }

    /**
     * Maps the first {@code length} bytes of the file at {@code path}, private, to read. {@code /sys/kernel/btf/vmlinux} allows only this, since
     * 6.16.
     */
    public static MappedMemory ofFile(Kernel kernel, String path, long length) {
        try (Fd file = Fd.from(kernel, new Syscall.OpenAt(path, O_CLOEXEC))) {
            return map(kernel, new Syscall.Mmap(length, PROT_READ, MAP_PRIVATE, file.number(), 0));
        }
    }

    private static MappedMemory map(Kernel kernel, Syscall.Mmap call) {
        return new MappedMemory(kernel, kernel.call(call), call.length());
    }

    /** The mapped bytes. */
    public MemorySegment segment() {
        return segment;
    }

    /** Unmaps. Closing again does nothing. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            kernel.invoke(new Syscall.Munmap(address, length));
        }
    }
}
