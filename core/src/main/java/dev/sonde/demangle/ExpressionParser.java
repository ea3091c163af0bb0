package dev.sonde.demangle;

import java.util.ArrayList;
import java.util.List;

/** Parses expressions and literals: ABI 5.1.6. */
final class ExpressionParser {
    private final ItaniumParser parser;
    private final Mangled in;

    ExpressionParser(ItaniumParser parser) {
        this.parser = parser;
        in = parser.in;
    }

    /** {@code <expression>}. */
    Node expression() {
        in.enter();
        Node expression = anyExpression();
        in.leave();
        return expression;
    }

    private Node anyExpression() {
        char first = in.peek();
        char second = in.peek(1);
        if (first == 'L') {
            return literal();
        }
        if (first == 'T') {
            return parser.types.templateParameter();
        }
        if (first == 's' && second == 'r') {
            return scopedName();
        }
        if (first == 's' && second == 'p') {
            in.skip(2);
            return new Type.Expansion(expression());
        }
        if (first == 'f' && (second == 'p' || second == 'L' && Mangled.isDigit(in.peek(2)))) {
            return functionParameter();
        }
        if ((first == 'i' || first == 't') && second == 'l') {
            return braced();
        }
        if (Mangled.isDigit(first) || first == 'o' && second == 'n') {
            return named();
        }
        return first == 'u' ? vendorExpression() : operation();
    }

    /** A base name with its template arguments. */
    private Node named() {
        return withArguments(parser.names.unqualified(null));
    }

    private Node withArguments(Node name) {
        return in.peek() == 'I' ? new Name.Template(name, parser.types.templateArguments()) : name;
    }

    /** {@code <unresolved-name>} that starts with sr. */
    private Node scopedName() {
        in.skip(2);
        Node levels = Mangled.isDigit(in.peek()) ? qualifierLevels() : null;
        if (levels != null) {
            return withArguments(new Name.Qualified(levels, baseName()));
        }
        return new Name.Qualified(parser.types.type(), withArguments(baseName()));
    }

    private Node baseName() {
        return in.skip('d', 'n') ? new Name.Structor("~", destroyed()) : parser.names.unqualified(null);
    }

    private Node destroyed() {
        return Mangled.isDigit(in.peek()) ? withArguments(parser.names.sourceName()) : parser.types.type();
    }

    /**
     * {@code sr <qualifier>+ E <name>}. The older {@code sr <type> <name>} can begin in the same way: then nothing is read and the
     * answer is null.
     */
    private Node qualifierLevels() {
        int position = in.position();
        int depth = in.depth();
        int substitutions = parser.substitutionCount();
        try {
            Node levels = levels();
            if (Mangled.isDigit(in.peek()) || Mangled.isLower(in.peek())) {
                return levels;
            }
        } catch (NotMangledException e) {
            // The older form, then.
        }
        in.position(position);
        in.depth(depth);
        parser.truncateSubstitutions(substitutions);
        return null;
    }

    private Node levels() {
        Node levels = null;
        do {
            Node level = withArguments(parser.names.sourceName());
            levels = levels == null ? level : new Name.Qualified(levels, level);
        } while (!in.skip('E'));
        return levels;
    }

    /** {@code fp}, {@code fL}, or {@code fpT} for this. */
    private Node functionParameter() {
        in.skip(1);
        boolean outer = in.next() == 'L';
        if (outer) {
            in.number();
            in.expect('p');
        }
        if (!outer && in.skip('T')) {
            return new Name.Text("this");
        }
        while (in.peek() == 'r' || in.peek() == 'V' || in.peek() == 'K') {
            in.next();
        }
        return new Name.Text("{parm#" + (in.compactNumber() + 1) + "}");
    }

    private Node braced() {
        Node type = in.next() == 't' ? typeAfterLetter() : null;
        if (type == null) {
            in.next();
        }
        return new Expression.Braced(type, list('E'));
    }

    private Node typeAfterLetter() {
        in.next();
        return parser.types.type();
    }

    private Expression.List list(char end) {
        List<Node> elements = new ArrayList<>();
        while (!in.skip(end)) {
            elements.add(expression());
        }
        return new Expression.List(elements.toArray(ItaniumParser.NONE));
    }

    /** {@code u <name> <argument>* E}; an argument is a type after a t or an expression after a z, as for {@code __uuidof}. */
    private Node vendorExpression() {
        in.expect('u');
        Node name = parser.names.sourceName();
        if (in.skip('t')) {
            Node type = parser.types.type();
            return new Expression.Call(name, new Expression.List(new Node[] {type}));
        }
        if (in.skip('z')) {
            return new Expression.Call(name, new Expression.List(new Node[] {expression()}));
        }
        List<Node> arguments = new ArrayList<>();
        while (!in.skip('E')) {
            arguments.add(parser.types.templateArgument());
        }
        return new Expression.Call(name, new Expression.List(arguments.toArray(ItaniumParser.NONE)));
    }

    private Node operation() {
        char first = in.next();
        char second = in.next();
        if (first == 'c' && second == 'v') {
            return cast();
        }
        if (first == 'v' && Mangled.isDigit(second)) {
            return vendorOperation(second - '0');
        }
        int operator = Operator.find(first, second);
        if (operator < 0) {
            throw ItaniumParser.malformed();
        }
        String spelling = Operator.spelling(operator);
        return switch (Operator.operands(operator)) {
            case 0 -> new Name.Text(spelling);
            case 1 -> unary(first, second, spelling);
            case 2 -> binary(first, second, spelling);
            default -> ternary(first, second);
        };
    }

    private Node vendorOperation(int operands) {
        String operator = "operator ".concat(parser.names.identifier());
        return switch (operands) {
            case 0 -> new Name.Text(operator);
            case 1 -> new Expression.Unary(operator, expression());
            default -> new Expression.Binary(operator, expression(), expression());
        };
    }

    /** {@code cv <type> <expression>} or {@code cv <type> _ <expression>* E}. */
    private Node cast() {
        Node type = parser.types.type();
        return new Expression.Cast(type, in.skip('_') ? list('E') : expression());
    }

    private Node unary(char first, char second, String spelling) {
        switch (first << 8 | second) {
            case 's' << 8 | 't', 'a' << 8 | 't', 't' << 8 | 'i':
                return new Type.Wrapped(spelling, parser.types.type());
            case 'n' << 8 | 'x':
                return new Type.Wrapped(spelling, expression());
            case 's' << 8 | 'P':
                return new Expression.PackSize(packArguments(), true);
            case 's' << 8 | 'Z':
                return new Expression.PackSize(new Node[] {expression()}, false);
            case 'p' << 8 | 'p', 'm' << 8 | 'm':
                return in.skip('_') ? new Expression.Unary(spelling, expression()) : new Expression.Postfix(expression(), spelling);
            default:
                return new Expression.Unary(spelling, expression());
        }
    }

    private Node[] packArguments() {
        List<Node> arguments = new ArrayList<>();
        while (!in.skip('E')) {
            arguments.add(parser.types.templateArgument());
        }
        return arguments.toArray(ItaniumParser.NONE);
    }

    private Node binary(char first, char second, String spelling) {
        switch (first << 8 | second) {
            case 'c' << 8 | 'l':
                return new Expression.Call(expression(), list('E'));
            case 'd' << 8 | 't', 'p' << 8 | 't':
                return new Expression.Binary(spelling, expression(), member());
            case 'i' << 8 | 'x':
                return new Expression.Subscript(expression(), expression());
            case 'd' << 8 | 'i':
                return new Expression.Designated(true, parser.names.unqualified(null), null, expression());
            case 'd' << 8 | 'x':
                return new Expression.Designated(false, expression(), null, expression());
            case 's' << 8 | 'c', 'd' << 8 | 'c', 'c' << 8 | 'c', 'r' << 8 | 'c':
                return new Expression.NamedCast(spelling, parser.types.type(), expression());
            case 'f' << 8 | 'l':
                return new Expression.Fold(foldOperator(), null, expression());
            case 'f' << 8 | 'r':
                return new Expression.Fold(foldOperator(), expression(), null);
            default:
                return new Expression.Binary(spelling, expression(), expression());
        }
    }

    /** What follows a dot or an arrow. */
    private Node member() {
        if (in.peek() == 's' && in.peek(1) == 'r' || in.peek() == 'g' && in.peek(1) == 's' || in.peek() == 'L') {
            return expression();
        }
        if (in.skip('d', 'n')) {
            return new Name.Structor("~", destroyed());
        }
        return named();
    }

    private String foldOperator() {
        int operator = Operator.find(in.next(), in.next());
        if (operator < 0) {
            throw ItaniumParser.malformed();
        }
        return Operator.spelling(operator);
    }

    private Node ternary(char first, char second) {
        switch (first << 8 | second) {
            case 'q' << 8 | 'u':
                return new Expression.Conditional(expression(), expression(), expression());
            case 'd' << 8 | 'X':
                return new Expression.Designated(false, expression(), expression(), expression());
            case 'n' << 8 | 'w', 'n' << 8 | 'a':
                return newExpression();
            default:
                return new Expression.Fold(foldOperator(), expression(), expression());
        }
    }

    /** {@code <placement>* _ <type>}, then E, {@code pi <expression>* E} or an initialiser list. */
    private Node newExpression() {
        Expression.List placement = list('_');
        Node type = parser.types.type();
        if (in.skip('E')) {
            return new Expression.New(placement, type, null);
        }
        return new Expression.New(placement, type, in.skip('p', 'i') ? list('E') : expression());
    }

    /** {@code L <type> <value> E}, or a whole mangled name in the same letters. */
    Node literal() {
        in.expect('L');
        if (in.peek() == 'Z' || in.peek() == '_' && in.peek(1) == 'Z') {
            in.skip('_');
            in.next();
            Node encoding = parser.encoding();
            in.expect('E');
            return encoding;
        }
        Node type = parser.types.type();
        if (type instanceof Type.Builtin builtin && builtin.name().equals("decltype(nullptr)") && in.skip('E')) {
            return type;
        }
        return value(type);
    }

    private Node value(Node type) {
        boolean negative = in.skip('n');
        int start = in.position();
        while (in.peek() != 'E') {
            in.next();
        }
        String value = in.since(start);
        in.next();
        if (value.isEmpty()) {
            throw ItaniumParser.malformed();
        }
        return new Expression.Literal(type, negative, value);
    }
}
