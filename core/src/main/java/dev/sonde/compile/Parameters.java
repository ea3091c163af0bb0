package dev.sonde.compile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

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

    /** The number of {@code $index}: decimal, hexadecimal or octal; 0 when it was not given; empty when it is no number. */
    OptionalLong number(int index) {
        if (index > positional.size()) {
            return OptionalLong.of(0);
        }
        try {
            String text = positional.get(index - 1);
            return OptionalLong.of(text.length() < 19 || text.startsWith("-") ? Long.decode(text) : Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
