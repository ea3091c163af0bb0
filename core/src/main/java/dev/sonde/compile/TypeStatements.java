package dev.sonde.compile;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.target.Feature;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Types the statements of one unit; expressions are {@link TypeExpressions}' work. */
final class TypeStatements {
    private final Environment environment;
    private final TypedScript.Unit unit;
    private final MapFacts maps;
    private final TypeExpressions expressions;
    private final WarnOfWaste warnings;
    private boolean widened;
    private int loops;
    private int rounds;

    TypeStatements(Environment environment, TypedScript.Unit unit, MapFacts maps, boolean last) {
        this.environment = environment;
        this.unit = unit;
        this.maps = maps;
        this.expressions = new TypeExpressions(environment, unit, maps, this, last);
        this.warnings = new WarnOfWaste(environment.diagnostics(), unit.facts());
    }

    /** The typing of expressions that this uses. */
    TypeExpressions expressions() {
        return expressions;
    }

    /** Types the predicate and the body. */
    void probe() {
        unit.probe().predicate().ifPresent(expressions::condition);
        block(unit.probe().body());
    }

    /** Whether a variable got a wider type than it had. */
    boolean widened() {
        return widened;
    }

    /** Types a block; the type of its result, {@code NONE} without one. */
    Type block(Script.Block block) {
        for (Statement statement : block.statements()) {
            statement(statement);
        }
        if (expressions.isLast()) {
            warnings.check(block);
        }
        return block.result().map(expressions::type).orElse(Type.NONE);
    }

    private void statement(Statement statement) {
        switch (statement) {
            case Statement.Evaluate e -> expressions.type(e.expression());
            case Statement.Assign a -> assign(a);
            case Statement.Discard d -> expressions.type(d.value());
            case Statement.Let l -> let(l);
            case Statement.Destructure d -> destructure(d);
            case Statement.If i when i.comptime() -> {
                OptionalLong decided = expressions.decided(i.condition());
                if (decided.isPresent()) {
                    (decided.getAsLong() != 0 ? Optional.of(i.then()) : i.otherwise()).ifPresent(this::block);
                }
            }
            case Statement.If i -> {
                expressions.condition(i.condition());
                block(i.then());
                i.otherwise().ifPresent(this::block);
            }
            case Statement.Unroll u -> unroll(u);
            case Statement.While w -> {
                environment.diagnostics().add(w.span(), DiagnosticCode.DEPRECATED, "While loops are deprecated.",
                        "A loop over a range, for ($i : 0..10) { … }, is known to end, and break leaves it early.");
                expressions.condition(w.condition());
                rounds(w.body());
            }
            case Statement.ForRange f -> forRange(f);
            case Statement.ForMap f -> forMap(f);
            case Statement.Break b -> inLoop(b.span(), "break");
            case Statement.Continue c -> inLoop(c.span(), "continue");
            case Statement.Return r -> r.value().ifPresent(value -> result(r, expressions.type(value)));
            case Statement.Nested n -> block(n.block());
            case Statement.ImportStatement i ->
                    environment.diagnostics().add(i.span(), DiagnosticCode.BAD_IMPORT, "An import inside a block is for bpftrace's own library only",
                            "Put it at the top of the script.");
        }
    }

    private void result(Statement.Return statement, Type type) {
        if (type != Type.NONE && (!type.isInteger() || type instanceof Type.Bool)) {
            environment.diagnostics().add(statement.span(), DiagnosticCode.TYPE_MISMATCH,
                    "Probe return values can only be integers. Found " + TypeText.of(type));
        } else if (loops > 0 && unit.group().kind().demand().isPresent()) {
            environment.diagnostics().add(statement.span(), DiagnosticCode.BAD_STATEMENT, "A value cannot be returned from inside a loop",
                    "Assign it to a variable, break, and return it after the loop.");
        }
    }

    private void inLoop(Span span, String word) {
        if (loops == 0) {
            environment.diagnostics().add(span, DiagnosticCode.BAD_STATEMENT, "'" + word + "' statement is not allowed in a probe");
        }
    }

    private void loop(Script.Block body) {
        loops++;
        block(body);
        loops--;
    }

    /** A body that one program runs several times: an unrolled one is written several times. */
    private void rounds(Script.Block body) {
        rounds++;
        loop(body);
        rounds--;
    }

    /** Whether this is in the body of a loop. */
    boolean inLoop() {
        return rounds > 0;
    }

    private void unroll(Statement.Unroll unroll) {
        expressions.type(unroll.count());
        var count = expressions.constant(unroll.count());
        if (count.isEmpty() && unit.facts().of(unroll.count()) != Type.NONE) {
            environment.diagnostics().add(unroll.span(), DiagnosticCode.NOT_CONSTANT, "invalid unroll value",
                    "It must be known when the script is compiled, from 1 to 100.");
        } else if (count.isPresent() && (count.getAsLong() < 1 || count.getAsLong() > 100)) {
            environment.diagnostics().add(unroll.span(), DiagnosticCode.OUT_OF_RANGE,
                    count.getAsLong() < 1 ? "unroll minimum value is 1" : "unroll maximum value is 100");
        }
        loop(unroll.body());
    }

    private void forRange(Statement.ForRange range) {
        Type from = expressions.type(range.from());
        Type to = expressions.type(range.to());
        if (!integer(from) || !integer(to)) {
            Span span = integer(from) ? range.to().span() : range.from().span();
            environment.diagnostics().add(span, DiagnosticCode.TYPE_MISMATCH, "Loop range requires an integer for the "
                    + (integer(from) ? "end" : "start") + " value");
        }
        boolean open = expressions.evidence().isOpen(range.from()) && expressions.evidence().isOpen(range.to());
        unit.scopes().of(range).ifPresent(v -> widen(v, open ? TypeEvidence.ofLiteral(Type.INT64) : TypeEvidence.of(Type.INT64), range.span()));
        rounds(range.body());
    }

    private static boolean integer(Type type) {
        return type.isInteger() || type == Type.NONE;
    }

    private void forMap(Statement.ForMap loop) {
        MapFacts.MapFact map = maps.of(loop.map().name(), loop.map().span());
        if (map.unkeyed) {
            environment.diagnostics().add(loop.map().span(), DiagnosticCode.BAD_MAP_USE,
                    map.text() + " has no explicit keys (scalar map), and cannot be used for iteration");
        } else {
            map.keyed = true;
        }
        if (!environment.target().has(Feature.FOR_EACH_MAP_ELEMENT)) {
            environment.diagnostics().add(loop.map().span(), DiagnosticCode.UNSUPPORTED_PROBE, "A loop over a map needs "
                    + Feature.FOR_EACH_MAP_ELEMENT.title() + " (Linux " + Feature.FOR_EACH_MAP_ELEMENT.since() + ")",
                    "print(" + map.text() + ") shows all of it.");
        }
        if (map.key != Type.NONE && map.value != Type.NONE) {
            map.read = true;
            Type value = map.value instanceof Type.Aggregate(var aggregation) ? expressions.readType(aggregation) : map.value;
            if (value == Type.NONE) {
                environment.diagnostics().add(loop.map().span(), DiagnosticCode.BAD_MAP_USE, "Loop expression does not support type: "
                        + TypeText.of(map.value));
            }
            unit.scopes().of(loop).ifPresent(v -> unit.facts().fix(v, new Type.Tuple(List.of(map.key, value))));
        }
        rounds(loop.body());
    }

    private void let(Statement.Let let) {
        Variable variable = unit.scopes().of(let).orElseThrow();
        Type declared = let.type().flatMap(expressions.written()::resolve).orElse(Type.NONE);
        let.type().ifPresent(name -> expressions.written().checkLength(name.span(), declared));
        if (declared instanceof Type.Text && declared.size() == 0) {
            widen(variable, TypeEvidence.of(new Type.Text(1)), let.span());
        } else if (declared instanceof Type.Void) {
            environment.diagnostics().add(let.type().orElseThrow().span(), DiagnosticCode.UNKNOWN_TYPE, "Invalid variable declaration type: void");
        } else if (declared != Type.NONE) {
            unit.facts().fix(variable, declared);
        }
        let.value().ifPresent(value -> {
            Type type = assignable(value, expressions.type(value), let.span());
            if (!unit.facts().isFixed(variable) || fits(variable, value, type, let.span())) {
                widen(variable, expressions.evidence().of(value, type), let.span());
            }
        });
    }

    /** Whether a variable of a declared type holds {@code value}, if that is a literal: others are cut. */
    private boolean fits(Variable variable, Expression value, Type type, Span span) {
        if (!(unit.facts().of(variable) instanceof Type.Int(int size, boolean signed)) || !unit.facts().isFixed(variable)
                || !expressions.isLiteral(value) || !type.isSigned()) {
            return true;
        }
        long number = expressions.constant(value).orElse(0);
        boolean fits = signed ? size == 8 || number == number << 64 - 8 * size >> 64 - 8 * size
                : number >= 0 && (size == 8 || number >>> 8 * size == 0);
        if (!fits) {
            mismatch(variable, type, unit.facts().of(variable), span);
        }
        return fits;
    }

    private void destructure(Statement.Destructure statement) {
        Type type = expressions.type(statement.value());
        List<Variable> variables = unit.scopes().destructured(statement);
        if (type instanceof Type.Tuple(List<Type> elements) && elements.size() == variables.size()) {
            for (int i = 0; i < elements.size(); i++) {
                widen(variables.get(i), TypeEvidence.of(elements.get(i)), statement.span());
            }
        } else if (type != Type.NONE) {
            environment.diagnostics().add(statement.value().span(), DiagnosticCode.TYPE_MISMATCH,
                    "A tuple of " + variables.size() + " elements is needed here, not '" + TypeText.of(type) + "'");
        }
    }

    private void assign(Statement.Assign assign) {
        Type type = assign.operator().isPresent()
                ? expressions.compound(assign)
                : expressions.assigned(assign);
        switch (assign.target()) {
            case Expression.Variable v -> unit.scopes().of(v).ifPresent(variable -> {
                Type value = assignable(assign.value(), type, assign.span());
                if (assign.operator().isPresent() || fits(variable, assign.value(), value, assign.span())) {
                    widen(variable, expressions.evidence().of(assign, value), assign.span());
                }
                unit.facts().set(v, unit.facts().of(variable));
            });
            case Expression.MapReference m -> expressions.mapTypes().assign(m, List.of(), type, assign);
            case Expression.MapAccess m -> expressions.mapTypes().assign(m.map(), m.keys(), type, assign);
            case Expression.Field _, Expression.Index _, Expression.Element _, Expression.Unary _ -> {
                environment.diagnostics().add(assign.span(), DiagnosticCode.BAD_ASSIGNMENT,
                        "Only variables and maps can be assigned to: the traced program's memory is not changed");
            }
            case Expression.IntegerLiteral _, Expression.StringLiteral _, Expression.BooleanLiteral _, Expression.Identifier _,
                    Expression.Positional _, Expression.PositionalCount _, Expression.Increment _, Expression.Binary _, Expression.Ternary _,
                    Expression.IfValue _, Expression.BlockValue _, Expression.Call _, Expression.Cast _, Expression.Tuple _, Expression.OfRecord _,
                    Expression.Sizeof _, Expression.Offsetof _, Expression.Comptime _ ->
                    environment.diagnostics().add(assign.target().span(), DiagnosticCode.BAD_ASSIGNMENT, "This cannot be assigned to");
        }
    }

    /** What a variable holds of a value of {@code type}: an aggregation is read, a histogram is no value. */
    private Type assignable(Expression value, Type type, Span span) {
        Type read = type instanceof Type.Aggregate(var aggregation) ? expressions.readType(aggregation) : type;
        if (read == Type.NONE && (type != Type.NONE || givesNothing(value))) {
            environment.diagnostics().add(span, DiagnosticCode.BAD_ASSIGNMENT,
                    "Value '" + (type == Type.NONE ? "void" : TypeText.of(type)) + "' cannot be assigned to a scratch variable.");
        }
        return read;
    }

    /** Whether {@code value}, which has no type, has none because it gives no value. */
    private boolean givesNothing(Expression value) {
        return value instanceof Expression.Call call && expressions.calls().typed(call)
                || value instanceof Expression.BlockValue block && givesNothing(block.block())
                || value instanceof Expression.Ternary either && either.yes().isPresent() && givesNothing(either.yes().get())
                        && givesNothing(either.no())
                || value instanceof Expression.IfValue either && (givesNothing(either.yes()) || givesNothing(either.no()));
    }

    private boolean givesNothing(Script.Block block) {
        return block.result().map(this::givesNothing).orElse(expressions.isLast());
    }

    private void widen(Variable variable, TypeEvidence evidence, Span span) {
        Type before = unit.facts().of(variable);
        if (!unit.facts().widen(variable, evidence)) {
            mismatch(variable, evidence.type(), before, span);
        } else if (!unit.facts().of(variable).equals(before)) {
            widened = true;
        }
    }

    private void mismatch(Variable variable, Type type, Type known, Span span) {
        environment.diagnostics().add(span, DiagnosticCode.TYPE_MISMATCH, "Type mismatch for " + variable + ": trying to assign value of type '"
                + TypeText.of(type) + "' when variable already has a type '" + TypeText.of(known) + "'");
    }
}
