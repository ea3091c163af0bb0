package dev.sonde.compile;

import dev.sonde.source.Span;
import dev.sonde.syntax.Expression;
import dev.sonde.types.Type;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
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
        boolean keyed;
        boolean unkeyed;
        boolean assigned;
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

    /** Widens the value type of {@code map} to hold {@code type} too; false when they do not go together. */
    boolean value(MapFact map, Type type) {
        Type both = Unify.types(map.value, Unify.stored(type));
        if (both == null) {
            return false;
        }
        changed |= !both.equals(map.value);
        map.value = both;
        return true;
    }

    /** The same for its key. */
    boolean key(MapFact map, Type type) {
        Type both = Unify.types(map.key, Unify.stored(type));
        if (both == null) {
            return false;
        }
        changed |= !both.equals(map.key);
        map.key = both;
        return true;
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
