package dev.sonde.compile;

import dev.sonde.source.Span;
import dev.sonde.syntax.Expression;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the uses of the script's maps say about their keys and values; shared by all probes while types are inferred. */
final class MapFacts {
    /** One map. Types are {@code Type.NONE} while nothing is known. */
    static final class MapFact {
        final String name;
        final Span firstUse;
        Type key = Type.NONE;
        Type value = Type.NONE;
        TypeEvidence keys = TypeEvidence.NONE;
        TypeEvidence values = TypeEvidence.NONE;
        /** The same before integers were given the 8 bytes that they take in a map. */
        Type keyAsWritten = Type.NONE;
        Type valueAsWritten = Type.NONE;
        boolean keyed;
        boolean unkeyed;
        /** Whether the first use that tells had a key; null before. */
        Boolean keyedFirst;
        boolean assigned;
        /** Whether the script looks at the value of an entry. */
        boolean read;
        String declaredKind = "";
        int maxEntries;
        /** What is assigned to it or its entries. */
        final Set<Expression> origins = Collections.newSetFromMap(new IdentityHashMap<>());

        MapFact(String name, Span firstUse) {
            this.name = name;
            this.firstUse = firstUse;
        }

        /** With its sigil. */
        String text() {
            return "@" + name;
        }
    }

    private final Map<String, MapFact> maps = new LinkedHashMap<>();
    private boolean changed;

    MapFact of(String name, Span span) {
        return maps.computeIfAbsent(name, n -> new MapFact(n, span));
    }

    Iterable<MapFact> all() {
        return maps.values();
    }

    /** The names of those that something is assigned to. */
    List<String> assigned() {
        List<String> names = new ArrayList<>();
        for (MapFact map : maps.values()) {
            if (map.assigned && !map.name.isEmpty()) {
                names.add(map.name);
            }
        }
        return names;
    }

    /** Widens the value type of {@code map} to hold what {@code more} tells of too; false when they do not go together. */
    boolean value(MapFact map, TypeEvidence more) {
        TypeEvidence both = map.values.and(more.stored());
        if (both == null) {
            return false;
        }
        changed |= !both.type().equals(map.value);
        map.values = both;
        map.value = both.type();
        map.valueAsWritten = Unify.types(map.valueAsWritten, more.type());
        return true;
    }

    /** The same for its key. */
    boolean key(MapFact map, TypeEvidence more) {
        TypeEvidence both = map.keys.and(more.stored());
        if (both == null) {
            return false;
        }
        changed |= !both.type().equals(map.key);
        map.keys = both;
        map.key = both.type();
        map.keyAsWritten = Unify.types(map.keyAsWritten, more.type());
        return true;
    }

    /** Whether a map declared to be of {@code kind}, empty where nothing is declared, holds values of {@code type}: aggregations are kept per CPU. */
    static boolean holds(String kind, Type type) {
        return kind.isEmpty() || kind.startsWith("percpu") == type instanceof Type.Aggregate;
    }

    /** Whether anything was widened since the last call. */
    boolean changed() {
        boolean before = changed;
        changed = false;
        return before;
    }

    void markChanged() {
        changed = true;
    }
}
