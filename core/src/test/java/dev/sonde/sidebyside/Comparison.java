package dev.sonde.sidebyside;

import java.util.ArrayList;
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
public record Comparison(String mode, List<String> replacements, boolean withErrors) {
    /** What marks the place in the quoted line of the script above it. */
    private static final Pattern UNDERLINE = Pattern.compile(" *~+");
    private static final Pattern NOISE = Pattern.compile("Attached .*|WARNING: .*|HINT: .*| *~+|\\s*");
    private static final Pattern PLACED = Pattern.compile("^[^ :]+:\\d+:\\d+-\\d+: .*");

    public String form(Outcome outcome) {
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

    /** Without what speaks of the machine, hints, and the quoted lines of the script. */
    static String messages(String errors) {
        List<String> lines = errors.lines().toList();
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            boolean quoted = i + 1 < lines.size() && UNDERLINE.matcher(lines.get(i + 1)).matches();
            if (!quoted && !NOISE.matcher(lines.get(i)).matches()) {
                kept.add(lines.get(i));
            }
        }
        return joined(kept.stream());
    }

    /** The first message that speaks of a place and is an error, without its file. */
    static String firstError(String errors) {
        return errors.lines().filter(line -> line.contains("ERROR: ")).findFirst().map(Comparison::withoutFile).orElse("no error");
    }

    private static String withoutFile(String line) {
        return PLACED.matcher(line).matches() ? line.substring(line.indexOf(':') + 1) : line;
    }
}
