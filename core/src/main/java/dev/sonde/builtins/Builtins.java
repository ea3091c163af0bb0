package dev.sonde.builtins;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table of builtins. */
public final class Builtins {
    /** The builtin whose members are the probe's arguments by name; it is no value of its own in expressions such as {@code args.fd}. */
    public static final String ARGS = "args";
    /** The builtin that has the type of a function's result where a script looks into it: {@code retval->next}. */
    public static final String RESULT = "retval";

    private static final Map<String, Optional<Builtin>> FOUND = new HashMap<>();

    private Builtins() {}

    /** The builtin of that name or alias. An entry is made when it is first looked up: a run uses few of them. */
    public static Optional<Builtin> find(String name) {
        Optional<Builtin> known = FOUND.get(name);
        if (known == null) {
            known = Optional.ofNullable(entry(name));
            FOUND.put(name, known);
        }
        return known;
    }

    private static Builtin entry(String name) {
        Builtin builtin = TaskValues.of(name);
        builtin = builtin != null ? builtin : TaskFunctions.of(name);
        builtin = builtin != null ? builtin : ContextValues.of(name);
        builtin = builtin != null ? builtin : OutputFunctions.of(name);
        builtin = builtin != null ? builtin : MapFunctions.of(name);
        builtin = builtin != null ? builtin : Aggregations.of(name);
        builtin = builtin != null ? builtin : StringFunctions.of(name);
        builtin = builtin != null ? builtin : SymbolFunctions.of(name);
        builtin = builtin != null ? builtin : NetworkFunctions.of(name);
        builtin = builtin != null ? builtin : TextSearch.of(name);
        builtin = builtin != null ? builtin : NumberNames.of(name);
        builtin = builtin != null ? builtin : TypeFunctions.of(name);
        builtin = builtin != null ? builtin : Assertions.of(name);
        builtin = builtin != null ? builtin : KernelFunctions.of(name);
        builtin = builtin != null ? builtin : ScriptSettings.of(name);
        return builtin != null ? builtin : ProcessFunctions.of(name);
    }

    /** Whether the builtin of that name reads the probe's context. */
    public static boolean readsContext(String name) {
        return find(name).filter(b -> b.is(Builtin.Trait.CONTEXT)).isPresent();
    }

    /** Whether a call of that name, when it has arguments, may need a program of the kernel's kind "tracing". */
    public static boolean needsTypedProgram(String name) {
        return find(name).filter(b -> b.is(Builtin.Trait.TYPED_PROGRAM)).isPresent();
    }

    /** Whether the builtin of that name tells the places of one attach point apart. */
    public static boolean tellsSite(String name) {
        return find(name).filter(b -> b.is(Builtin.Trait.SITE)).isPresent();
    }

    /** Whether the builtin of that name assigns to the variable that is its last argument. */
    public static boolean assigns(String name) {
        return find(name).filter(b -> b.is(Builtin.Trait.ASSIGNS)).isPresent();
    }

    /** All names. */
    public static List<String> names() {
        List<String> names = new ArrayList<>();
        List.of(TaskValues.NAMES, TaskFunctions.NAMES, TextSearch.NAMES, NumberNames.NAMES, TypeFunctions.NAMES, Assertions.NAMES,
                KernelFunctions.NAMES,
                ScriptSettings.NAMES, ContextValues.NAMES, OutputFunctions.NAMES, MapFunctions.NAMES, Aggregations.NAMES, StringFunctions.NAMES,
                SymbolFunctions.NAMES, NetworkFunctions.NAMES, ProcessFunctions.NAMES).forEach(names::addAll);
        return names;
    }

    /** Every builtin once, sorted by name: for the reference. */
    public static List<Builtin> all() {
        List<Builtin> all = new ArrayList<>();
        names().forEach(name -> all.add(find(name).orElseThrow()));
        all.sort(Comparator.comparing(Builtin::name));
        return all;
    }
}
