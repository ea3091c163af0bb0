package dev.sonde.compile;

import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Nearest;
import dev.sonde.syntax.Expression;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;

/** Types calls: their arguments, and whether a function may be called here; its entry in the table decides the rest. */
final class TypeCalls {
    private final Environment environment;
    private final TypedScript.Unit unit;
    private final MapFacts maps;
    private final TypeExpressions expressions;
    private Expression aggregated;

    TypeCalls(Environment environment, TypedScript.Unit unit, MapFacts maps, TypeExpressions expressions) {
        this.environment = environment;
        this.unit = unit;
        this.maps = maps;
        this.expressions = expressions;
    }

    /**
     * Notes which expression is assigned to a map, where an aggregation may stand; null when none is. Gives the one before, of an assignment around
     * this.
     */
    Expression aggregated(Expression expression) {
        Expression outer = aggregated;
        aggregated = expression;
        return outer;
    }

    /** The type of {@code call}. */
    Type call(Expression.Call call) {
        Optional<Builtin> builtin = Builtins.find(call.name());
        for (int i = 0; i < call.arguments().size(); i++) {
            if (call.arguments().get(i) instanceof Expression.Argument.Value(Expression value)
                    && !(builtin.isPresent() && word(builtin.get(), call, i, value))) {
                argument(value);
            } else if (call.arguments().get(i) instanceof Expression.Argument.OfType type
                    && !builtin.filter(b -> b.is(Builtin.Trait.TYPES)).isPresent()) {
                expressions.report(type.span(), DiagnosticCode.BAD_ARGUMENTS, call.name() + "() takes values, not types");
                return Type.NONE;
            }
        }
        if (builtin.isEmpty()) {
            String near = Nearest.to(call.name(), Builtins.names());
            expressions.report(call.span(), DiagnosticCode.UNKNOWN_FUNCTION, "Unknown function: '" + call.name() + "'",
                    near.isEmpty() ? "" : "Did you mean '" + near + "'?");
            return Type.NONE;
        }
        if (builtin.get().form() == Builtin.Form.AGGREGATION && call != aggregated) {
            expressions.report(call.span(), DiagnosticCode.BAD_ARGUMENTS, call.name() + "() must be assigned directly to a map");
            return Type.NONE;
        }
        if (builtin.get().is(Builtin.Trait.UNSAFE) && !environment.settings().unsafe()) {
            expressions.report(call.span(), DiagnosticCode.UNSAFE, call.name() + "() is an unsafe function being used in safe mode",
                    "Run with --unsafe to allow it.");
        }
        var checked = new CheckedCall(environment, unit, maps, expressions, call);
        Type type = builtin.get().check().check(checked);
        useValues(builtin.get(), checked);
        return type;
    }

    /** A map whose value is what the builtin takes has no key. */
    private void useValues(Builtin builtin, CheckedCall call) {
        for (int i = 0; i < call.count(); i++) {
            if (call.argument(i) instanceof Expression.Argument.Value(Expression.MapReference map) && !call.takesMap(i)
                    && !builtin.is(Builtin.Trait.TYPES)) {
                expressions.mapTypes().use(map, List.of(), map.span());
            }
        }
    }

    /** Whether an argument is a word that only this builtin knows. */
    private boolean word(Builtin builtin, Expression.Call call, int index, Expression value) {
        if (builtin.is(Builtin.Trait.PATH_LAST) && index == call.arguments().size() - 1 && index > 0) {
            return true;
        }
        return builtin.is(Builtin.Trait.WORD_FIRST) && index <= 1 && value instanceof Expression.Identifier(_, String name)
                && environment.constants().define(name).isEmpty() && Builtins.find(name).isEmpty() && environment.constants().value(name).isEmpty();
    }

    /** A map without a key may be meant whole as an argument, so that says nothing about its having keys. */
    private void argument(Expression value) {
        if (value instanceof Expression.MapReference m) {
            unit.facts().set(m, maps.of(m.name(), m.span()).value);
        } else {
            expressions.type(value);
        }
    }

    /** Whether all arguments of {@code call} have types, so that a missing result is not for want of knowledge. */
    boolean typed(Expression.Call call) {
        if (!expressions.isLast()) {
            return false;
        }
        for (Expression.Argument argument : call.arguments()) {
            if (argument instanceof Expression.Argument.Value(Expression value) && unit.facts().of(value) == Type.NONE) {
                return false;
            }
        }
        return Builtins.find(call.name()).filter(b -> b.form() != Builtin.Form.AGGREGATION).isPresent();
    }
}
