package dev.sonde.compile;

import dev.sonde.builtins.Lowering;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.MapKind;
import dev.sonde.spec.MapSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.spec.UnwindLayout;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of one trace that grow while its programs are lowered: maps, events, sites. */
final class Module {
    /** Index of the map that counts lost events: one word. */
    static final int LOST = 1;

    private static final int MOST_PREALLOCATED = 1 << 20;
    private static final int MOST_PREALLOCATED_PER_CPU = 128 << 20;
    private static final int MOST_PREALLOCATED_LARGE = 16 << 20;

    private final Environment environment;
    private final List<MapSpec> maps = new ArrayList<>();
    private final List<EventSpec> events = new ArrayList<>();
    private final List<TraceSpec.Site> sites = new ArrayList<>();
    private final Map<String, Integer> functions = new HashMap<>();
    private final Map<String, Integer> scriptMaps = new HashMap<>();
    private final Map<Lowering.Internal, Integer> internal = new EnumMap<>(Lowering.Internal.class);
    private final Map<String, Integer> constants = new HashMap<>();

    Module(Environment environment, MapFacts facts) {
        this.environment = environment;
        int pages = environment.settings().options().ringPages();
        add(new MapSpec("ring", MapKind.RINGBUF, 0, 0, pages * environment.target().pageSize(), 0, new byte[0], Optional.empty()));
        add(array("lost", 8, new byte[0]));
        for (MapFacts.MapFact map : facts.all()) {
            if (map.value != Type.NONE || !map.declaredKind.isEmpty()) {
                scriptMaps.put(map.name, add(scriptMap(map)));
            }
        }
    }

    /** Whether the target's kernel has {@code feature}. */
    boolean has(Feature feature) {
        return environment.target().has(feature);
    }

    /** Whether full maps and mistakes that show only while running are told of. */
    boolean tellsFailures() {
        return environment.settings().reportFailures();
    }

    /** Whether failed reads and lookups are told of. */
    boolean tellsHelperErrors() {
        return environment.settings().reportHelperErrors();
    }

    /** The pid namespace that the script's numbers are of; empty for the machine's first. */
    Optional<Target.PidNamespace> pidNamespace() {
        return environment.target().pidNamespace();
    }

    /** Number of CPU slots in per-CPU blocks of array maps: a power of two. */
    int cpuSlots() {
        int slots = 1;
        while (slots < environment.target().possibleCpus()) {
            slots <<= 1;
        }
        return slots;
    }

    private MapSpec scriptMap(MapFacts.MapFact map) {
        boolean aggregate = map.value instanceof Type.Aggregate;
        boolean keyed = map.key != Type.NONE;
        MapSpec.Storage storage = keyed
                ? aggregate ? MapSpec.Storage.ENTRY_PER_CPU : MapSpec.Storage.ENTRY
                : aggregate ? MapSpec.Storage.SINGLE_PER_CPU : MapSpec.Storage.SINGLE;
        var view = new MapSpec.View(map.text(), keyed ? Optional.of(map.key) : Optional.empty(), map.value, storage);
        int valueSize = Math.max(1, map.value.size());
        return switch (storage) {
            case ENTRY, ENTRY_PER_CPU -> hash(map, aggregate, valueSize, view);
            case SINGLE -> single(map, 8 + (valueSize + 7) / 8 * 8, view);
            case SINGLE_PER_CPU -> single(map, cpuSlots() * MapSpec.Storage.blockSize(((Type.Aggregate) map.value).aggregation().words()), view);
        };
    }

    private MapSpec hash(MapFacts.MapFact map, boolean aggregate, int valueSize, MapSpec.View view) {
        MapKind kind = switch (map.declaredKind) {
            case "lruhash" -> MapKind.LRU_HASH;
            case "percpulruhash" -> MapKind.LRU_PERCPU_HASH;
            case "percpuhash" -> MapKind.PERCPU_HASH;
            default -> aggregate ? MapKind.PERCPU_HASH : MapKind.HASH;
        };
        if (kind == MapKind.PERCPU_HASH && aggregate && map.read && !environment.target().has(Feature.MAP_LOOKUP_PERCPU)) {
            // A program cannot see what other CPUs have in such a map: every entry gets room for all of them.
            kind = MapKind.HASH;
            valueSize = cpuSlots() * MapSpec.Storage.slotSize(valueSize / 8);
        }
        int entries = map.maxEntries > 0 ? map.maxEntries : environment.settings().maxMapKeys();
        long bytes = (long) entries * (valueSize + map.key.size()) * (kind.perCpu() ? environment.target().possibleCpus() : 1);
        // Values for each CPU the kernel often cannot find in the moment that a program asks for them.
        int most = !kind.perCpu() ? MOST_PREALLOCATED : valueSize > 64 ? MOST_PREALLOCATED_LARGE : MOST_PREALLOCATED_PER_CPU;
        boolean late = bytes > most && kind != MapKind.LRU_HASH && kind != MapKind.LRU_PERCPU_HASH
                && environment.target().has(Feature.ATOMIC_HASH_ALLOCATION);
        return new MapSpec(kernelName(map), kind, map.key.size(), valueSize, entries, late ? MapSpec.NO_PREALLOC : 0, new byte[0], Optional.of(view));
    }

    private MapSpec single(MapFacts.MapFact map, int size, MapSpec.View view) {
        return new MapSpec(kernelName(map), MapKind.ARRAY, 4, size, 1, MapSpec.MMAPABLE, new byte[0], Optional.of(view));
    }

    private static String kernelName(MapFacts.MapFact map) {
        String name = "AT_" + map.name;
        return name.length() > 15 ? name.substring(0, 15) : name;
    }

    private static MapSpec array(String name, int size, byte[] initial) {
        return new MapSpec(name, MapKind.ARRAY, 4, size, 1, MapSpec.MMAPABLE, initial, Optional.empty());
    }

    private int add(MapSpec map) {
        maps.add(map);
        return maps.size() - 1;
    }

    /** The index of the script's map {@code name}. */
    int map(String name) {
        return scriptMaps.get(name);
    }

    /** The map of that index. */
    MapSpec spec(int map) {
        return maps.get(map);
    }

    /** The view of the script's map {@code name}. */
    MapSpec.View view(String name) {
        return maps.get(map(name)).view().orElseThrow();
    }

    /** The index of an internal map. */
    int internal(Lowering.Internal kind) {
        return internal.computeIfAbsent(kind, k -> add(switch (k) {
            case STACKS -> new MapSpec("stacks", MapKind.LRU_HASH, 8, 8 * 128, 16384, 0, new byte[0], Optional.empty());
            case START_TIME -> array("start", 8, new byte[0]);
            case UNWIND_PROCESSES -> new MapSpec(UnwindLayout.PROCESSES, MapKind.HASH, 8, UnwindLayout.PROCESS_BYTES, UnwindLayout.MOST_PROCESSES,
                    MapSpec.NO_PREALLOC, new byte[0], Optional.empty());
            case UNWIND_FILES -> new MapSpec(UnwindLayout.FILES, MapKind.HASH, 16, UnwindLayout.PROCESS_BYTES, UnwindLayout.MOST_PROCESSES,
                    MapSpec.NO_PREALLOC, new byte[0], Optional.empty());
            case UNWIND_ROWS -> MapSpec.arrayOfMaps(UnwindLayout.ROWS, UnwindLayout.MOST_SHARDS, array("unwind_shard", UnwindLayout.SHARD_BYTES,
                    new byte[0]));
            case UNWIND_ASKED -> new MapSpec(UnwindLayout.ASKED, MapKind.LRU_HASH, 8, 8, UnwindLayout.MOST_PROCESSES, 0, new byte[0],
                    Optional.empty());
        }));
    }

    /** An array map whose one value is {@code bytes} (for constants) or zeros. */
    int constant(byte[] bytes) {
        return constants.computeIfAbsent(Arrays.toString(bytes), _ -> add(array("const", bytes.length, bytes)));
    }

    /** An array map with a block of {@code size} bytes for each CPU slot. */
    int scratch(int size) {
        return add(new MapSpec("scratch", MapKind.ARRAY, 4, size * cpuSlots(), 1, 0, new byte[0], Optional.empty()));
    }

    /** Adds an event; gives its index. */
    int event(EventSpec event) {
        events.add(event);
        return events.size() - 1;
    }

    /** Adds places; gives the index of the first. */
    int sites(List<TraceSpec.Site> more) {
        for (TraceSpec.Site site : more) {
            functions.putIfAbsent(site.function(), sites.size());
            sites.add(site);
        }
        return sites.size() - more.size();
    }

    /** The index of the first place that is in a function of the name that place {@code site} has. */
    int firstInFunction(int site) {
        return functions.get(sites.get(site).function());
    }

    /** A mark to go back to when a program must be lowered again. */
    int[] mark() {
        return new int[] {maps.size(), events.size()};
    }

    /** Forgets maps and events made since {@code mark}. */
    void reset(int[] mark) {
        maps.subList(mark[0], maps.size()).clear();
        events.subList(mark[1], events.size()).clear();
        internal.values().removeIf(index -> index >= mark[0]);
        constants.values().removeIf(index -> index >= mark[0]);
    }

    List<MapSpec> maps() {
        return maps;
    }

    List<EventSpec> events() {
        return events;
    }

    List<TraceSpec.Site> sites() {
        return sites;
    }
}
