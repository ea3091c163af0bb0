package dev.sonde.syntax;

import dev.sonde.source.Span;
import java.util.List;
import java.util.Optional;

/** A statement of a block. */
public sealed interface Statement {
    /** Where it stands. */
    Span span();

    /** An expression for its effect: a call, {@code @x++}. */
    record Evaluate(Span span, Expression expression) implements Statement {}

    /** {@code target = value} or a compound {@code target op= value}; the target is a variable, a map, a map entry, a field or an element. */
    record Assign(Span span, Expression target, Optional<BinaryOperator> operator, Expression value) implements Statement {
        /** From the operator to the end of the value. */
        public Span operation() {
            int start = target.span().end();
            while (start < span.end() && Character.isWhitespace(span.source().text().charAt(start))) {
                start++;
            }
            return new Span(span.source(), start, Math.max(start, value.span().end()));
        }
    }

    /** {@code _ = value} */
    record Discard(Span span, Expression value) implements Statement {}

    /** {@code let $x : type = value}; the name is without its sigil. */
    record Let(Span span, String name, Optional<TypeName> type, Optional<Expression> value) implements Statement {}

    /** {@code let ($a, $b) = value} and the assignment of a tuple to several variables. */
    record Destructure(Span span, List<String> names, Expression value) implements Statement {}

    /** {@code if comptime? condition { … } else { … }}; an {@code else if} is a block of one statement. */
    record If(Span span, boolean comptime, Expression condition, Script.Block then, Optional<Script.Block> otherwise) implements Statement {}

    /** {@code unroll (count) { … }} */
    record Unroll(Span span, Expression count, Script.Block body) implements Statement {}

    /** {@code while (condition) { … }} */
    record While(Span span, Expression condition, Script.Block body) implements Statement {}

    /** {@code for ($name : from..to) { … }}, half-open. */
    record ForRange(Span span, String name, Expression from, Expression to, Script.Block body) implements Statement {}

    /** {@code for ($name : @map) { … }}: {@code $name.0} is the key, {@code $name.1} the value. */
    record ForMap(Span span, String name, Expression.MapReference map, Script.Block body) implements Statement {}

    /** {@code break} */
    record Break(Span span) implements Statement {}

    /** {@code continue} */
    record Continue(Span span) implements Statement {}

    /** {@code return value?} */
    record Return(Span span, Optional<Expression> value) implements Statement {}

    /** A nested block. */
    record Nested(Span span, Script.Block block) implements Statement {}

    /** {@code import "path";} inside a block. */
    record ImportStatement(Span span, String path) implements Statement {}
}
