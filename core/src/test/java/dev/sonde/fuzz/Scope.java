package dev.sonde.fuzz;

import java.util.ArrayList;
import java.util.List;

/** The variables that can be named at one place of a script that is being derived, and the maps that were assigned to before it. */
final class Scope {
    /**
     * A variable, or a part of one.
     *
     * @param assignable whether it is a variable as a whole
     */
    record Variable(String text, String kind, boolean assignable) {}

    /**
     * A map.
     *
     * @param key the kind of its keys; empty without keys
     * @param value the kind of its values
     */
    record ScriptMap(String name, String key, String value) {}

    private final List<Variable> variables = new ArrayList<>();
    private final List<Variable> pending = new ArrayList<>();
    private final List<ScriptMap> maps = new ArrayList<>();
    private int named;

    /** A new name of a variable. */
    String name(String kind) {
        return "$" + kind + named++;
    }

    /** Declares a variable that can be named from the next statement or block on. */
    void declare(String text, String kind, boolean assignable) {
        pending.add(new Variable(text, kind, assignable));
    }

    /** Lets what was declared be named. */
    void settle() {
        variables.addAll(pending);
        pending.clear();
    }

    int mark() {
        return variables.size();
    }

    void leave(int mark) {
        variables.subList(mark, variables.size()).clear();
    }

    void add(ScriptMap map) {
        if (!maps.contains(map)) {
            maps.add(map);
        }
    }

    List<Variable> variables(String kind, boolean assignable) {
        return variables.stream().filter(v -> v.kind().equals(kind) && (v.assignable() || !assignable)).toList();
    }

    List<ScriptMap> maps(String kind, boolean keyed) {
        return maps.stream().filter(m -> (m.value().equals(kind) || kind.equals("any")) && (!keyed || !m.key().isEmpty())).toList();
    }
}
