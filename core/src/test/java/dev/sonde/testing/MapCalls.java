package dev.sonde.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Helpers on maps and buffers. */
final class MapCalls {
    private static final long STORAGE_CREATE = 1;
    private static final int TASK_KEY = 8;

    private final BpfExecution run;

    /** A record that the program holds. */
    record Reservation(FakeMap.RingRecord entry, MemoryRegion region) {}

    MapCalls(BpfExecution run) {
        this.run = run;
    }

    long lookup(long handle, long key, int cpu) {
        FakeMap map = keyed(handle);
        byte[] value = map.lookup(key(map, key), cpu);
        boolean ofMaps = map.type() == FakeMap.ARRAY_OF_MAPS && value != null;
        return ofMaps ? run.handle(ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt()) : pointer(value);
    }

    long lookupPerCpu(long handle, long key, long cpu) {
        FakeMap map = keyed(handle);
        if (!map.isPerCpu()) {
            throw new MachineFailure("cannot pass map_type " + map.type() + " into func bpf_map_lookup_percpu_elem");
        }
        byte[] bytes = key(map, key);
        boolean exists = (int) cpu >= 0 && (int) cpu < run.machine.scene.cpus;
        return exists ? pointer(map.lookup(bytes, (int) cpu)) : 0;
    }

    long update(long handle, long key, long value, long flags) {
        FakeMap map = keyed(handle);
        byte[] keyBytes = key(map, key);
        return map.update(keyBytes, run.memory.read(value, map.valueSize()), flags, run.machine.scene.cpu);
    }

    long delete(long handle, long key) {
        FakeMap map = keyed(handle);
        return map.delete(key(map, key));
    }

    /** Calls back for every entry until the callback returns 1; an entry that was deleted meanwhile is left out. */
    long forEach(long handle, long callback, long context, long flags) {
        FakeMap map = keyed(handle);
        if (flags != 0) {
            return -Errno.EINVAL;
        }
        long visited = 0;
        for (byte[] key : map.keys()) {
            byte[] value = map.lookup(key, run.machine.scene.cpu);
            if (value == null) {
                continue;
            }
            visited++;
            if (run.callback(callback, handle, run.memory.addressOf(key, "map key", false), pointer(value), context) == 1) {
                break;
            }
        }
        return visited;
    }

    long taskStorage(long handle, long task, long initial, long flags) {
        FakeMap map = typed(handle, FakeMap.TASK_STORAGE);
        if (task == 0 || (flags & ~STORAGE_CREATE) != 0) {
            return 0;
        }
        byte[] key = taskKey(task);
        byte[] found = map.lookup(key, 0);
        if (found == null && flags == STORAGE_CREATE) {
            byte[] value = initial == 0 ? new byte[map.valueSize()] : run.memory.read(initial, map.valueSize());
            map.update(key, value, FakeMap.BPF_NOEXIST, 0);
            found = map.lookup(key, 0);
        }
        return pointer(found);
    }

    long deleteTaskStorage(long handle, long task) {
        FakeMap map = typed(handle, FakeMap.TASK_STORAGE);
        return task == 0 ? -Errno.EINVAL : map.delete(taskKey(task));
    }

    private static byte[] taskKey(long task) {
        return ByteBuffer.allocate(TASK_KEY).order(ByteOrder.LITTLE_ENDIAN).putLong(task).array();
    }

    long reserve(long handle, long size, long flags) {
        FakeMap map = typed(handle, FakeMap.RINGBUF);
        if (flags != 0 || size < 0 || size > map.maxEntries()) {
            return 0;
        }
        FakeMap.RingRecord entry = map.reserve((int) size);
        if (entry == null) {
            return 0;
        }
        var region = MemoryRegion.of("ring record", entry.data, true);
        long address = run.memory.add(region);
        run.reservations.put(address, new Reservation(entry, region));
        return address;
    }

    long submit(long address) {
        release(address).entry().submitted = true;
        return 0;
    }

    long discard(long address) {
        release(address).entry().discarded = true;
        return 0;
    }

    private Reservation release(long address) {
        Reservation reservation = run.reservations.remove(address);
        if (reservation == null) {
            throw new MachineFailure("0x" + Long.toHexString(address) + " where a reserved record is expected");
        }
        reservation.region().release();
        return reservation;
    }

    long output(long handle, long data, long size) {
        FakeMap map = typed(handle, FakeMap.RINGBUF);
        return append(map, run.memory.read(data, size)) ? 0 : -Errno.EAGAIN;
    }

    /** BPF_RB_AVAIL_DATA 0, BPF_RB_RING_SIZE 1. */
    long query(long handle, long what) {
        FakeMap map = typed(handle, FakeMap.RINGBUF);
        return what == 0 ? map.available() : what == 1 ? map.maxEntries() : 0;
    }

    long perfOutput(long context, long handle, long data, long size) {
        FakeMap map = typed(handle, FakeMap.PERF_EVENT_ARRAY);
        requireContext(run, context);
        append(map, run.memory.read(data, size));
        return 0;
    }

    private static boolean append(FakeMap map, byte[] bytes) {
        FakeMap.RingRecord entry = map.reserve(bytes.length);
        if (entry == null) {
            return false;
        }
        System.arraycopy(bytes, 0, entry.data, 0, bytes.length);
        entry.submitted = true;
        return true;
    }

    static void requireContext(BpfExecution run, long address) {
        if (address != run.context) {
            throw new MachineFailure("0x" + Long.toHexString(address) + " where the context is expected");
        }
    }

    private FakeMap keyed(long handle) {
        FakeMap map = run.map(handle);
        if (map.type() == FakeMap.RINGBUF || map.type() == FakeMap.PERF_EVENT_ARRAY || map.type() == FakeMap.TASK_STORAGE) {
            throw new MachineFailure("cannot pass map_type " + map.type() + " into func");
        }
        return map;
    }

    private FakeMap typed(long handle, int type) {
        FakeMap map = run.map(handle);
        if (map.type() != type) {
            throw new MachineFailure("cannot pass map_type " + map.type() + " where " + type + " is expected");
        }
        return map;
    }

    private byte[] key(FakeMap map, long address) {
        return run.memory.read(address, map.keySize());
    }

    private long pointer(byte[] value) {
        return value == null ? 0 : run.memory.addressOf(value, "map value", true);
    }
}
