package dev.sonde.builtins;

import dev.sonde.probes.ProbeContext;
import dev.sonde.probes.ProbeGroup;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.syntax.Expression;
import dev.sonde.target.Target;
import dev.sonde.types.Type;
import java.util.Optional;
import java.util.OptionalLong;

/** What a check may ask about the use it checks. Argument indices count from 0; types are known already. */
public interface Checking {
    /** The name as written. */
    String name();

    /** The whole use. */
    Span span();

    /** Whether it is written with parentheses. */
    boolean called();

    /** How many arguments there are. */
    int count();

    /** Argument {@code index} as written. */
    Expression.Argument argument(int index);

    /** The type of argument {@code index}; of a map without a key the type of its values. {@code Type.NONE} when it has none (yet). */
    Type type(int index);

    /** The integer that argument {@code index} always has: a literal, a parameter, a constant expression. */
    OptionalLong constant(int index);

    /** The text that argument {@code index} always has: a string literal or {@code str($1)}. */
    Optional<String> text(int index);

    /** Text of positional parameter {@code index} (1-based), when given. */
    Optional<String> parameter(int index);

    /** The map that argument {@code index} names with or without a key; its key type is {@code Type.NONE} without keys. */
    Optional<MapUse> map(int index);

    /** Notes that a key of {@code type} is used with the map of argument {@code index}; a mismatch is a mistake at {@code span}. */
    void mapKeyType(int index, Type type, Span span);

    /** The probe kind and places that this check is made for. */
    ProbeGroup probe();

    /** What its programs may read. */
    default ProbeContext context() {
        return probe().context();
    }

    /** The machine. */
    Target target();

    /** The script's settings. */
    Settings settings();

    /** The type that a type name or an expression of an argument stands for. */
    Type typeArgument(int index);

    /** Adds a mistake at {@code span}. */
    void report(Span span, DiagnosticCode code, String message, String... hints);

    /** Adds a mistake and gives no type. */
    default Type fail(Span span, DiagnosticCode code, String message, String... hints) {
        report(span, code, message, hints);
        return Type.NONE;
    }

    /** The place of argument {@code index}, or of the whole use when there is none. */
    default Span span(int index) {
        return index < count() ? argument(index).span() : span();
    }

    /** Whether there are from {@code least} to {@code most} arguments; else a mistake is added. */
    default boolean arguments(int least, int most) {
        if (count() >= least && count() <= most) {
            return true;
        }
        String wanted = least == most ? String.valueOf(least) : least + " to " + (most == Integer.MAX_VALUE ? "any number of" : most);
        report(span(), DiagnosticCode.BAD_ARGUMENTS, name() + "() requires " + wanted + (wanted.equals("1") ? " argument" : " arguments") + " (" + count()
                + " provided)");
        return false;
    }

    /** A map named by an argument. */
    record MapUse(String name, Type key, Type value, boolean keyed) {}
}
