package dev.sonde.compile;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.types.Type;
import java.util.List;

/**
 * Finds what has no value where a value is needed: a call such as {@code exit()} as an operand, a variable of which nothing says the type. Runs on
 * scripts without other mistakes, so that the lack of a type can have no other cause.
 */
final class RequireValues {
    private final Diagnostics diagnostics;
    private final TypedScript.Unit unit;
    private final TypeExpressions expressions;

    RequireValues(Diagnostics diagnostics, TypedScript.Unit unit, TypeExpressions expressions) {
        this.diagnostics = diagnostics;
        this.unit = unit;
        this.expressions = expressions;
    }

    void check() {
        unit.probe().predicate().ifPresent(predicate -> expression(predicate, true));
        block(unit.probe().body(), false);
    }

    private void block(Script.Block block, boolean wanted) {
        for (Statement statement : block.statements()) {
            statement(statement);
        }
        block.result().ifPresent(result -> expression(result, wanted));
        if (wanted && block.result().isEmpty()) {
            diagnostics.add(block.span(), DiagnosticCode.TYPE_MISMATCH, "This block gives no value");
        }
    }

    private void statement(Statement statement) {
        switch (statement) {
            case Statement.If i when i.comptime() -> expressions.taken(i).ifPresent(taken -> block(taken, false));
            case Statement.Evaluate(_, Expression value) -> expression(value, false);
            case Statement.Discard(_, Expression value) -> expression(value, false);
            case Statement.ForMap f -> block(f.body(), false);
            case Statement.Destructure d -> {
                parts(Children.of(d), true);
                if (unit.scopes().destructured(d).stream().anyMatch(variable -> unit.facts().of(variable) == Type.NONE)) {
                    report(d.value(), "Could not resolve the type of this value");
                }
            }
            case Statement.Assign _, Statement.Let _, Statement.If _, Statement.Unroll _, Statement.While _,
                    Statement.ForRange _, Statement.Break _, Statement.Continue _, Statement.Return _, Statement.Nested _,
                    Statement.ImportStatement _ ->
                    parts(Children.of(statement), true);
        }
    }

    private void parts(List<Object> parts, boolean wanted) {
        for (Object part : parts) {
            switch (part) {
                case Expression e -> expression(e, wanted);
                case Script.Block b -> block(b, false);
                default -> throw new IllegalStateException(part.toString());
            }
        }
    }

    private void expression(Expression expression, boolean wanted) {
        switch (expression) {
            case Expression.IfValue i when i.comptime() -> expressions.taken(i).ifPresent(taken -> block(taken, wanted));
            case Expression.IfValue i -> {
                expression(i.condition(), true);
                block(i.yes(), wanted);
                block(i.no(), wanted);
            }
            case Expression.BlockValue b -> block(b.block(), wanted);
            case Expression.Ternary t -> {
                expression(t.condition(), true);
                t.yes().ifPresent(yes -> expression(yes, wanted));
                expression(t.no(), wanted);
            }
            case Expression.Call c -> {
                if (wanted && unit.facts().of(c) == Type.NONE) {
                    report(c, c.name() + "() gives no value");
                }
                parts(Children.of(c), true);
            }
            case Expression.Variable v -> {
                if (unit.facts().of(v) == Type.NONE) {
                    report(v, "Could not resolve the type of this variable");
                }
            }
            case Expression.IntegerLiteral _, Expression.StringLiteral _, Expression.BooleanLiteral _, Expression.Identifier _,
                    Expression.Positional _, Expression.PositionalCount _, Expression.MapReference _, Expression.MapAccess _, Expression.Unary _,
                    Expression.Increment _, Expression.Binary _, Expression.Cast _, Expression.Field _, Expression.Element _, Expression.Index _,
                    Expression.Tuple _, Expression.OfRecord _, Expression.Sizeof _, Expression.Offsetof _, Expression.Comptime _ ->
                    parts(Children.of(expression), true);
        }
    }

    private void report(Expression expression, String message) {
        diagnostics.add(expression.span(), DiagnosticCode.TYPE_MISMATCH, message);
    }
}
