package dev.sonde.syntax;

import dev.sonde.syntax.Expression.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Expressions from the ternary down to the postfix operators; {@link PrimaryParser} reads what they join. */
final class ExpressionParser {
    /** How many operators of a chain make a level. */
    private static final int CHAINED = 4;

    private final Scanner in;
    private final TypeParser types;
    private final PrimaryParser primaries;
    private final CastRule casts;
    private boolean predicate;

    /** {@code scriptTypes} are the types the script's C part has defined so far. */
    ExpressionParser(Scanner in, Set<String> scriptTypes) {
        this.in = in;
        this.types = new TypeParser(in, this);
        this.primaries = new PrimaryParser(in, this, types, scriptTypes);
        this.casts = new CastRule(in, scriptTypes);
    }

    TypeParser types() {
        return types;
    }

    PrimaryParser primaries() {
        return primaries;
    }

    /** An expression. */
    Expression expression() {
        return ternary(in.at(), binary(1));
    }

    /** The rest of an expression that starts with {@code left}, which began at {@code start}. */
    Expression continued(int start, Expression left) {
        int level = in.depth();
        Expression whole = binary(start, postfix(start, left), 1);
        in.leave(level);
        return ternary(start, whole);
    }

    /** Whether an operator follows that can continue an expression and cannot start a statement by stepping a variable. */
    boolean continues() {
        return binaryOperator() != null && !in.is("++") && !in.is("--") || in.peek() == '[' || in.peek() == '?' || in.peek() == '.';
    }

    /** An expression inside brackets, where {@code /} always divides. */
    Expression bracketed() {
        boolean outer = predicate;
        predicate = false;
        Expression expression = expression();
        predicate = outer;
        return expression;
    }

    /** The expression between the slashes of a predicate: a {@code /} before <code>{</code> ends it. */
    Expression predicate() {
        predicate = true;
        try {
            return expression();
        } finally {
            predicate = false;
        }
    }

    private Expression ternary(int start, Expression condition) {
        if (in.peek() != '?') {
            return condition;
        }
        int level = in.depth();
        in.enter();
        in.take(1);
        Optional<Expression> yes = in.peek() == ':' ? Optional.empty() : Optional.of(expression());
        in.expect(':');
        Expression no = expression();
        in.leave(level);
        return new Expression.Ternary(in.from(start), condition, yes, no);
    }

    private Expression binary(int precedence) {
        int start = in.at();
        int level = in.depth();
        Expression expression = binary(start, unary(), precedence);
        in.leave(level);
        return expression;
    }

    /** Operators of a chain count as levels too, because the tree gets as deep, but nothing calls itself for them here. */
    private Expression binary(int start, Expression first, int precedence) {
        Expression left = first;
        for (int count = 0; ; count++) {
            BinaryOperator operator = binaryOperator();
            if (operator == null || operator.precedence() < precedence) {
                return left;
            }
            if (count % CHAINED == 0) {
                in.enter();
            }
            in.take(operator.text().length());
            Expression right = binary(operator.precedence() + 1);
            left = new Expression.Binary(in.from(start), operator, left, right);
        }
    }

    /** The binary operator at the position; null when there is none or it is an assignment. */
    private BinaryOperator binaryOperator() {
        char c = in.peek();
        char next = in.charAt(in.at() + 1);
        return switch (c) {
            case '|' -> next == '|' ? BinaryOperator.LOGICAL_OR : unlessAssigned(next, BinaryOperator.OR);
            case '&' -> next == '&' ? BinaryOperator.LOGICAL_AND : unlessAssigned(next, BinaryOperator.AND);
            case '^' -> unlessAssigned(next, BinaryOperator.XOR);
            case '=' -> next == '=' ? BinaryOperator.EQ : null;
            case '!' -> next == '=' ? BinaryOperator.NE : null;
            case '<' -> less(next);
            case '>' -> greater(next);
            case '+' -> unlessAssigned(next, BinaryOperator.ADD);
            case '-' -> next == '>' ? null : unlessAssigned(next, BinaryOperator.SUB);
            case '*' -> unlessAssigned(next, BinaryOperator.MUL);
            case '/' -> predicate && endsPredicate() ? null : unlessAssigned(next, BinaryOperator.DIV);
            case '%' -> unlessAssigned(next, BinaryOperator.MOD);
            default -> null;
        };
    }

    private static BinaryOperator unlessAssigned(char next, BinaryOperator operator) {
        return next == '=' ? null : operator;
    }

    private BinaryOperator less(char next) {
        return next == '<' ? unlessAssigned(in.charAt(in.at() + 2), BinaryOperator.SHL) : next == '=' ? BinaryOperator.LE : BinaryOperator.LT;
    }

    private BinaryOperator greater(char next) {
        return next == '>' ? unlessAssigned(in.charAt(in.at() + 2), BinaryOperator.SHR) : next == '=' ? BinaryOperator.GE : BinaryOperator.GT;
    }

    private boolean endsPredicate() {
        char next = in.charAt(in.next(in.at() + 1));
        return next == '{' || next == ';' || next == ',' || next == '/' || next == '\0';
    }

    /** A prefix operator with its operand, a cast, or a primary with its postfix operators. */
    Expression unary() {
        int start = in.at();
        int level = in.depth();
        in.enter();
        Expression expression = prefixed(start);
        in.leave(level);
        return expression;
    }

    private Expression prefixed(int start) {
        char next = in.charAt(start + 1);
        return switch (in.peek()) {
            case '-' -> next == '-' ? step(start) : operator(start, UnaryOperator.NEGATE);
            case '+' -> next == '+' ? step(start) : operator(start, UnaryOperator.PLUS);
            case '!' -> operator(start, UnaryOperator.NOT);
            case '~' -> operator(start, UnaryOperator.COMPLEMENT);
            case '*' -> operator(start, UnaryOperator.DEREFERENCE);
            case '&' -> addressOf(start);
            case '(' -> casts.isCast() ? cast(start) : postfix(start, primaries.primary());
            default -> postfix(start, primaries.primary());
        };
    }

    private Expression operator(int start, UnaryOperator operator) {
        in.take(1);
        Expression operand = unary();
        return new Expression.Unary(in.from(start), operator, operand);
    }

    private Expression step(int start) {
        boolean decrement = in.peek() == '-';
        in.take(2);
        int target = in.at();
        Expression operand = unary();
        if (!isSteppable(operand)) {
            throw in.fail(in.from(target), "increment/decrement requires a variable or map");
        }
        return new Expression.Increment(in.from(start), operand, decrement, true);
    }

    private Expression addressOf(int start) {
        in.take(1);
        int target = in.at();
        Expression operand = unary();
        if (!isPlace(operand)) {
            throw in.fail(in.from(target), "address-of operator (&) can only be used on a map, a variable or a part of one");
        }
        return new Expression.Unary(in.from(start), UnaryOperator.ADDRESS_OF, operand);
    }

    /** Whether {@code operand} is a variable, a map or a part of one. */
    static boolean isPlace(Expression operand) {
        return isSteppable(operand) || operand instanceof Expression.Field || operand instanceof Expression.Index
                || operand instanceof Expression.Element;
    }

    /** Whether {@code operand} is a variable, a map or an entry of one. */
    private static boolean isSteppable(Expression operand) {
        return operand instanceof Expression.Variable || operand instanceof Expression.MapReference || operand instanceof Expression.MapAccess;
    }

    private Expression cast(int start) {
        in.take(1);
        TypeName type = types.type();
        in.expect(')');
        if (in.peek() == '&' && in.charAt(in.next(in.at() + 1)) == '$') {
            return castOfAddress(start, type);
        }
        Expression operand = unary();
        return new Expression.Cast(in.from(start), type, operand);
    }

    /** In {@code (int8 *)&$x[1]} the index applies to the cast pointer, as bpftrace has it. */
    private Expression castOfAddress(int start, TypeName type) {
        int address = in.at();
        in.take(1);
        Expression variable = primaries.primary();
        Expression operand = new Expression.Unary(in.from(address), UnaryOperator.ADDRESS_OF, variable);
        return postfix(start, new Expression.Cast(in.from(start), type, operand));
    }

    /** {@code operand} with the postfix operators that follow it; each counts as a level. */
    private Expression postfix(int start, Expression operand) {
        Expression result = operand;
        while (true) {
            Expression longer = postfixOnce(start, result);
            if (longer == null) {
                return result;
            }
            in.enter();
            result = longer;
        }
    }

    private Expression postfixOnce(int start, Expression operand) {
        char next = in.charAt(in.at() + 1);
        return switch (in.peek()) {
            case '[' -> index(start, operand);
            case '.' -> next == '.' ? null : member(start, operand, ".");
            case '-' -> next == '>' ? member(start, operand, "->") : next == '-' ? stepped(start, operand) : null;
            case '+' -> next == '+' ? stepped(start, operand) : null;
            default -> null;
        };
    }

    private Expression index(int start, Expression operand) {
        in.take(1);
        Expression index = bracketed();
        in.expect(']');
        return operand instanceof Expression.MapReference map ? new Expression.MapAccess(in.from(start), map, List.of(index))
                : new Expression.Index(in.from(start), operand, index);
    }

    private Expression member(int start, Expression operand, String token) {
        in.take(token.length());
        int name = in.at();
        if (Scanner.isDigit(in.peek())) {
            long index = primaries.literals().integer().value();
            if (index < 0 || index > Integer.MAX_VALUE) {
                throw in.fail(in.from(name), "no tuple has so many elements");
            }
            return new Expression.Element(in.from(start), operand, (int) index);
        }
        String field = in.word("expected field name after '" + token + "'");
        return new Expression.Field(in.from(start), operand, in.from(name), field, token.length() == 2);
    }

    private Expression stepped(int start, Expression target) {
        if (!isSteppable(target)) {
            throw in.fail(in.span(in.at(), in.at() + 2), "increment/decrement requires a variable or map");
        }
        boolean decrement = in.peek() == '-';
        in.take(2);
        return new Expression.Increment(in.from(start), target, decrement, false);
    }

    /** Arguments up to and with the closing parenthesis. */
    List<Argument> arguments(boolean operators) {
        var arguments = new ArrayList<Argument>();
        if (in.peek() != ')') {
            do {
                arguments.add(types.argument(operators));
            } while (in.accept(','));
        }
        close();
        return List.copyOf(arguments);
    }

    /** The {@code )} of an expression. */
    void close() {
        if (in.isAssignment()) {
            throw in.fail(in.token(), "expected ')'", "to compare, write '=='");
        }
        in.expect(')');
    }
}
