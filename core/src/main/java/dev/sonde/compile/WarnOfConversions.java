package dev.sonde.compile;

import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Span;
import dev.sonde.syntax.BinaryOperator;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.types.Aggregation;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Warns of integers that change silently because what takes them is narrower or of the other sign, of casts that do nothing, and of comparisons of
 * pointers to different types. Runs when all types are known: the type of a variable or map depends on all of its assignments.
 */
final class WarnOfConversions {
    private static final int DEEPEST = 4;

    private final Diagnostics diagnostics;
    private final TypedScript.Unit unit;
    private final MapFacts maps;
    private final TypeExpressions expressions;
    /** What loops run through: integers have 8 bytes there, whatever was put in. */
    private final Set<Variable> rounds = Collections.newSetFromMap(new IdentityHashMap<>());

    WarnOfConversions(Diagnostics diagnostics, TypedScript.Unit unit, MapFacts maps, TypeExpressions expressions) {
        this.diagnostics = diagnostics;
        this.unit = unit;
        this.maps = maps;
        this.expressions = expressions;
    }

    void check() {
        unit.probe().predicate().ifPresent(this::expression);
        block(unit.probe().body());
    }

    private void block(Script.Block block) {
        block.statements().forEach(this::statement);
        block.result().ifPresent(this::expression);
    }

    private void statement(Statement statement) {
        if (statement instanceof Statement.Let let && let.value().isPresent()) {
            unit.scopes().of(let).ifPresent(variable -> converted(let.value().get(), unit.facts().of(variable)));
        } else if (statement instanceof Statement.Assign assign) {
            converted(assign.value(), taken(assign.target()));
            assign.operator().ifPresent(operator -> division(assign.operation(), operator, assign.target(), assign.value()));
        } else if (statement instanceof Statement.ForRange || statement instanceof Statement.ForMap) {
            unit.scopes().of(statement).ifPresent(rounds::add);
        }
        parts(Children.of(statement));
    }

    /** The type that what is assigned to holds. */
    private Type taken(Expression target) {
        if (target instanceof Expression.Variable variable) {
            return unit.scopes().of(variable).map(unit.facts()::of).orElse(Type.NONE);
        }
        return map(target).map(fact -> fact.value).orElse(Type.NONE);
    }

    /** The map that an expression is, or is an entry of. */
    private Optional<MapFacts.MapFact> map(Expression expression) {
        Expression whole = expression instanceof Expression.MapAccess access ? access.map() : expression;
        return whole instanceof Expression.MapReference(Span span, String name) ? Optional.of(maps.of(name, span)) : Optional.empty();
    }

    private void parts(List<Object> parts) {
        for (Object part : parts) {
            switch (part) {
                case Expression e -> expression(e);
                case Script.Block b -> block(b);
                default -> throw new IllegalStateException(part.toString());
            }
        }
    }

    private void expression(Expression expression) {
        if (expression instanceof Expression.IfValue branch && branch.comptime()) {
            expressions.taken(branch).ifPresent(this::block);
            return;
        }
        if (expression instanceof Expression.MapAccess access) {
            key(access);
        } else if (expression instanceof Expression.Call call) {
            key(call);
        } else if (expression instanceof Expression.Ternary ternary) {
            converted(ternary, unit.facts().of(ternary));
        } else if (expression instanceof Expression.Cast cast) {
            cast(cast);
        } else if (expression instanceof Expression.Binary binary) {
            binary(binary);
        }
        parts(Children.of(expression));
    }

    private void binary(Expression.Binary binary) {
        if (binary.operator().isComparison()) {
            comparison(binary);
        } else if (!expressions.isLiteral(binary)) {
            division(binary.span(), binary.operator(), binary.left(), binary.right());
        }
    }

    private void key(Expression.MapAccess access) {
        Type key = maps.of(access.map().name(), access.map().span()).key;
        if (access.keys().size() == 1) {
            converted(access.keys().getFirst(), key);
        } else if (key instanceof Type.Tuple(List<Type> types) && types.size() == access.keys().size()) {
            converted(access.keys(), types);
        }
    }

    /** A call that looks a key up: its first argument is a map, its second one the key. */
    private void key(Expression.Call call) {
        boolean looksUp = call.arguments().size() > 1 && Builtins.find(call.name()).filter(b -> !b.is(Builtin.Trait.ASYNC)).isPresent();
        if (looksUp && call.arguments().getFirst() instanceof Expression.Argument.Value(Expression.MapReference map)
                && call.arguments().get(1) instanceof Expression.Argument.Value(Expression key)) {
            converted(key, maps.of(map.name(), map.span()).key);
        }
    }

    private void converted(List<Expression> values, List<Type> wanted) {
        for (int i = 0; i < values.size() && i < wanted.size(); i++) {
            converted(values.get(i), wanted.get(i));
        }
    }

    /** Looks at a value that is kept as a {@code wanted}. */
    private void converted(Expression value, Type wanted) {
        if (value instanceof Expression.Tuple tuple && wanted instanceof Type.Tuple(List<Type> types)) {
            converted(tuple.elements(), types);
        } else if (value instanceof Expression.OfRecord of && wanted instanceof Type.Named n
                && Unify.inOrder(of.names(), n.names(), n.elements()) != null) {
            converted(of.values(), Unify.inOrder(of.names(), n.names(), n.elements()));
        } else if (value instanceof Expression.Ternary ternary) {
            if (expressions.literalTruth(ternary.condition()).isEmpty()) {
                ternary.yes().ifPresent(yes -> converted(yes, wanted));
                converted(ternary.no(), wanted);
            }
        } else {
            integer(value, written(value), wanted);
        }
    }

    private void integer(Expression value, Type type, Type wanted) {
        if (changes(type, wanted) && !expressions.evidence().isOpen(value) && !expressions.isLiteral(value)) {
            diagnostics.add(value.span(), DiagnosticCode.CONVERSION, "This value of type " + TypeText.of(type) + " is kept as one of type "
                    + TypeText.of(wanted) + ", which may change it. A cast says that this is meant.");
        }
    }

    /** The type of a value, for one from a map the type that was put there: the map itself keeps integers in 8 bytes. */
    private Type written(Expression value) {
        Type type = unit.facts().of(value);
        Type put = map(value).map(fact -> fact.valueAsWritten).orElse(Type.NONE);
        return type instanceof Type.Int && put instanceof Type.Int ? put : type;
    }

    private static boolean changes(Type from, Type to) {
        if (!(from instanceof Type.Int && to instanceof Type.Int)) {
            return false;
        }
        return from.isSigned() == to.isSigned() ? from.size() > to.size() : from.isSigned() || from.size() >= to.size();
    }

    /** Pointers are left alone: older releases of bpftrace knew the types of fewer, and scripts that were written for those say them. */
    private void cast(Expression.Cast cast) {
        Type type = unit.facts().of(cast);
        if (type != Type.NONE && !(type instanceof Type.Pointer) && type.equals(written(cast.operand())) && !isOfRound(cast.operand())) {
            diagnostics.add(WrittenTypes.place(cast), DiagnosticCode.USELESS_CAST,
                    "Unnecessary cast: expression is already of type " + TypeText.of(type));
        }
    }

    private boolean isOfRound(Expression value) {
        return value instanceof Expression.Element element ? isOfRound(element.operand())
                : value instanceof Expression.Variable variable && unit.scopes().of(variable).filter(rounds::contains).isPresent();
    }

    private void division(Span span, BinaryOperator operator, Expression left, Expression right) {
        if ((operator == BinaryOperator.DIV || operator == BinaryOperator.MOD) && (mayBeNegative(left) || mayBeNegative(right))) {
            diagnostics.add(span, DiagnosticCode.SUSPICIOUS, "signed operands for '" + operator.text() + "' are taken for unsigned: the result for a "
                    + "negative one is wrong", "A cast to uint64 says that there is none.");
        }
    }

    private boolean mayBeNegative(Expression operand) {
        Type type = unit.facts().of(operand);
        boolean signed = type instanceof Type.Int && type.isSigned() || type instanceof Type.Aggregate(Aggregation aggregation)
                && !(aggregation instanceof Aggregation.Count) && Casts.readType(aggregation).isSigned();
        return signed && !expressions.evidence().isOpen(operand) && !isOfRound(operand) && !isElapsed(operand, 0);
    }

    /** Whether a value is the difference of two unsigned ones, mostly times: those are subtracted in the order that gives no negative one. */
    private boolean isElapsed(Expression value, int depth) {
        if (value instanceof Expression.Binary(_, BinaryOperator operator, Expression left, Expression right)) {
            return operator == BinaryOperator.SUB ? !written(left).isSigned() && !written(right).isSigned()
                    : operator == BinaryOperator.DIV && depth < DEEPEST && isElapsed(left, depth + 1);
        }
        List<Expression> origins = new Origins(unit, maps).of(value);
        return depth < DEEPEST && !origins.contains(value) && origins.stream().allMatch(origin -> isElapsed(origin, depth + 1));
    }

    private void comparison(Expression.Binary binary) {
        if (unit.facts().of(binary.left()) instanceof Type.Pointer left && unit.facts().of(binary.right()) instanceof Type.Pointer right
                && !left.target().equals(right.target())) {
            String one = TypeText.of(left.target());
            String other = TypeText.of(right.target());
            diagnostics.add(Diagnostic.at(binary.span(), DiagnosticCode.SUSPICIOUS, "comparison of distinct pointer types: " + one + ", " + other)
                    .note(binary.left().span(), "left (" + one + ")").note(binary.right().span(), "right (" + other + ")"));
        }
    }
}
