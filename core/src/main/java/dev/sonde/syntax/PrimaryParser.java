package dev.sonde.syntax;

import dev.sonde.syntax.Expression.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Literals, variables, maps, calls, and what stands in parentheses or braces. */
final class PrimaryParser {
    private final Scanner in;
    private final ExpressionParser expressions;
    private final TypeParser types;
    private final Literals literals;
    private final BlockParser blocks;
    private boolean characters;

    PrimaryParser(Scanner in, ExpressionParser expressions, TypeParser types, Set<String> scriptTypes) {
        this.in = in;
        this.expressions = expressions;
        this.types = types;
        this.literals = new Literals(in);
        this.blocks = new BlockParser(in, expressions);
    }

    Literals literals() {
        return literals;
    }

    BlockParser blocks() {
        return blocks;
    }

    /** Allows or refuses C character constants. */
    void allowCharacters(boolean allow) {
        characters = allow;
    }

    Expression primary() {
        char c = in.peek();
        return switch (c) {
            case '"' -> literals.string();
            case '$' -> dollar();
            case '@' -> map();
            case '(' -> parenthesised();
            case '{' -> blockValue();
            case '\'' -> character();
            default -> Scanner.isDigit(c) ? literals.integer() : word();
        };
    }

    private Expression character() {
        if (!characters) {
            throw in.fail(in.token(), "expected expression", "strings take double quotes");
        }
        return literals.character();
    }

    private Expression dollar() {
        int start = in.at();
        char next = in.charAt(start + 1);
        if (next == '#') {
            in.take(2);
            return new Expression.PositionalCount(in.from(start));
        }
        if (next == '{') {
            return environment(start);
        }
        return Scanner.isDigit(next) ? positional(start) : variable("expected identifier after '$'");
    }

    private Expression positional(int start) {
        int end = start + 1;
        long index = 0;
        for (; Scanner.isDigit(in.charAt(end)); end++) {
            index = Math.min(Integer.MAX_VALUE + 1L, index * 10 + in.charAt(end) - '0');
        }
        in.take(end - start);
        if (index < 1 || index > Integer.MAX_VALUE) {
            in.reportLiteral(in.from(start), "positional parameters count from $1");
            index = 1;
        }
        return new Expression.Positional(in.from(start), (int) index);
    }

    /** <code>${NAME}</code>: a word that is named so with its sigil and braces. */
    private Expression environment(int start) {
        int end = in.wordEnd(start + 2);
        if (end == start + 2 || in.charAt(end) != '}') {
            throw in.fail(in.span(start, end), "expected '${NAME}'");
        }
        String name = in.slice(start, end + 1);
        in.take(end + 1 - start);
        return new Expression.Identifier(in.from(start), name);
    }

    /** {@code $name}. */
    Expression.Variable variable(String message) {
        int start = in.at();
        if (in.peek() != '$' || !Scanner.isWordStart(in.charAt(start + 1))) {
            boolean word = in.isWord();
            throw word ? in.fail(in.token(), message, "a variable is written '$" + in.wordAt(start) + "'") : in.fail(message);
        }
        String name = in.wordAt(start + 1);
        in.take(1 + name.length());
        return new Expression.Variable(in.from(start), name);
    }

    private Expression map() {
        int start = in.at();
        String name = in.wordAt(start + 1);
        in.take(1 + name.length());
        var map = new Expression.MapReference(in.from(start), name);
        if (!in.accept('[')) {
            return map;
        }
        var keys = new ArrayList<Expression>();
        do {
            keys.add(expressions.bracketed());
        } while (in.accept(','));
        in.expect(']');
        return new Expression.MapAccess(in.from(start), map, List.copyOf(keys));
    }

    private Expression blockValue() {
        int start = in.at();
        Script.Block block = blocks.block();
        return new Expression.BlockValue(in.from(start), block);
    }

    private Expression parenthesised() {
        int start = in.at();
        in.take(1);
        if (in.accept(')')) {
            return new Expression.Tuple(in.from(start), List.of());
        }
        if (isRecord()) {
            return record(start);
        }
        Expression first = expressions.bracketed();
        if (in.peek() != ',') {
            expressions.close();
            return first;
        }
        var elements = new ArrayList<Expression>();
        elements.add(first);
        while (in.accept(',') && in.peek() != ')') {
            elements.add(expressions.bracketed());
        }
        expressions.close();
        return new Expression.Tuple(in.from(start), List.copyOf(elements));
    }

    private boolean isRecord() {
        int next = in.next(in.wordEnd(in.at()));
        return in.isWord() && in.charAt(next) == '=' && in.charAt(next + 1) != '=';
    }

    private Expression record(int start) {
        var names = new ArrayList<String>();
        var values = new ArrayList<Expression>();
        do {
            int begin = in.at();
            String name = in.word("expected field name");
            if (!in.isAssignment()) {
                throw in.fail("expected '='");
            }
            in.take(1);
            values.add(expressions.bracketed());
            if (names.contains(name)) {
                throw in.fail(in.from(begin), "Named argument list already contains name: " + name);
            }
            names.add(name);
        } while (in.accept(',') && in.peek() != ')');
        expressions.close();
        return new Expression.OfRecord(in.from(start), List.copyOf(names), List.copyOf(values));
    }

    private Expression word() {
        int start = in.at();
        String word = in.wordAt(start);
        return switch (word) {
            case "" -> throw in.fail("expected expression");
            case "true", "false" -> truth(start, word);
            case "if" -> blocks.ifValue();
            case "comptime" -> comptime(start);
            case "sizeof" -> opensParenthesis(word) ? sizeof(start) : named(start, word);
            case "offsetof" -> opensParenthesis(word) ? offsetof(start) : named(start, word);
            default -> named(start, word);
        };
    }

    private boolean opensParenthesis(String word) {
        return in.charAt(in.next(in.at() + word.length())) == '(';
    }

    private Expression truth(int start, String word) {
        in.take(word.length());
        return new Expression.BooleanLiteral(in.from(start), word.equals("true"));
    }

    private Expression comptime(int start) {
        in.take("comptime".length());
        Expression operand = expressions.unary();
        return new Expression.Comptime(in.from(start), operand);
    }

    private Expression sizeof(int start) {
        in.take("sizeof".length());
        in.take(1);
        Argument operand = types.operand();
        expressions.close();
        return new Expression.Sizeof(in.from(start), operand);
    }

    private Expression offsetof(int start) {
        in.take("offsetof".length());
        in.take(1);
        Argument operand = types.operand();
        in.expect(',');
        var fields = new ArrayList<String>();
        do {
            fields.add(in.word("expected field name"));
        } while (in.accept('.'));
        in.expect(')');
        return new Expression.Offsetof(in.from(start), operand, List.copyOf(fields));
    }

    private Expression named(int start, String name) {
        in.take(name.length());
        var nameSpan = in.from(start);
        if (!in.accept('(')) {
            return new Expression.Identifier(nameSpan, name);
        }
        List<Argument> arguments = expressions.arguments(name.equals("typeinfo"));
        return new Expression.Call(in.from(start), nameSpan, name, arguments);
    }
}
