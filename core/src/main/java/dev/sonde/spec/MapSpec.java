package dev.sonde.spec;

import dev.sonde.types.Type;
import java.util.Optional;

/**
 * A BPF map to create.
 *
 * @param name as the kernel shows it: at most 15 characters of letters, digits, dots and underscores
 * @param kind the kernel's map type
 * @param keySize bytes; 0 for a ring buffer
 * @param valueSize bytes; 0 for a ring buffer
 * @param maxEntries entries; bytes for a ring buffer
 * @param flags BPF_F_* flags of map creation
 * @param initial content of a one-element array map at its start, empty for zeros
 * @param view how the script sees it; empty for an internal map
 * @param inner what an array of maps holds; empty for other kinds
 */
public record MapSpec(String name, MapKind kind, int keySize, int valueSize, int maxEntries, int flags, byte[] initial, Optional<View> view,
        Optional<MapSpec> inner) {
    /** BPF_F_NO_PREALLOC */
    public static final int NO_PREALLOC = 1;

    /** BPF_F_MMAPABLE, kernel 5.5 */
    public static final int MMAPABLE = 1 << 10;

    /** A map that holds no maps. */
    public MapSpec(String name, MapKind kind, int keySize, int valueSize, int maxEntries, int flags, byte[] initial, Optional<View> view) {
        this(name, kind, keySize, valueSize, maxEntries, flags, initial, view, Optional.empty());
    }

    /** An array of up to {@code maxEntries} maps as {@code inner} describes them; empty at the start. */
    public static MapSpec arrayOfMaps(String name, int maxEntries, MapSpec inner) {
        return new MapSpec(name, MapKind.ARRAY_OF_MAPS, 4, 4, maxEntries, 0, new byte[0], Optional.empty(), Optional.of(inner));
    }

    /**
     * A map of the script.
     *
     * @param name as written, with its sigil: {@code @x}, {@code @}
     * @param key the key's type; empty for a map without keys
     * @param value the value's type
     * @param storage where the values are
     */
    public record View(String name, Optional<Type> key, Type value, Storage storage) {}

    /** Of how many CPUs an entry holds values, for a map kind that keeps them of {@code cpus}. */
    public int cpusInEntry(int cpus) {
        boolean slots = !kind.perCpu() && view.orElseThrow().storage() == Storage.ENTRY_PER_CPU;
        return slots ? valueSize / Storage.slotSize(view.orElseThrow().value().size() / 8) : cpus;
    }

    /** How a script's values lie in the kernel's map. */
    public enum Storage {
        /** One entry a key; the value as its type lays it out. */
        ENTRY,
        /**
         * One entry a key with a value for each CPU, an aggregation's words: of a per-CPU map kind, or, where programs cannot see what other CPUs
         * have in those (before 5.19), in slots of {@link #slotSize} bytes in one value.
         */
        ENTRY_PER_CPU,
        /**
         * No key: the array map's one value holds 8 bytes that are not 0 when the map was ever assigned, then the value at offset 8.
         */
        SINGLE,
        /**
         * No key: the array map's one value holds a block of aggregation words for each CPU. A block is {@link #blockSize} bytes and starts with a
         * word that is not 0 when this CPU ever updated it; a count's block may leave it 0 while its own word is not.
         */
        SINGLE_PER_CPU;

        /** Size in bytes of one CPU's slot in an entry, for {@code words} aggregation words: whole cache lines. */
        public static int slotSize(int words) {
            return (8 * words + 63) / 64 * 64;
        }

        /** Size in bytes of one CPU's block for {@code words} aggregation words: at least a cache line, a power of two. */
        public static int blockSize(int words) {
            int size = 64;
            while (size < 8 + 8 * words) {
                size <<= 1;
            }
            return size;
        }
    }
}
