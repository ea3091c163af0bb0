package dev.sonde.cli;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** --probe-filter: only places in whose full attach point the expression is found. */
final class ProbeFilter {
    private ProbeFilter() {}

    /** The filter that the command line gives. */
    static Optional<Predicate<String>> of(CommandLine line) {
        return line.has(Option.PROBE_FILTER) ? Optional.of(pattern(line.value(Option.PROBE_FILTER)).asPredicate()) : Optional.empty();
    }

    private static Pattern pattern(String expression) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw UsageException.of("Invalid --probe-filter regex '" + expression + "': " + e.getDescription());
        }
    }
}
