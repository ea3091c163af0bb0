package dev.sonde.syntax;

import dev.sonde.source.Span;
import java.util.List;
import java.util.Optional;

/** An expression. Nodes compare by identity of content; a pass that attaches facts to nodes uses an identity map. */
public sealed interface Expression {
    /** Where it stands. */
    Span span();

    /** A number; durations are nanoseconds. {@code unsigned} when it exceeds 2^63-1 or was written with a U suffix. */
    record IntegerLiteral(Span span, long value, boolean unsigned) implements Expression {}

    /** A string with its escapes resolved; a byte of 0x80 or more that was written by {@code \x} or octal is the lone surrogate 0xdc00 + byte. */
    record StringLiteral(Span span, String value) implements Expression {}

    /** {@code true} or {@code false}. */
    record BooleanLiteral(Span span, boolean value) implements Expression {}

    /** A bare word: a builtin, an enumerator, a C macro, a script macro without parentheses, or <code>${NAME}</code> with its sigil and braces. */
    record Identifier(Span span, String name) implements Expression {}

    /** {@code $name}; the name is without its sigil. */
    record Variable(Span span, String name) implements Expression {}

    /** {@code $1}, …; 1-based. */
    record Positional(Span span, int index) implements Expression {}

    /** {@code $#} */
    record PositionalCount(Span span) implements Expression {}

    /** {@code @name} without a key; the name is without its sigil and empty for {@code @}. */
    record MapReference(Span span, String name) implements Expression {}

    /** {@code @name[keys]}: several keys make one tuple key. */
    record MapAccess(Span span, MapReference map, List<Expression> keys) implements Expression {}

    /** A prefix operator. */
    record Unary(Span span, UnaryOperator operator, Expression operand) implements Expression {}

    /** {@code ++x}, {@code x++}, {@code --x}, {@code x--}. */
    record Increment(Span span, Expression target, boolean decrement, boolean prefix) implements Expression {}

    /** A binary operator. */
    record Binary(Span span, BinaryOperator operator, Expression left, Expression right) implements Expression {}

    /** {@code condition ? yes : no}; {@code yes} is empty in {@code condition ?: no}. */
    record Ternary(Span span, Expression condition, Optional<Expression> yes, Expression no) implements Expression {}

    /** {@code if comptime? condition { … } else { … }} used as a value. */
    record IfValue(Span span, boolean comptime, Expression condition, Script.Block yes, Script.Block no) implements Expression {}

    /** {@code { statements; value }} */
    record BlockValue(Span span, Script.Block block) implements Expression {}

    /** {@code name(arguments)} */
    record Call(Span span, Span nameSpan, String name, List<Argument> arguments) implements Expression {}

    /** {@code (type)operand} */
    record Cast(Span span, TypeName type, Expression operand) implements Expression {}

    /** {@code operand.name} or {@code operand->name}. */
    record Field(Span span, Expression operand, Span nameSpan, String name, boolean arrow) implements Expression {}

    /** {@code operand.N} */
    record Element(Span span, Expression operand, int index) implements Expression {}

    /** {@code operand[index]} */
    record Index(Span span, Expression operand, Expression index) implements Expression {}

    /** {@code (a, b)}, {@code (a,)}, {@code ()}. */
    record Tuple(Span span, List<Expression> elements) implements Expression {}

    /** {@code (name = value, …)} */
    record OfRecord(Span span, List<String> names, List<Expression> values) implements Expression {}

    /** {@code sizeof(type or expression)} */
    record Sizeof(Span span, Argument operand) implements Expression {}

    /** {@code offsetof(type or expression, field.field)} */
    record Offsetof(Span span, Argument operand, List<String> fields) implements Expression {}

    /** {@code comptime expression} */
    record Comptime(Span span, Expression expression) implements Expression {}

    /** An argument of a call: an expression, or a type where the text can only be one ({@code struct x}, {@code typeof(…)}). */
    sealed interface Argument {
        /** Where it stands. */
        Span span();

        /** A value. */
        record Value(Expression expression) implements Argument {
            @Override
            public Span span() {
                return expression.span();
            }
        }

        /** A type. */
        record OfType(TypeName type) implements Argument {
            @Override
            public Span span() {
                return type.span();
            }
        }
    }
}
