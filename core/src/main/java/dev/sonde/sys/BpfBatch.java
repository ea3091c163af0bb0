package dev.sonde.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A walk over the entries of a map in batches: call {@link #next()} until it is false, and read {@link #count()} entries from {@link #keys()}
 * and {@link #values()} after each. Kernels and map types without BPF_MAP_LOOKUP_BATCH are read key by key instead. An entry that is there
 * throughout is met at least once; one that programs change meanwhile may be met twice or not at all, and the walk ends in any case.
 */
public final class BpfBatch {
    private final Kernel kernel;
    private final BpfMap map;
    private final boolean delete;
    private MemorySegment keys;
    private MemorySegment values;
    private MemorySegment token;
    private MemorySegment nextToken;
    private boolean started;
    private boolean finished;
    private boolean singly;
    private long walked;
    private int capacity;
    private int count;

    BpfBatch(Kernel kernel, BpfMap map, int capacity, boolean delete) {
        this.kernel = kernel;
        this.map = map;
        this.delete = delete;
        this.token = buffer(Math.max(8, map.keySize()));
        this.nextToken = buffer(token.byteSize());
        reserve(Math.max(1, Math.min(capacity, map.definition().maxEntries())));
    }

    /** Entries in the current batch. */
    public int count() {
        return count;
    }

    /** The keys of the current batch, {@link BpfMap#keySize()} apart; overwritten by the next. */
    public MemorySegment keys() {
        return keys;
    }

    /** The values of the current batch, {@link BpfMap#valueStride()} apart; overwritten by the next. */
    public MemorySegment values() {
        return values;
    }

    /** Reads the next batch; false when all entries have been read. */
    public boolean next() {
        count = 0;
        while (!finished && count == 0) {
            if (singly) {
                step();
            } else {
                batch();
            }
        }
        return count > 0;
    }

    private void batch() {
        int[] room = {capacity};
        Syscall call = new Bpf.MapLookupBatch(map.fd().number(), started ? token : null, nextToken, keys, values, room, delete);
        long result = kernel.invoke(call);
        if (result >= 0 || result == -Errno.ENOENT.number()) {
            accept(room[0], result < 0);
        } else if (result == -Errno.ENOSPC.number()) {
            // One bucket of the hash holds more entries than fit, and a bucket is never split.
            reserve(Math.multiplyExact(capacity, 2));
        } else if (!started && isUnsupported((int) -result)) {
            singly = true;
        } else if (result != -Errno.EINTR.number()) {
            throw new KernelException(call, (int) -result);
        }
    }

    private void accept(int entries, boolean last) {
        count = entries;
        started = true;
        finished = last;
        swapTokens();
    }

    private static boolean isUnsupported(int errno) {
        return errno == Errno.EINVAL.number() || errno == Errno.ENOTSUPP.number() || errno == Errno.EOPNOTSUPP.number();
    }

    /** Fills one batch with BPF_MAP_GET_NEXT_KEY; the token is the key before. */
    private void step() {
        long limit = Integer.toUnsignedLong(map.definition().maxEntries());
        while (count < capacity && !finished) {
            finished = walked++ >= limit || !map.nextKey(started ? token : null, nextToken);
            if (!finished) {
                take();
            }
        }
    }

    private void take() {
        int keySize = map.keySize();
        MemorySegment key = nextToken.asSlice(0, keySize);
        if (map.lookup(key, values.asSlice((long) count * map.valueStride(), map.valueStride()))) {
            MemorySegment.copy(key, 0, keys, (long) count * keySize, keySize);
            count++;
        }
        if (delete) {
            map.delete(key);
        } else {
            started = true;
            swapTokens();
        }
    }

    private void swapTokens() {
        MemorySegment spent = token;
        token = nextToken;
        nextToken = spent;
    }

    private void reserve(int entries) {
        capacity = entries;
        keys = buffer((long) entries * map.keySize());
        values = buffer((long) entries * map.valueStride());
    }

    private static MemorySegment buffer(long size) {
        return Arena.ofAuto().allocate(size, 8);
    }
}
