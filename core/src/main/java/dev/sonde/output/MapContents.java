package dev.sonde.output;

import dev.sonde.spec.MapSpec;
import dev.sonde.types.Type;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What was read from one kernel map of a script, at one moment.
 *
 * <p>Keys lie one after the other, {@code keySize} bytes each. Values lie one after the other: {@code valueSize} bytes each, or for a map kind with a
 * value for each CPU that size rounded up to a multiple of 8 once for every possible CPU. Both are as {@code BPF_MAP_LOOKUP_BATCH} fills them in.
 * A map without keys is one array element, laid out as its {@link MapSpec.Storage} says.
 */
public final class MapContents {
    private final MapSpec.View view;
    private final int entries;
    private final int cpus;
    private final int keySize;
    private final int valueStride;
    private final MemorySegment keys;
    private final MemorySegment values;
    private byte[] keyBytes = {};
    private byte[] valueBytes = {};
    private long[] block = {};

    private MapContents(MapSpec spec, int entries, MemorySegment keys, MemorySegment values, int cpus) {
        view = spec.view().orElseThrow();
        this.entries = entries;
        this.cpus = cpus;
        keySize = spec.keySize();
        this.keys = keys;
        this.values = values;
        valueStride = switch (view.storage()) {
            case ENTRY, SINGLE, SINGLE_PER_CPU -> spec.valueSize();
            case ENTRY_PER_CPU -> spec.kind().perCpu() ? (spec.valueSize() + 7 & -8) * cpus : spec.valueSize();
        };
    }

    /**
     * The contents of {@code spec}'s map, which must be one of the script.
     *
     * @param entries how many keys and values the segments hold; 1 for a map without keys
     * @param cpus the number of possible CPUs
     */
    public static MapContents of(MapSpec spec, int entries, MemorySegment keys, MemorySegment values, int cpus) {
        return new MapContents(spec, entries, keys, values, cpus);
    }

    /** The map as the script sees it. */
    public MapSpec.View view() {
        return view;
    }

    /** How many entries there are; of a map without keys 1 when it was ever assigned, else 0. */
    public int count() {
        return switch (view.storage()) {
            case ENTRY, ENTRY_PER_CPU -> entries;
            case SINGLE -> values.get(ValueLayout.JAVA_LONG_UNALIGNED, 0) == 0 ? 0 : 1;
            case SINGLE_PER_CPU -> anyBlockSet() ? 1 : 0;
        };
    }

    private boolean anyBlockSet() {
        int size = blockSize();
        for (int cpu = 0; cpu < cpus; cpu++) {
            long at = (long) cpu * size;
            // A count sets no first word while it counts: it is never 0 then.
            if ((values.get(ValueLayout.JAVA_LONG_UNALIGNED, at) | values.get(ValueLayout.JAVA_LONG_UNALIGNED, at + 8)) != 0) {
                return true;
            }
        }
        return false;
    }

    private int blockSize() {
        return MapSpec.Storage.blockSize(view.value().size() / 8);
    }

    /** Whether the map has keys. */
    boolean keyed() {
        return view.key().isPresent();
    }

    int keySize() {
        return keySize;
    }

    MemorySegment keys() {
        return keys;
    }

    /** The bytes of an entry's key, until the next call. */
    byte[] key(int entry) {
        if (keyBytes.length < keySize) {
            keyBytes = new byte[keySize];
        }
        MemorySegment.copy(keys, ValueLayout.JAVA_BYTE, (long) entry * keySize, keyBytes, 0, keySize);
        return keyBytes;
    }

    /** The bytes of an entry's value, until the next call; not for aggregations. */
    byte[] value(int entry) {
        int size = view.value().size();
        if (valueBytes.length < size) {
            valueBytes = new byte[size];
        }
        long from = view.storage() == MapSpec.Storage.SINGLE ? 8 : (long) entry * valueStride;
        MemorySegment.copy(values, ValueLayout.JAVA_BYTE, from, valueBytes, 0, size);
        return valueBytes;
    }

    /** Puts an entry's aggregation into {@code totals}, merged over all CPUs. */
    Totals totals(int entry, Totals totals) {
        int words = valueStride / 8;
        if (block.length < words) {
            block = new long[words];
        }
        MemorySegment.copy(values, ValueLayout.JAVA_LONG_UNALIGNED, (long) entry * valueStride, block, 0, words);
        return switch (view.storage()) {
            case SINGLE_PER_CPU -> totals.merge(block, 1, blockSize() / 8, cpus);
            case ENTRY_PER_CPU -> totals.merge(block, 0, words / cpus, cpus);
            case ENTRY -> totals.merge(block, 0, 0, 1);
            case SINGLE -> totals.merge(block, 1, 0, 1);
        };
    }

    /** Whether values are aggregations. */
    boolean aggregated() {
        return view.value() instanceof Type.Aggregate;
    }
}
