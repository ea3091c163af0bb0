package dev.sonde.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A BPF map. Keys and values are segments of {@link #keySize()} and {@link #valueStride()} bytes; the stride of a per-CPU map is its value size
 * rounded up to 8, times the number of possible CPUs, one copy after the other.
 */
public final class BpfMap implements AutoCloseable {
    /** Flag of {@link #update}: create or replace. */
    public static final long BPF_ANY = 0;
    /** Flag of {@link #update}: create, or fail with EEXIST. */
    public static final long BPF_NOEXIST = 1;
    /** Flag of {@link #update}: replace, or fail with ENOENT. */
    public static final long BPF_EXIST = 2;

    private static final int BPF_MAP_TYPE_PERCPU_HASH = 5;
    private static final int BPF_MAP_TYPE_PERCPU_ARRAY = 6;
    private static final int BPF_MAP_TYPE_LRU_PERCPU_HASH = 10;
    private static final int BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE = 21;
    private static final int INFO_SIZE = 88;

    private final Kernel kernel;
    private final Fd fd;
    private final Bpf.MapCreate definition;
    private final int cpus;

    private BpfMap(Kernel kernel, Fd fd, Bpf.MapCreate definition, int cpus) {
        this.kernel = kernel;
        this.fd = fd;
        this.definition = definition;
        this.cpus = cpus;
    }

    /** Creates a map. */
    public static BpfMap create(Kernel kernel, Bpf.MapCreate definition) {
        int cpus = isPerCpu(definition.type()) ? PseudoFile.possibleCpus(kernel) : 1;
        return new BpfMap(kernel, Fd.from(kernel, definition), definition, cpus);
    }

    private static boolean isPerCpu(int type) {
        return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_LRU_PERCPU_HASH
                || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
    }

    /** The map's descriptor, owned by this object. */
    public Fd fd() {
        return fd;
    }

    /** What the map was made from. */
    public Bpf.MapCreate definition() {
        return definition;
    }

    /** Bytes of a key. */
    public int keySize() {
        return definition.keySize();
    }

    /** Copies of each value: possible CPUs for a per-CPU map, else 1. */
    public int cpus() {
        return cpus;
    }

    /** Bytes from one CPU's copy of a value to the next; the plain value size for other maps. */
    public int valueSize() {
        return isPerCpu(definition.type()) ? definition.valueSize() + 7 & -8 : definition.valueSize();
    }

    /** Bytes that user space reads and writes for one value: {@link #valueSize()} times {@link #cpus()}. */
    public int valueStride() {
        return valueSize() * cpus;
    }

    /** The map's id, as bpftool(8) shows it. */
    public int id() {
        return info(fd, INFO_SIZE).get(ValueLayout.JAVA_INT_UNALIGNED, 4);
    }

    /** The bpf_*_info structure of any BPF object. */
    static MemorySegment info(Fd fd, int size) {
        MemorySegment info = MemorySegment.ofArray(new byte[size]);
        fd.kernel().call(new Bpf.ObjGetInfoByFd(fd.number(), info));
        return info;
    }

    /** Copies the value of {@code key} to {@code value}; false if there is none. */
    public boolean lookup(MemorySegment key, MemorySegment value) {
        return found(new Bpf.MapLookupElem(fd.number(), key, value, 0));
    }

    /** Sets the value of {@code key}. {@code flags} is one of the BPF_ constants. */
    public void update(MemorySegment key, MemorySegment value, long flags) {
        kernel.call(new Bpf.MapUpdateElem(fd.number(), key, value, flags));
    }

    /** Removes {@code key}; false if it was not there. */
    public boolean delete(MemorySegment key) {
        return found(new Bpf.MapDeleteElem(fd.number(), key));
    }

    /** Copies the key after {@code key}, or the first for null, to {@code next}; false at the end. After a lost {@code key} it starts again. */
    public boolean nextKey(MemorySegment key, MemorySegment next) {
        return found(new Bpf.MapGetNextKey(fd.number(), key, next));
    }

    /** Takes the value of {@code key} out of the map; false if there is none. */
    public boolean lookupAndDelete(MemorySegment key, MemorySegment value) {
        return found(new Bpf.MapLookupAndDeleteElem(fd.number(), key, value));
    }

    private boolean found(Bpf call) {
        long result = kernel.invoke(call);
        if (result < 0 && result != -Errno.ENOENT.number()) {
            throw new KernelException(call, (int) -result);
        }
        return result >= 0;
    }

    /** Stops writes from user space for good. */
    public void freeze() {
        kernel.call(new Bpf.MapFreeze(fd.number()));
    }

    /** Maps the values of an array map made with BPF_F_MMAPABLE: each value size rounded up to 8, from the first. Since 5.5. */
    public MappedMemory map(boolean writable) {
        long page = PseudoFile.pageSize(kernel);
        long size = (definition.valueSize() + 7L & -8) * Integer.toUnsignedLong(definition.maxEntries());
        return MappedMemory.of(kernel, fd, 0, size + page - 1 & -page, writable);
    }

    /** Reads all entries, {@code capacity} at a time. */
    public BpfBatch entries(int capacity) {
        return new BpfBatch(kernel, this, capacity, false);
    }

    /** Reads all entries and takes them out of the map. */
    public BpfBatch drain(int capacity) {
        return new BpfBatch(kernel, this, capacity, true);
    }

    /** Removes every entry. */
    public void clear() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment key = arena.allocate(keySize(), 8);
            for (long i = Integer.toUnsignedLong(definition.maxEntries()); i > 0 && nextKey(null, key); i--) {
                delete(key);
            }
        }
    }

    @Override
    public void close() {
        fd.close();
    }
}
