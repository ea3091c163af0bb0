package dev.sonde.builtins;

import dev.sonde.ir.Value;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A builtin value or function.
 *
 * @param name its name in scripts
 * @param aliases other names
 * @param form how it is written
 * @param signatures as the reference shows them: {@code str(pointer [, length])}
 * @param traits what kind of thing it is
 * @param documentation what it is or does, in a few sentences
 * @param example a script that runs as it stands and ends by itself
 * @param check gives the result's type, or adds diagnostics
 * @param constant the integer that a use always has
 * @param members the fields that a record always has
 * @param lower makes its code
 */
public record Builtin(
        String name,
        List<String> aliases,
        Form form,
        List<String> signatures,
        List<Trait> traits,
        String documentation,
        String example,
        Check check,
        Constant constant,
        Members members,
        Lower lower) {
    public Builtin {
        aliases = List.copyOf(aliases);
        signatures = List.copyOf(signatures);
        traits = List.copyOf(traits);
    }

    /** How it is written. */
    public enum Form {
        /** A bare word, or with empty parentheses. */
        VALUE,
        /** With parentheses. */
        FUNCTION,
        /** A bare word or a call with arguments: {@code ustack}, {@code ustack(3)}. */
        BOTH,
        /** A function that only stands at the right of a map assignment: {@code @x = count()}. */
        AGGREGATION
    }

    /** What the reference says beside an entry. */
    public enum Trait {
        /** Its effect is in user space, after the probe has run. */
        ASYNC,
        /** Decided when the script is compiled. */
        COMPILE_TIME,
        /** Changes the system: needs --unsafe. */
        UNSAFE,
        /** Gives the text of a script parameter when called with one: {@code str($1)}. */
        TEXT,
        /** Gives a value and also changes a map or a variable: it is evaluated even when an event that would carry its value is lost. */
        EFFECT,
        /** Ends the run of the probe: what stands after it is not run. */
        LEAVES,
        /** An argument may be a type: {@code typeinfo(uint64)}. */
        TYPES,
        /** Its first argument, or its first two, may be words that are names only here: {@code nsecs(boot)}, {@code ustack(dwarf, perf)}. */
        WORD_FIRST,
        /** Its last argument is the path of a field: {@code container_of(p, struct a, b.c)}. */
        PATH_LAST,
        /** Assigns to the variable that its last argument names. */
        ASSIGNS,
        /** Tells the places of one attach point apart. */
        SITE,
        /** Reads the probe's context: its arguments, result or registers. */
        CONTEXT,
        /** Called with arguments, it may need a program of the kernel's kind "tracing", whose context has types. */
        TYPED_PROGRAM,
        /** Its code reads no memory and has no effect, so that a repeated use in one body may share its value. */
        PURE
    }

    /** Decides the type of a use. */
    @FunctionalInterface
    public interface Check {
        /** The result's type; {@code Type.NONE} for a call without a value and after an error. */
        Type check(Checking call);
    }

    /** Decides a use when the script is compiled. */
    @FunctionalInterface
    public interface Constant {
        /** Of an entry that only running decides. */
        Constant NONE = _ -> OptionalLong.empty();

        /** The integer that the use has; empty when it depends on the run, or on types that are not known yet. */
        OptionalLong of(Checking call);
    }

    /** Decides the fields of a record when the script is compiled. */
    @FunctionalInterface
    public interface Members {
        /** Of an entry that is no such record. */
        Members NONE = (_, _) -> Optional.empty();

        /** The field of that name: a constant or a literal. */
        Optional<Value> of(Checking call, String name);
    }

    /** Makes the code of a use that was checked without error. */
    @FunctionalInterface
    public interface Lower {
        /** The value, {@code Value.Nothing} for a call without one. */
        Value lower(Lowering call);
    }

    /** Whether it has {@code trait}. */
    public boolean is(Trait trait) {
        return traits.contains(trait);
    }
}
