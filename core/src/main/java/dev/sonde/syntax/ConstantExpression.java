package dev.sonde.syntax;

import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.syntax.Expression.Argument;
import java.util.Map;
import java.util.Set;

/** The value of an expression of the preprocessor. A macro is evaluated by itself, not by its text in its surroundings. */
final class ConstantExpression {
    private static final int MAX_DEPTH = 8;

    private final Map<String, String> macros;
    /** How many names may still be replaced: each may hold several others, so the number could double with each. */
    private int budget = 1000;
    private int depth;

    ConstantExpression(Map<String, String> macros) {
        this.macros = macros;
    }

    /** The value of the expression in {@code text}; 0 when it is none. */
    long evaluate(String text) {
        try {
            var scanner = new Scanner(new Source("", text.replace("defined ", "defined")), new Diagnostics(), null);
            scanner.skip();
            scanner.leave(Scanner.MAX_DEPTH * 3 / 4);
            return value(new ExpressionParser(scanner, Set.of()).expression());
        } catch (Failure _) {
            return 0;
        }
    }

    /** The value of {@code expression}; a name without a value is 0. */
    long value(Expression expression) {
        if (expression instanceof Expression.IntegerLiteral literal) {
            return literal.value();
        }
        if (expression instanceof Expression.Identifier(var _, String name)) {
            return named(name);
        }
        if (expression instanceof Expression.Call call) {
            boolean defined = call.name().equals("defined") && call.arguments().size() == 1
                    && call.arguments().getFirst() instanceof Argument.Value(Expression.Identifier(var _, String name)) && macros.containsKey(name);
            return defined ? 1 : 0;
        }
        if (expression instanceof Expression.Unary unary) {
            return value(unary.operator(), value(unary.operand()));
        }
        if (expression instanceof Expression.Ternary(var _, var condition, var yes, var no) && yes.isPresent()) {
            return value(value(condition) != 0 ? yes.get() : no);
        }
        return expression instanceof Expression.Binary binary
                ? value(binary.operator(), value(binary.left()), value(binary.right())) : 0;
    }

    private long named(String name) {
        if (name.startsWith("defined") && name.length() > 7) {
            return macros.containsKey(name.substring(7)) ? 1 : 0;
        }
        String text = macros.get(name);
        if (text == null || text.isEmpty() || budget-- <= 0 || depth == MAX_DEPTH) {
            return 0;
        }
        depth++;
        long value = evaluate(text);
        depth--;
        return value;
    }

    private static long value(UnaryOperator operator, long operand) {
        return switch (operator) {
            case NEGATE -> -operand;
            case COMPLEMENT -> ~operand;
            case NOT -> operand == 0 ? 1 : 0;
            case PLUS -> operand;
            case DEREFERENCE, ADDRESS_OF -> 0;
        };
    }

    private static long value(BinaryOperator operator, long left, long right) {
        return switch (operator) {
            case LOGICAL_OR -> left != 0 || right != 0 ? 1 : 0;
            case LOGICAL_AND -> left != 0 && right != 0 ? 1 : 0;
            case OR -> left | right;
            case XOR -> left ^ right;
            case AND -> left & right;
            case EQ -> left == right ? 1 : 0;
            case NE -> left != right ? 1 : 0;
            case LT -> left < right ? 1 : 0;
            case GT -> left > right ? 1 : 0;
            case LE -> left <= right ? 1 : 0;
            case GE -> left >= right ? 1 : 0;
            case SHL -> left << right;
            case SHR -> left >> right;
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> right == 0 ? 0 : left / right;
            case MOD -> right == 0 ? 0 : left % right;
        };
    }
}
