package dev.sonde.session;

import dev.sonde.output.MapContents;
import dev.sonde.spec.MapKind;
import dev.sonde.spec.MapSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfBatch;
import dev.sonde.sys.BpfMap;
import dev.sonde.sys.Errno;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.MappedMemory;
import dev.sonde.sys.Task;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The maps of a trace in the kernel. Indices are those of the specification. */
final class LoadedMaps implements AutoCloseable {
    private static final int BATCH = 256;
    private static final MemorySegment FIRST = MemorySegment.ofArray(new byte[4]);

    private final Kernel kernel;
    private final List<MapSpec> specs;
    private final List<BpfMap> maps = new ArrayList<>();
    private final MappedMemory[] mappings;

    private LoadedMaps(Kernel kernel, List<MapSpec> specs) {
        this.kernel = kernel;
        this.specs = specs;
        this.mappings = new MappedMemory[specs.size()];
    }

    /** Creates all maps and writes their first contents. */
    static LoadedMaps create(Kernel kernel, TraceSpec spec) throws SessionException {
        LoadedMaps loaded = new LoadedMaps(kernel, spec.maps());
        for (MapSpec map : spec.maps()) {
            try {
                loaded.maps.add(create(kernel, map));
                loaded.fill(map);
            } catch (KernelException e) {
                loaded.close();
                throw LoadFailure.of(map, e);
            }
        }
        return loaded;
    }

    private static BpfMap create(Kernel kernel, MapSpec spec) {
        // The kernel takes powers of two only.
        int entries = spec.kind() == MapKind.RINGBUF ? Integer.highestOneBit(Math.max(1, spec.maxEntries() * 2 - 1)) : spec.maxEntries();
        Bpf.MapCreate definition = new Bpf.MapCreate(spec.kind().number(), spec.name(), spec.keySize(), spec.valueSize(), entries, spec.flags());
        if (spec.inner().isPresent()) {
            // The kernel copies what the maps in it must be like, and needs the example no more.
            try (BpfMap example = create(kernel, spec.inner().get())) {
                return create(kernel, definition.withInner(example.fd().number()));
            }
        }
        return create(kernel, definition);
    }

    private static BpfMap create(Kernel kernel, Bpf.MapCreate definition) {
        try {
            return BpfMap.create(kernel, definition);
        } catch (KernelException e) {
            if (e.errno() != Errno.EPERM && e.errno() != Errno.ENOMEM || !raiseLockedMemory(kernel)) {
                throw e;
            }
            return BpfMap.create(kernel, definition);
        }
    }

    /** Before 5.11 maps count as locked memory, of which a process may have little. */
    private static boolean raiseLockedMemory(Kernel kernel) {
        try {
            Task.raiseLimit(kernel, Task.RLIMIT_MEMLOCK);
            return true;
        } catch (KernelException e) {
            return false;
        }
    }

    private void fill(MapSpec spec) {
        if (spec.initial().length > 0) {
            byte[] value = Arrays.copyOf(spec.initial(), spec.valueSize());
            maps.getLast().update(FIRST, MemorySegment.ofArray(value), BpfMap.BPF_ANY);
        }
    }

    BpfMap get(int index) {
        return maps.get(index);
    }

    int fd(int index) {
        return maps.get(index).fd().number();
    }

    /** The index of the internal map {@code name}; -1 when the trace has none. */
    int internal(String name) {
        for (int i = 0; i < specs.size(); i++) {
            if (specs.get(i).view().isEmpty() && specs.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The first word of a one-element array. */
    long word(int index) {
        return value(index).get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    }

    void setWord(int index, long word) {
        MemorySegment value = MemorySegment.ofArray(new byte[specs.get(index).valueSize()]);
        value.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, word);
        maps.get(index).update(FIRST, value, BpfMap.BPF_ANY);
    }

    /** The value of a one-element array: in place when it can be mapped, which costs no further call, else a copy. */
    MemorySegment value(int index) {
        MapSpec spec = specs.get(index);
        if ((spec.flags() & MapSpec.MMAPABLE) == 0) {
            MemorySegment copy = MemorySegment.ofArray(new byte[maps.get(index).valueStride()]);
            maps.get(index).lookup(FIRST, copy);
            return copy;
        }
        if (mappings[index] == null) {
            mappings[index] = maps.get(index).map(false);
        }
        return mappings[index].segment().asSlice(0, spec.valueSize());
    }

    /** What the script's map {@code index} holds now. */
    MapContents contents(int index) {
        MapSpec spec = specs.get(index);
        MapSpec.Storage storage = spec.view().orElseThrow().storage();
        return switch (storage) {
            case SINGLE, SINGLE_PER_CPU -> single(spec, index);
            case ENTRY, ENTRY_PER_CPU -> new MapEntries(maps.get(index), BATCH).contents(spec);
        };
    }

    private MapContents single(MapSpec spec, int index) {
        MemorySegment copy = MemorySegment.ofArray(new byte[spec.valueSize()]);
        copy.copyFrom(value(index).asSlice(0, spec.valueSize()));
        int cpus = spec.view().orElseThrow().storage() == MapSpec.Storage.SINGLE_PER_CPU ? spec.valueSize() / blockSize(spec) : 1;
        return MapContents.of(spec, 1, FIRST, copy, cpus);
    }

    private static int blockSize(MapSpec spec) {
        return MapSpec.Storage.blockSize(spec.view().orElseThrow().value().size() / 8);
    }

    /** All maps of the script. */
    List<MapContents> all() {
        List<MapContents> all = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            if (specs.get(i).view().isPresent()) {
                all.add(contents(i));
            }
        }
        return all;
    }

    /** Forgets all that the script put into map {@code index}. */
    void clear(int index) {
        MapSpec spec = specs.get(index);
        switch (spec.view().orElseThrow().storage()) {
            case SINGLE, SINGLE_PER_CPU -> maps.get(index).update(FIRST, MemorySegment.ofArray(new byte[spec.valueSize()]), BpfMap.BPF_ANY);
            case ENTRY, ENTRY_PER_CPU -> maps.get(index).clear();
        }
    }

    /** Makes every value of the script's map {@code index} zero and keeps the keys. */
    void zero(int index) {
        MapSpec spec = specs.get(index);
        switch (spec.view().orElseThrow().storage()) {
            case SINGLE -> zeroBlocks(index, spec.valueSize());
            case SINGLE_PER_CPU -> zeroBlocks(index, blockSize(spec));
            case ENTRY, ENTRY_PER_CPU -> zeroEntries(maps.get(index));
        }
    }

    /** The first word of each block says that it was used, and stays; a count sets it only here. */
    private void zeroBlocks(int index, int blockSize) {
        MemorySegment now = value(index);
        byte[] zeroed = new byte[specs.get(index).valueSize()];
        MemorySegment next = MemorySegment.ofArray(zeroed);
        for (int at = 0; at < zeroed.length; at += blockSize) {
            long used = now.get(ValueLayout.JAVA_LONG_UNALIGNED, at) | now.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 8);
            next.set(ValueLayout.JAVA_LONG_UNALIGNED, at, used);
        }
        maps.get(index).update(FIRST, next, BpfMap.BPF_ANY);
    }

    private static void zeroEntries(BpfMap map) {
        MemorySegment zeros = MemorySegment.ofArray(new byte[map.valueStride()]);
        BpfBatch batch = map.entries(BATCH);
        while (batch.next()) {
            for (int i = 0; i < batch.count(); i++) {
                zero(map, batch.keys().asSlice((long) i * map.keySize(), map.keySize()), zeros);
            }
        }
    }

    /** A key that a program has removed meanwhile stays removed. */
    private static void zero(BpfMap map, MemorySegment key, MemorySegment zeros) {
        try {
            map.update(key, zeros, BpfMap.BPF_EXIST);
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        for (MappedMemory mapping : mappings) {
            if (mapping != null) {
                mapping.close();
            }
        }
        for (BpfMap map : maps) {
            map.close();
        }
    }
}
