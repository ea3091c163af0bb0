package dev.sonde.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A BPF map with the kernel's rules for creation, replacement and overflow. Arrays have all their entries from the start; the others none. An LRU map
 * drops its least recently used entry when full, exactly (the kernel only about so).
 */
public final class FakeMap {
    public static final int HASH = 1;
    public static final int ARRAY = 2;
    public static final int PERF_EVENT_ARRAY = 4;
    public static final int PERCPU_HASH = 5;
    public static final int PERCPU_ARRAY = 6;
    public static final int STACK_TRACE = 7;
    public static final int LRU_HASH = 9;
    public static final int LRU_PERCPU_HASH = 10;
    /** Its values, 4 bytes, are indexes of maps in the machine. */
    public static final int ARRAY_OF_MAPS = 12;
    public static final int RINGBUF = 27;
    public static final int TASK_STORAGE = 29;

    static final long BPF_NOEXIST = 1;
    static final long BPF_EXIST = 2;

    private final int type;
    private final int keySize;
    private final int valueSize;
    private final int maxEntries;
    private final Map<ByteBuffer, Entry> entries = new LinkedHashMap<>();
    private final List<RingRecord> ring = new ArrayList<>();

    /**
     * An entry: its key and its value on each CPU that has touched it, on CPU 0 alone if the map is not per CPU. The arrays are the map's own.
     */
    public record Entry(byte[] key, SortedMap<Integer, byte[]> values) {
        /** The value of a map that is not per CPU. */
        public byte[] value() {
            return values.get(0);
        }
    }

    /** A record of a ring buffer or perf buffer. */
    static final class RingRecord {
        final byte[] data;
        boolean submitted;
        boolean discarded;

        RingRecord(byte[] data) {
            this.data = data;
        }
    }

    /**
     * @param type BPF_MAP_TYPE_*
     * @param keySize bytes; 0 for a ring buffer
     * @param valueSize bytes; 0 for a ring buffer
     * @param maxEntries entries; bytes for a ring buffer
     */
    public FakeMap(int type, int keySize, int valueSize, int maxEntries) {
        this.type = type;
        this.keySize = keySize;
        this.valueSize = valueSize;
        this.maxEntries = maxEntries;
    }

    public int type() {
        return type;
    }

    public int keySize() {
        return keySize;
    }

    public int valueSize() {
        return valueSize;
    }

    public int maxEntries() {
        return maxEntries;
    }

    boolean isPerCpu() {
        return type == PERCPU_HASH || type == PERCPU_ARRAY || type == LRU_PERCPU_HASH;
    }

    boolean isArray() {
        return type == ARRAY || type == PERCPU_ARRAY;
    }

    private boolean isLru() {
        return type == LRU_HASH || type == LRU_PERCPU_HASH;
    }

    /** The entries, of an array those that were ever touched; least recently used first in an LRU map, else oldest first. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** The value of a key on CPU 0. */
    public Optional<byte[]> value(byte[] key) {
        return Optional.ofNullable(find(key)).map(entry -> valueOn(entry, 0));
    }

    /** The value of a key on a CPU. */
    public Optional<byte[]> value(byte[] key, int cpu) {
        return Optional.ofNullable(find(key)).map(entry -> valueOn(entry, cpu));
    }

    /** Element {@code index} of an array on CPU 0. */
    public byte[] element(int index) {
        return value(indexKey(index)).orElseThrow();
    }

    /** Creates or replaces a value on CPU 0, as user space does. */
    public FakeMap put(byte[] key, byte[] value) {
        long result = update(key, value, 0, 0);
        if (result != 0) {
            throw new IllegalStateException("update: " + result);
        }
        return this;
    }

    /** Records submitted and not drained, in the order they were reserved. */
    public List<byte[]> records() {
        var out = new ArrayList<byte[]>();
        for (RingRecord entry : ring) {
            if (entry.submitted) {
                out.add(entry.data);
            }
        }
        return out;
    }

    /** The same, and makes their room free and that of discarded ones. */
    public List<byte[]> drain() {
        List<byte[]> out = records();
        ring.removeIf(entry -> entry.submitted || entry.discarded);
        return out;
    }

    static byte[] indexKey(int index) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(index).array();
    }

    /** The value of a key on a CPU, or null; makes it the most recently used. */
    byte[] lookup(byte[] key, int cpu) {
        Entry entry = find(key);
        if (entry != null && isLru()) {
            entries.remove(ByteBuffer.wrap(key));
            entries.put(ByteBuffer.wrap(entry.key()), entry);
        }
        return entry == null ? null : valueOn(entry, cpu);
    }

    long update(byte[] key, byte[] value, long flags, int cpu) {
        if (flags < 0 || flags > BPF_EXIST) {
            return -Errno.EINVAL;
        }
        if (isArray() && index(key) < 0) {
            return -Errno.E2BIG;
        }
        Entry entry = find(key);
        if (entry != null && flags == BPF_NOEXIST) {
            return -Errno.EEXIST;
        }
        if (entry == null && flags == BPF_EXIST) {
            return -Errno.ENOENT;
        }
        if (entry == null && isFull() && !evict()) {
            return -Errno.E2BIG;
        }
        byte[] slot = valueOn(entry == null ? create(key) : entry, cpu);
        System.arraycopy(value, 0, slot, 0, valueSize);
        return 0;
    }

    long delete(byte[] key) {
        if (isArray()) {
            return -Errno.EINVAL;
        }
        return entries.remove(ByteBuffer.wrap(key)) == null ? -Errno.ENOENT : 0;
    }

    /** Keys to visit; of an array all, touched or not. */
    List<byte[]> keys() {
        var keys = new ArrayList<byte[]>();
        if (isArray()) {
            for (int i = 0; i < maxEntries; i++) {
                keys.add(indexKey(i));
            }
        } else {
            entries.values().forEach(entry -> keys.add(entry.key()));
        }
        return keys;
    }

    /** Room for a record, or null when the ring is full; it never fills to the last byte, so that full and empty differ. */
    RingRecord reserve(int size) {
        if (type == RINGBUF && available() + occupied(size) >= maxEntries) {
            return null;
        }
        var added = new RingRecord(new byte[size]);
        Arrays.fill(added.data, MemoryRegion.GARBAGE);
        ring.add(added);
        return added;
    }

    /** Bytes of records that were not drained, headers included. */
    long available() {
        long used = 0;
        for (RingRecord entry : ring) {
            used += occupied(entry.data.length);
        }
        return used;
    }

    private static long occupied(int size) {
        return 8 + (size + 7L & -8);
    }

    private Entry find(byte[] key) {
        Entry entry = entries.get(ByteBuffer.wrap(key));
        return entry == null && isArray() && index(key) >= 0 ? create(key) : entry;
    }

    private Entry create(byte[] key) {
        byte[] own = key.clone();
        var entry = new Entry(own, new TreeMap<>());
        valueOn(entry, 0);
        entries.put(ByteBuffer.wrap(own), entry);
        return entry;
    }

    private byte[] valueOn(Entry entry, int cpu) {
        return entry.values().computeIfAbsent(isPerCpu() ? cpu : 0, _ -> new byte[valueSize]);
    }

    private int index(byte[] key) {
        int index = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getInt();
        return Integer.compareUnsigned(index, maxEntries) < 0 ? index : -1;
    }

    /** Task storage grows with the tasks. */
    private boolean isFull() {
        return type != TASK_STORAGE && entries.size() >= maxEntries;
    }

    private boolean evict() {
        if (!isLru()) {
            return false;
        }
        entries.remove(entries.keySet().iterator().next());
        return true;
    }
}
