package dev.sonde.compile;

import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.syntax.TypeName;

/** Tells whether a probe names types that are not built in: those could be the probed program's. */
final class NamedTypes {
    private NamedTypes() {}

    /** Whether the body or the predicate of {@code probe} does. */
    static boolean in(Script.Probe probe) {
        return Children.any(probe.body(), NamedTypes::names) || probe.predicate().filter(p -> Children.any(p, NamedTypes::names)).isPresent()
                || declares(probe.body());
    }

    private static boolean names(Expression expression) {
        return switch (expression) {
            case Expression.Cast cast -> isOther(cast.type());
            case Expression.Sizeof _, Expression.Offsetof _ -> true;
            case Expression.Call call -> {
                boolean typed = false;
                for (Expression.Argument argument : call.arguments()) {
                    typed |= argument instanceof Expression.Argument.OfType(TypeName type) && isOther(type);
                }
                yield typed;
            }
            case Expression.BlockValue value -> declares(value.block());
            case Expression.IfValue value -> declares(value.yes()) || declares(value.no());
            case Expression.IntegerLiteral _, Expression.StringLiteral _, Expression.BooleanLiteral _, Expression.Identifier _, Expression.Variable _,
                    Expression.Positional _, Expression.PositionalCount _, Expression.MapReference _, Expression.MapAccess _, Expression.Unary _,
                    Expression.Increment _, Expression.Binary _, Expression.Ternary _, Expression.Field _, Expression.Element _, Expression.Index _,
                    Expression.Tuple _, Expression.OfRecord _, Expression.Comptime _ -> false;
        };
    }

    /** Whether a {@code let} directly in a block, or in a block of its statements, gives such a type. */
    private static boolean declares(Script.Block block) {
        for (Statement statement : block.statements()) {
            if (statement instanceof Statement.Let let && let.type().filter(NamedTypes::isOther).isPresent()) {
                return true;
            }
            for (Object part : Children.of(statement)) {
                if (part instanceof Script.Block inner && declares(inner)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOther(TypeName name) {
        return switch (name) {
            case TypeName.Named(_, String word) -> !ScriptTypes.isBasic(word);
            case TypeName.Tagged _ -> true;
            case TypeName.Pointer(_, TypeName target) -> isOther(target);
            case TypeName.Array(_, TypeName element, _) -> isOther(element);
            case TypeName.TypeOf _ -> false;
            case TypeName.Tuple(_, var elements) -> elements.stream().anyMatch(NamedTypes::isOther);
            case TypeName.OfRecord(_, _, var types) -> types.stream().anyMatch(NamedTypes::isOther);
        };
    }
}
