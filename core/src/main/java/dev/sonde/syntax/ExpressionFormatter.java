package dev.sonde.syntax;

import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.source.Span;
import dev.sonde.syntax.Expression.Argument;
import java.util.List;

/** Writes expressions and types with as few parentheses as keep their meaning. Numbers stay as they were written. */
final class ExpressionFormatter {
    private static final int LOOSEST = 0;
    private static final int OPERAND = 1;
    private static final int UNARY = 11;
    private static final int POSTFIX = 12;
    private static final int PRIMARY = 13;
    private static final int WIDTH = 80;

    private final StringBuilder out;
    private final BlockFormatter blocks;
    private boolean inCall;

    ExpressionFormatter(StringBuilder out, BlockFormatter blocks) {
        this.out = out;
        this.blocks = blocks;
    }

    /** {@code expression} where any may stand. */
    void write(Expression expression) {
        write(expression, LOOSEST);
    }

    /** In parentheses if it is a block or an {@code if}, which at the start of a statement would be one. */
    void writeStatement(Expression expression) {
        write(expression, expression instanceof Expression.Ternary ? LOOSEST : OPERAND);
    }

    /** In parentheses unless it is a literal, a name or a call. */
    void writePrimary(Expression expression) {
        write(expression, PRIMARY);
    }

    private static int level(Expression expression) {
        return switch (expression) {
            case Expression.Ternary _, Expression.IfValue _, Expression.BlockValue _ -> LOOSEST;
            case Expression.Binary binary -> binary.operator().precedence();
            case Expression.Unary _, Expression.Cast _, Expression.Comptime _ -> UNARY;
            case Expression.Increment increment -> increment.prefix() ? UNARY : POSTFIX;
            case Expression.Field _, Expression.Element _, Expression.Index _ -> POSTFIX;
            case Expression.IntegerLiteral _, Expression.StringLiteral _, Expression.BooleanLiteral _, Expression.Identifier _, Expression.Variable _,
                    Expression.Positional _, Expression.PositionalCount _, Expression.MapReference _, Expression.MapAccess _, Expression.Call _,
                    Expression.Tuple _, Expression.OfRecord _, Expression.Sizeof _, Expression.Offsetof _ -> PRIMARY;
        };
    }

    private void write(Expression expression, int tightest) {
        boolean parentheses = level(expression) < tightest;
        out.append(parentheses ? "(" : "");
        bare(expression);
        out.append(parentheses ? ")" : "");
    }

    private void bare(Expression expression) {
        switch (expression) {
            case Expression.IntegerLiteral literal -> out.append(number(literal));
            case Expression.StringLiteral literal -> out.append(quoted(literal));
            case Expression.BooleanLiteral literal -> out.append(literal.value());
            case Expression.Identifier identifier -> out.append(identifier.name());
            case Expression.Variable variable -> out.append('$').append(variable.name());
            case Expression.Positional positional -> out.append('$').append(positional.index());
            case Expression.PositionalCount _ -> out.append("$#");
            case Expression.MapReference map -> out.append('@').append(map.name());
            case Expression.MapAccess access -> {
                bare(access.map());
                list('[', access.keys(), "]");
            }
            case Expression.Unary unary -> unary(unary);
            case Expression.Increment increment -> increment(increment);
            case Expression.Binary binary -> binary(binary);
            case Expression.Ternary ternary -> ternary(ternary);
            case Expression.IfValue value -> blocks.ifValue(value);
            case Expression.BlockValue value -> blocks.inline(value.block());
            case Expression.Call call -> call(call);
            case Expression.Cast cast -> cast(cast);
            case Expression.Field field -> {
                write(field.operand(), POSTFIX);
                out.append(field.arrow() ? "->" : ".").append(field.name());
            }
            case Expression.Element element -> {
                write(element.operand(), POSTFIX);
                out.append('.').append(element.index());
            }
            case Expression.Index index -> {
                write(index.operand(), POSTFIX);
                list('[', List.of(index.index()), "]");
            }
            case Expression.Tuple tuple -> list('(', tuple.elements(), tuple.elements().size() == 1 ? ",)" : ")");
            case Expression.OfRecord record -> record(record);
            case Expression.Sizeof sizeof -> {
                out.append("sizeof(");
                argument(sizeof.operand(), true);
                out.append(')');
            }
            case Expression.Offsetof offsetof -> {
                out.append("offsetof(");
                argument(offsetof.operand(), true);
                out.append(", ").append(String.join(".", offsetof.fields())).append(')');
            }
            case Expression.Comptime comptime -> {
                out.append("comptime ");
                write(comptime.expression(), UNARY);
            }
        }
    }

    private void list(char open, List<Expression> elements, String close) {
        out.append(open);
        for (int i = 0; i < elements.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            write(elements.get(i));
        }
        out.append(close);
    }

    private void record(Expression.OfRecord record) {
        out.append('(');
        for (int i = 0; i < record.names().size(); i++) {
            out.append(i == 0 ? "" : ", ").append(record.names().get(i)).append('=');
            write(record.values().get(i));
        }
        out.append(')');
    }

    private void unary(Expression.Unary unary) {
        out.append(unary.operator().text());
        write(unary.operand(), prefixed(unary.operand()) ? PRIMARY : UNARY);
    }

    /** Whether the text of {@code operand} begins with an operator, which must not run into one before it. */
    private static boolean prefixed(Expression operand) {
        return operand instanceof Expression.Unary || operand instanceof Expression.Increment increment && increment.prefix();
    }

    private void increment(Expression.Increment increment) {
        String operator = increment.decrement() ? "--" : "++";
        out.append(increment.prefix() ? operator : "");
        bare(increment.target());
        out.append(increment.prefix() ? "" : operator);
    }

    private void binary(Expression.Binary binary) {
        int precedence = binary.operator().precedence();
        write(binary.left(), isUnclear(binary.operator(), binary.left()) ? PRIMARY : precedence);
        out.append(' ').append(binary.operator().text()).append(' ');
        write(binary.right(), isUnclear(binary.operator(), binary.right()) ? PRIMARY : precedence + 1);
    }

    /** Whether {@code operand} is of another operator and few know which of the two binds tighter. */
    private static boolean isUnclear(BinaryOperator operator, Expression operand) {
        return operand instanceof Expression.Binary(_, BinaryOperator inner, _, _) && inner != operator
                && (isBitwise(operator) && inner.precedence() < BinaryOperator.MUL.precedence() || isBitwise(inner) && !operator.isLogical()
                || operator == BinaryOperator.LOGICAL_OR && inner == BinaryOperator.LOGICAL_AND);
    }

    private static boolean isBitwise(BinaryOperator operator) {
        return switch (operator) {
            case OR, XOR, AND, SHL, SHR -> true;
            case LOGICAL_OR, LOGICAL_AND, EQ, NE, LT, GT, LE, GE, ADD, SUB, MUL, DIV, MOD -> false;
        };
    }

    private void ternary(Expression.Ternary ternary) {
        write(ternary.condition(), OPERAND);
        out.append(" ?");
        if (ternary.yes().isPresent()) {
            out.append(' ');
            write(ternary.yes().get());
            out.append(' ');
        }
        out.append(": ");
        write(ternary.no());
    }

    private void call(Expression.Call call) {
        boolean outermost = !inCall;
        inCall = true;
        out.append(call.name()).append('(');
        int column = column();
        for (int i = 0; i < call.arguments().size(); i++) {
            int separator = out.append(i == 0 ? "" : ", ").length();
            argument(call.arguments().get(i), call.name().equals("typeinfo"));
            if (outermost && i > 0) {
                wrap(separator, column);
            }
        }
        out.append(')');
        inCall = !outermost;
    }

    private int column() {
        return out.length() - 1 - out.lastIndexOf("\n");
    }

    /** Moves the argument written from {@code start} on to a line of its own if it does not fit. */
    private void wrap(int start, int column) {
        if (column() + 2 > WIDTH && out.indexOf("\n", start) < 0) {
            out.replace(start - 1, start, "\n" + " ".repeat(column));
        }
    }

    /** An ordinary call takes a type as {@code typeof(type)}. */
    private void argument(Argument argument, boolean operator) {
        switch (argument) {
            case Argument.Value(Expression value) -> write(value);
            case Argument.OfType(TypeName type) -> {
                boolean bare = operator || type instanceof TypeName.TypeOf;
                out.append(bare ? "" : "typeof(");
                type(type);
                out.append(bare ? "" : ")");
            }
        }
    }

    private void cast(Expression.Cast cast) {
        out.append('(');
        type(cast.type());
        out.append(')');
        write(cast.operand(), prefixed(cast.operand()) ? PRIMARY : UNARY);
    }

    /** A type. */
    void type(TypeName type) {
        switch (type) {
            case TypeName.Named named -> out.append(named.name());
            case TypeName.Tagged tagged -> out.append(tagged.tag()).append(' ').append(tagged.name());
            case TypeName.Pointer pointer -> {
                type(pointer.target());
                out.append(pointer.target() instanceof TypeName.Pointer ? "*" : " *");
            }
            case TypeName.Array array -> {
                type(array.element());
                out.append('[');
                array.size().ifPresent(this::write);
                out.append(']');
            }
            case TypeName.TypeOf of -> {
                out.append("typeof(");
                write(of.expression());
                out.append(')');
            }
            case TypeName.Tuple tuple -> types(List.of(), tuple.elements());
            case TypeName.OfRecord record -> types(record.names(), record.types());
        }
    }

    private void types(List<String> names, List<TypeName> types) {
        out.append('(');
        for (int i = 0; i < types.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(names.isEmpty() ? "" : names.get(i) + "=");
            type(types.get(i));
        }
        out.append(names.isEmpty() && types.size() == 1 ? ",)" : ")");
    }

    /** As it was written, if that still is its value. */
    private static String number(Expression.IntegerLiteral literal) {
        String text = written(literal.span(), '0', '9');
        if (text != null) {
            Expression.IntegerLiteral written = literals(text, literal.span()).integer();
            if (written.value() == literal.value() && written.unsigned() == literal.unsigned()) {
                return text;
            }
        }
        return Long.toUnsignedString(literal.value()) + (literal.unsigned() && literal.value() >= 0 ? "U" : "");
    }

    private static String quoted(Expression.StringLiteral literal) {
        String text = written(literal.span(), '"', '"');
        return text != null ? text : quoted(literal.value());
    }

    private static String written(Span span, char first, char last) {
        String text = span.source().text();
        boolean literal = span.end() > span.start() && text.charAt(span.start()) >= first && text.charAt(span.start()) <= last;
        return literal ? span.text() : null;
    }

    private static Literals literals(String text, Span span) {
        var source = new Source(span.source().name(), text);
        return new Literals(new Scanner(source, new Diagnostics(), null));
    }

    /** A string in double quotes with its escapes. */
    static String quoted(String value) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    boolean hex = c < ' ' || c >= 0x7f && c <= 0xff;
                    out.append(hex ? "\\x" + Character.forDigit(c >> 4, 16) + Character.forDigit(c & 15, 16) : String.valueOf(c));
                }
            }
        }
        return out.append('"').toString();
    }
}
