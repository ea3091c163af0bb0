package dev.sonde.sidebyside;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings an output into the form that is compared.
 *
 * @param mode {@code exact}, {@code sorted} or {@code lines /regex/}
 * @param replacements {@code /regex/text/} each
 * @param withErrors whether messages follow the output
 */
record Comparison(String mode, List<String> replacements, boolean withErrors) {
    private static final Pattern PLACED = Pattern.compile("^[^ :]+:\\d+:\\d+-\\d+: .*");

    String form(Outcome outcome) {
        String text = kept(outcome.output());
        for (String replacement : replacements) {
            String[] parts = replacement.split("/", -1);
            text = Pattern.compile(parts[1], Pattern.MULTILINE).matcher(text).replaceAll(parts[2]);
        }
        return withErrors ? text + "-- messages\n" + messages(outcome.errors()) : text;
    }

    private String kept(String output) {
        if (mode.equals("sorted")) {
            return joined(output.lines().sorted());
        }
        if (mode.startsWith("lines /")) {
            return joined(output.lines().filter(Pattern.compile(mode.substring(7, mode.length() - 1)).asPredicate()));
        }
        return output;
    }

    private static String joined(Stream<String> lines) {
        return lines.map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Lines that speak of a place in the script, without its file, and what a script writes to standard error. */
    static String messages(String errors) {
        return joined(errors.lines().filter(line -> !line.startsWith("Attached ") && !line.startsWith("WARNING: ") && !line.startsWith("    ")
                && !line.isBlank() && !line.startsWith("~") && !line.startsWith("HINT")));
    }

    /** The first message that speaks of a place and is an error, without its file. */
    static String firstError(String errors) {
        return errors.lines().filter(line -> line.contains("ERROR: ")).findFirst().map(Comparison::withoutFile).orElse("no error");
    }

    private static String withoutFile(String line) {
        return PLACED.matcher(line).matches() ? line.substring(line.indexOf(':') + 1) : line;
    }
}
