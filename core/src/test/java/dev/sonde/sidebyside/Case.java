package dev.sonde.sidebyside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A script and what its first lines say about it.
 *
 * @param name the file without {@code .bt}
 * @param script the whole text
 * @param directives every directive with its lines' texts, in order
 */
public record Case(String name, String script, Map<Directive, List<String>> directives) {
    /** What a line {@code // name: text} at the head of a script can say. */
    public enum Directive {
        /** Options, as a shell would split them. */
        RUN,
        /** Words after the script. */
        PARAMS,
        /** {@code NAME=value} for the environment. */
        ENV,
        /** What the machine must have: {@code tracepoint}, or commands. */
        REQUIRES,
        /** {@code exact}, {@code sorted}, {@code lines /regex/}. */
        COMPARE,
        /** {@code /regex/text/}: applied to both outputs. */
        REPLACE,
        /** The exit code of both; 0 when it is not said. */
        EXIT,
        /** {@code no}: without the run with {@code -f json}. */
        JSON,
        /** {@code yes}: messages on standard error are compared, too. */
        STDERR,
        /** {@code yes}: Sonde runs in a process of its own. */
        PROCESS,
        /** The first mainline kernel that can run it. */
        SINCE,
        /** {@code NUMBER FEATURE}: how many links of many probes it takes where the kernel has that feature. */
        LINKS,
        /** Why the record is what Sonde does and bpftrace is not asked. */
        DECIDED
    }

    public static final Path DIRECTORY = Path.of("src/test/resources/sidebyside");
    /** What stands for the path of the traced program in scripts, options and records. */
    public static final String PROGRAM = "./program";

    public static Case read(Path file) {
        String text = text(file);
        Map<Directive, List<String>> directives = new EnumMap<>(Directive.class);
        for (String line : text.lines().takeWhile(l -> l.startsWith("// ") && l.indexOf(':') > 0).toList()) {
            int colon = line.indexOf(':');
            var directive = Directive.valueOf(line.substring(3, colon).toUpperCase(Locale.ROOT));
            directives.computeIfAbsent(directive, _ -> new ArrayList<>()).add(line.substring(colon + 1).strip());
        }
        String name = file.getFileName().toString();
        return new Case(name.substring(0, name.length() - ".bt".length()), text, directives);
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> all(Directive directive) {
        return directives.getOrDefault(directive, List.of());
    }

    public String one(Directive directive, String otherwise) {
        return directives.containsKey(directive) ? directives.get(directive).getLast() : otherwise;
    }

    public boolean says(Directive directive) {
        return directives.containsKey(directive);
    }

    public int exitCode() {
        return Integer.parseInt(one(Directive.EXIT, "0"));
    }

    /** The options and the words after the script, for {@code program} in place of {@link #PROGRAM}. */
    List<String> words(Directive directive, Path program) {
        List<String> words = new ArrayList<>();
        all(directive).forEach(line -> words.addAll(words(line.replace(PROGRAM, program.toString()))));
        return words;
    }

    /** The words of {@code line}; single quotes keep blanks. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        String[] parts = line.split("'", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 1) {
                words.add(parts[i]);
            } else {
                parts[i].strip().lines().flatMap(s -> Arrays.stream(s.split(" +"))).filter(s -> !s.isEmpty()).forEach(words::add);
            }
        }
        return words;
    }

    /** The record of a run: {@code name.out}, or {@code name.json}. */
    public Path record(boolean json) {
        return DIRECTORY.resolve(name + (json ? ".json" : ".out"));
    }

    public Comparison comparison() {
        return new Comparison(one(Directive.COMPARE, "exact"), all(Directive.REPLACE), says(Directive.STDERR));
    }
}
