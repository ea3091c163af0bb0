package dev.sonde.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A parsed command line.
 *
 * @param options the arguments of each option, in the order of {@link Option}: null when it was not given, empty texts when it takes none
 * @param operands what is no option, in order, up to {@code --}
 * @param rest what follows {@code --}
 */
record CommandLine(List<String>[] options, List<String> operands, List<String> rest) {
    /** Whether the option was given. */
    boolean has(Option option) {
        return options[option.ordinal()] != null;
    }

    /** The last argument given to the option; empty without one. */
    String value(Option option) {
        List<String> values = options[option.ordinal()];
        return values == null ? "" : values.getLast();
    }

    /** All arguments given to the option. */
    List<String> values(Option option) {
        List<String> values = options[option.ordinal()];
        return values == null ? List.of() : values;
    }

    /** Where the script comes from: a file's path, {@code -} for standard input; empty when -e has it or there is none. */
    String file() {
        return has(Option.PROGRAM) || operands.isEmpty() ? "" : operands.getFirst();
    }

    /** {@code $1} and on. */
    List<String> positional() {
        List<String> positional = new ArrayList<>(has(Option.PROGRAM) || operands.isEmpty() ? operands : operands.subList(1, operands.size()));
        for (String argument : rest) {
            if (!argument.startsWith("--")) {
                positional.add(argument);
            }
        }
        return positional;
    }

    /** What {@code getopt()} asks for: {@code --name=value} and {@code --name} after {@code --}. */
    Map<String, String> named() {
        Map<String, String> named = new LinkedHashMap<>();
        for (String argument : rest) {
            if (argument.startsWith("--")) {
                int equals = argument.indexOf('=');
                named.put(argument.substring(2, equals < 0 ? argument.length() : equals), equals < 0 ? "" : argument.substring(equals + 1));
            }
        }
        return named;
    }
}
