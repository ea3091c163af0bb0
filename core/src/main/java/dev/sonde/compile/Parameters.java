package dev.sonde.compile;

import dev.sonde.source.Span;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Parser;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line and the environment give a script.
 *
 * @param positional {@code $1} and on
 * @param named {@code --name=value} after {@code --}; a bare {@code --name} has an empty value
 * @param environment for {@code ${NAME}} in attach points
 */
public record Parameters(List<String> positional, Map<String, String> named, Map<String, String> environment) {
    public Parameters {
        positional = List.copyOf(positional);
        named = Map.copyOf(named);
    }

    /** The text of {@code $index}, counted from 1. */
    Optional<String> text(int index) {
        return index >= 1 && index <= positional.size() ? Optional.of(positional.get(index - 1)) : Optional.empty();
    }

    /** Whether {@code $index} was given and is not blank. */
    boolean has(int index) {
        return text(index).filter(t -> !t.isBlank()).isPresent();
    }

    /** What {@code parameter} stands for: the number or the string that it is, spelt as in a script; 0 when it is not given. */
    Expression literal(Expression.Positional parameter) {
        Span span = parameter.span();
        if (!has(parameter.index())) {
            return new Expression.IntegerLiteral(span, 0, false);
        }
        String text = text(parameter.index()).orElseThrow();
        Optional<Expression.IntegerLiteral> number = Parser.number(span, text);
        return number.isPresent() ? number.get() : new Expression.StringLiteral(span, text);
    }
}
