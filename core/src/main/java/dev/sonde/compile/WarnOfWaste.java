package dev.sonde.compile;

import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;

/** Warns of statements that are never run and of values that nothing uses. */
final class WarnOfWaste {
    private final Diagnostics diagnostics;
    private final TypedScript.Facts facts;

    WarnOfWaste(Diagnostics diagnostics, TypedScript.Facts facts) {
        this.diagnostics = diagnostics;
        this.facts = facts;
    }

    /** Looks at the statements of {@code block} itself; those in blocks of it are looked at with them. */
    void check(Script.Block block) {
        List<Statement> statements = block.statements();
        for (int i = 0; i < statements.size(); i++) {
            if (statements.get(i) instanceof Statement.Evaluate(_, Expression value) && isWasted(value)) {
                diagnostics.add(value.span(), DiagnosticCode.DISCARDED_VALUE, "Return value discarded.");
            }
            if (i > 0 && leaves(statements.get(i - 1))) {
                diagnostics.add(statements.get(i).span(), DiagnosticCode.UNREACHABLE, "Unreachable statement.");
                return;
            }
        }
    }

    /** Whether what stands after {@code statement} is never run. */
    private boolean leaves(Statement statement) {
        return switch (statement) {
            case Statement.Return _, Statement.Break _, Statement.Continue _ -> true;
            case Statement.Evaluate(_, Expression.Call call) -> Builtins.find(call.name()).filter(b -> b.is(Builtin.Trait.LEAVES)).isPresent();
            case Statement.If either -> !either.comptime() && either.otherwise().isPresent() && leaves(either.then())
                    && leaves(either.otherwise().get());
            case Statement.Nested nested -> leaves(nested.block());
            case Statement.Evaluate _, Statement.Assign _, Statement.Discard _, Statement.Let _, Statement.Destructure _, Statement.Unroll _,
                    Statement.While _, Statement.ForRange _, Statement.ForMap _, Statement.ImportStatement _ -> false;
        };
    }

    private boolean leaves(Script.Block block) {
        return !block.statements().isEmpty() && leaves(block.statements().getLast());
    }

    /** Whether {@code value} is made for nothing: it has a type, and making it does nothing else. */
    private boolean isWasted(Expression value) {
        return switch (value) {
            case Expression.Call call -> {
                Optional<Builtin> builtin = Builtins.find(call.name());
                yield builtin.isPresent() && facts.of(value) != Type.NONE && !builtin.get().is(Builtin.Trait.EFFECT)
                        && builtin.get().form() != Builtin.Form.AGGREGATION;
            }
            case Expression.Increment _, Expression.IfValue _, Expression.BlockValue _, Expression.Ternary _ -> false;
            case Expression.IntegerLiteral _, Expression.BooleanLiteral _, Expression.StringLiteral _, Expression.Identifier _, Expression.Variable _,
                    Expression.Positional _, Expression.PositionalCount _, Expression.MapReference _, Expression.MapAccess _, Expression.Unary _,
                    Expression.Binary _, Expression.Cast _, Expression.Field _, Expression.Element _, Expression.Index _, Expression.Tuple _,
                    Expression.OfRecord _, Expression.Sizeof _, Expression.Offsetof _, Expression.Comptime _ -> facts.of(value) != Type.NONE;
        };
    }
}
