package dev.sonde.builtins;

import dev.sonde.probes.ProbeContext;
import dev.sonde.probes.ProbeGroup;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.syntax.Expression;
import dev.sonde.target.Target;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import java.util.List;
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

    /** The value of the script's option {@code --name=value}; empty text of a bare {@code --name}. */
    Optional<String> option(String name);

    /** The expressions that argument {@code index} may have its value from: itself, or what is assigned to the variable or map that it is. */
    List<Expression> origins(int index);

    /** Notes that a value of {@code type} is assigned to the variable that argument {@code index} is; one that does not fit is a mistake. */
    void assign(int index, Type type);

    /** The map that argument {@code index} names with or without a key; its key type is {@code Type.NONE} without keys. */
    Optional<MapUse> map(int index);

    /** Notes that a key of {@code type} is used with the map of argument {@code index}; a mismatch is a mistake at {@code span}. */
    void mapKeyType(int index, Type type, Span span);

    /** Whether the use is in the body of a loop. */
    boolean inLoop();

    /** The probe kind and places that this check is made for. */
    ProbeGroup probe();

    /** What its programs may read. */
    default ProbeContext context() {
        return probe().context();
    }

    /** The machine. */
    Target target();

    /** Its kernel's types. */
    KernelTypes kernelTypes();

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
        String demand = least == most ? " requires " + number(least) : count() < least ? " requires at least " + number(least)
                : " takes up to " + number(most);
        report(span(), DiagnosticCode.BAD_ARGUMENTS, name() + "()" + demand + " (" + count() + " provided)");
        return false;
    }

    private static String number(int arguments) {
        return switch (arguments) {
            case 0 -> "no arguments";
            case 1 -> "one argument";
            default -> arguments + " arguments";
        };
    }

    /** The same for what bpftrace writes as a macro, in its words for those. */
    default boolean matches(int least, int most) {
        return count() >= least && count() <= most || mismatch();
    }

    /** Adds the mistake that no form of the function takes these arguments; false. */
    default boolean mismatch() {
        String forms = String.join(" or ", Builtins.find(name()).orElseThrow().signatures());
        report(span(), DiagnosticCode.BAD_ARGUMENTS, "Call to " + name() + "() has arguments that do not match any definition.", "It is written "
                + forms + ".");
        return false;
    }

    /** Whether argument {@code index}, when it is there, is text that is known now; else a mistake is added. */
    default boolean literalText(int index) {
        if (index >= count() || text(index).isPresent()) {
            return true;
        }
        report(span(), DiagnosticCode.NOT_CONSTANT, name() + "() expects a string literal (" + kind(index) + " provided)");
        return false;
    }

    /** Whether argument {@code index}, when it is there and has a type, is an integer; else a mistake is added. */
    default boolean integer(int index) {
        if (index >= count() || type(index) == Type.NONE || Values.read(type(index)).isInteger()) {
            return true;
        }
        report(span(), DiagnosticCode.BAD_ARGUMENTS, name() + "() only supports int arguments (" + kind(index) + " provided)");
        return false;
    }

    /** The kind of argument {@code index}'s type, for messages: {@code int}, {@code string}, {@code tuple}. */
    default String kind(int index) {
        boolean parameter = argument(index) instanceof Expression.Argument.Value(Expression.Positional _);
        return parameter ? "int" : text(index).isPresent() ? "string" : Values.kind(type(index));
    }

    /** The bare word that argument {@code index} is. */
    default Optional<String> word(int index) {
        return argument(index) instanceof Expression.Argument.Value(Expression.Identifier(_, String word)) ? Optional.of(word) : Optional.empty();
    }

    /** A map named by an argument. */
    record MapUse(String name, Type key, Type value, boolean keyed) {}
}
