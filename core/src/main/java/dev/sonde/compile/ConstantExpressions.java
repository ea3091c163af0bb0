package dev.sonde.compile;

import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Value;
import dev.sonde.syntax.BinaryOperator;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.UnaryOperator;
import dev.sonde.types.Type;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/** What expressions of one unit always are: numbers and texts that are known when the script is compiled. */
final class ConstantExpressions {
    private final Environment environment;
    private final TypedScript.Unit unit;
    private final MapFacts maps;
    private final TypeExpressions types;

    ConstantExpressions(Environment environment, TypedScript.Unit unit, MapFacts maps, TypeExpressions types) {
        this.environment = environment;
        this.unit = unit;
        this.maps = maps;
        this.types = types;
    }

    /** The constant value of an expression, where it has one. */
    OptionalLong constant(Expression expression) {
        return switch (expression) {
            case Expression.Positional p -> constant(environment.parameters().literal(p));
            case Expression.PositionalCount _ -> OptionalLong.of(environment.parameters().positional().size());
            case Expression.Sizeof s -> OptionalLong.of(types.written().typeOf(s.operand()).size());
            case Expression.Offsetof o -> Casts.offset(types.written().structOf(o), o.fields());
            case Expression.Cast c when types.type(c) instanceof Type.Int(int size, boolean signed) -> narrow(constant(c.operand()), size, signed);
            case Expression.Unary u -> constantUnary(u);
            case Expression.Binary b when text(b.left()).isPresent() && text(b.right()).isPresent() -> compared(b);
            case Expression.Binary b -> {
                if (dependsOnSign(b.operator()) && !(isLiteral(b.left()) && isLiteral(b.right()))) {
                    yield OptionalLong.empty();
                }
                OptionalLong left = constant(b.left());
                OptionalLong right = left.isEmpty() ? left : constant(b.right());
                yield right.isEmpty() ? right : fold(b, left.getAsLong(), right.getAsLong());
            }
            case Expression.Comptime c -> constant(c.expression());
            case Expression.Field f when member(f).orElse(null) instanceof Value.Scalar(_, Operand.Constant(long value)) -> OptionalLong.of(value);
            case Expression.Call c -> constant(c, c.name());
            case Expression.Identifier i when environment.constants().define(i.name()).isEmpty()
                    && Builtins.find(i.name()).isPresent() -> constant(i, i.name());
            case Expression.IntegerLiteral _, Expression.BooleanLiteral _, Expression.StringLiteral _, Expression.Identifier _, Expression.Variable _,
                    Expression.MapReference _, Expression.MapAccess _, Expression.Increment _, Expression.Ternary _, Expression.IfValue _,
                    Expression.BlockValue _, Expression.Cast _, Expression.Field _, Expression.Element _, Expression.Index _, Expression.Tuple _,
                    Expression.OfRecord _ -> environment.constants().evaluate(expression);
        };
    }

    /** Whether a constant is written without a cast: its type follows its value. */
    boolean isLiteral(Expression expression) {
        return switch (expression) {
            case Expression.Cast _ -> false;
            case Expression.Unary u -> isLiteral(u.operand());
            case Expression.Binary b -> isLiteral(b.left()) && isLiteral(b.right());
            case Expression.IntegerLiteral _, Expression.BooleanLiteral _, Expression.StringLiteral _, Expression.Identifier _, Expression.Variable _,
                    Expression.Positional _, Expression.PositionalCount _, Expression.MapReference _, Expression.MapAccess _, Expression.Increment _,
                    Expression.Ternary _, Expression.IfValue _, Expression.BlockValue _, Expression.Call _, Expression.Field _, Expression.Element _,
                    Expression.Index _, Expression.Tuple _, Expression.OfRecord _, Expression.Sizeof _, Expression.Offsetof _,
                            Expression.Comptime _ ->
                    constant(expression).isPresent();
        };
    }

    private OptionalLong fold(Expression.Binary binary, long left, long right) {
        if (!isUnsigned(binary.left()) && !isUnsigned(binary.right())) {
            return Constants.fold(binary.operator(), left, right);
        }
        BigInteger exact = ExactArithmetic.of(binary.operator(), exact(binary.left(), left), exact(binary.right(), right));
        return exact == null ? OptionalLong.empty() : OptionalLong.of(exact.longValue());
    }

    /** The value of a constant expression that has the 64 bits {@code value}. */
    BigInteger exact(Expression expression, long value) {
        BigInteger signed = BigInteger.valueOf(value);
        return value < 0 && isUnsigned(expression) ? signed.add(BigInteger.ONE.shiftLeft(Long.SIZE)) : signed;
    }

    private boolean isUnsigned(Expression expression) {
        return expression instanceof Expression.IntegerLiteral literal && literal.unsigned() || unit.facts().of(expression).equals(Type.UINT64);
    }

    /** Whether a condition of literals alone is true (1) or false (0): a text is true when it is not empty. */
    OptionalLong literalTruth(Expression condition) {
        return truth(condition, text(condition));
    }

    private OptionalLong truth(Expression condition, Optional<String> text) {
        if (text.isPresent()) {
            return OptionalLong.of(text.get().isEmpty() ? 0 : 1);
        }
        return isLiteral(condition) ? constant(condition) : OptionalLong.empty();
    }

    private static boolean dependsOnSign(BinaryOperator operator) {
        return switch (operator) {
            case DIV, MOD, SHR, LT, GT, LE, GE -> true;
            case ADD, SUB, MUL, AND, OR, XOR, SHL, EQ, NE, LOGICAL_AND, LOGICAL_OR -> false;
        };
    }

    private OptionalLong constant(Expression use, String name) {
        Optional<Builtin> builtin = Builtins.find(name);
        return builtin.isEmpty() || builtin.get().constant() == Builtin.Constant.NONE ? OptionalLong.empty()
                : builtin.get().constant().of(new CheckedCall(environment, unit, maps, types, use));
    }

    private OptionalLong constantUnary(Expression.Unary unary) {
        boolean cut = unary.operator() == UnaryOperator.NEGATE || unary.operator() == UnaryOperator.COMPLEMENT;
        OptionalLong operand = cut && !isLiteral(unary.operand()) ? OptionalLong.empty() : constant(unary.operand());
        return operand.isEmpty() ? operand
                : environment.constants().evaluate(new Expression.Unary(unary.span(), unary.operator(),
                        new Expression.IntegerLiteral(unary.span(), operand.getAsLong(), false)));
    }

    private static OptionalLong narrow(OptionalLong value, int size, boolean signed) {
        if (value.isEmpty() || size == 8) {
            return value;
        }
        int shift = 64 - 8 * size;
        long moved = value.getAsLong() << shift;
        return OptionalLong.of(signed ? moved >> shift : moved >>> shift);
    }

    private OptionalLong compared(Expression.Binary comparison) {
        int order = text(comparison.left()).orElseThrow().compareTo(text(comparison.right()).orElseThrow());
        return switch (comparison.operator()) {
            case EQ, NE, LT, GT, LE, GE -> Constants.fold(comparison.operator(), order, 0);
            case ADD, SUB, MUL, DIV, MOD, AND, OR, XOR, SHL, SHR, LOGICAL_AND, LOGICAL_OR -> OptionalLong.empty();
        };
    }

    /** The text that an expression always has. */
    Optional<String> text(Expression expression) {
        return switch (expression) {
            case Expression.StringLiteral literal -> Optional.of(literal.value());
            case Expression.Positional p -> text(environment.parameters().literal(p));
            case Expression.Binary b when b.operator() == BinaryOperator.ADD ->
                    text(b.left()).flatMap(left -> text(b.right()).map(left::concat));
            case Expression.Ternary t -> text(t);
            case Expression.Identifier i when environment.constants().define(i.name()).isPresent() ->
                    text(environment.constants().define(i.name()).get());
            case Expression.Call c when Builtins.find(c.name()).filter(b -> b.is(Builtin.Trait.TEXT)).isPresent() && c.arguments().size() == 1
                    && c.arguments().getFirst() instanceof Expression.Argument.Value(Expression of) -> spelled(of);
            case Expression.Field f when member(f).orElse(null) instanceof Value.Literal(_, byte[] bytes) -> Optional.of(new String(bytes,
                    StandardCharsets.UTF_8));
            default -> Optional.empty();
        };
    }

    /** Conditions nest: each is looked at once. */
    private Optional<String> text(Expression.Ternary ternary) {
        Optional<String> yes = text(ternary.yes().orElse(ternary.condition()));
        Optional<String> no = text(ternary.no());
        if (yes.isEmpty() && no.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong decided = ternary.yes().isPresent() ? literalTruth(ternary.condition()) : truth(ternary.condition(), yes);
        return decided.isEmpty() ? Optional.empty() : decided.getAsLong() != 0 ? yes : no;
    }

    /** The text that str() makes of a parameter or a number. */
    private Optional<String> spelled(Expression of) {
        if (of instanceof Expression.Positional p) {
            return Optional.of(environment.parameters().text(p.index()).orElse(""));
        }
        return of instanceof Expression.IntegerLiteral(_, long value, _) ? Optional.of(Long.toString(value)) : text(of);
    }

    /** A field of a builtin record that is known now. */
    private Optional<Value> member(Expression.Field field) {
        String name = field.operand() instanceof Expression.Call call ? call.name()
                : field.operand() instanceof Expression.Identifier identifier ? identifier.name() : "";
        return Builtins.find(name).filter(b -> b.members() != Builtin.Members.NONE)
                .flatMap(b -> b.members().of(new CheckedCall(environment, unit, maps, types, field.operand()), field.name()));
    }
}
