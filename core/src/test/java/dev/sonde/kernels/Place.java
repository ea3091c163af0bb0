package dev.sonde.kernels;

import dev.sonde.linux.LiveTarget;
import dev.sonde.sidebyside.Case;
import dev.sonde.sidebyside.Case.Directive;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.target.Feature;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A machine as scripts see it.
 *
 * @param release the kernel's
 * @param architecture as {@code os.arch} spells it
 */
record Place(String release, String architecture) {
    static Place here() {
        try (LiveTarget target = new LiveTarget(LinuxKernel.open(), List.of())) {
            return new Place(target.kernelRelease(), System.getProperty("os.arch"));
        }
    }

    /** What a script needs that is not there; empty when it can be run. */
    Optional<String> missing(Case script, Path program) {
        String since = script.one(Directive.SINCE, "0.0");
        if (number(release) < number(since)) {
            return Optional.of("needs Linux " + since);
        }
        if (script.says(Directive.PROCESS) || script.says(Directive.ENV)) {
            return Optional.of("needs a process of its own");
        }
        for (String line : script.all(Directive.REQUIRES)) {
            for (String word : line.split(" +")) {
                if (!has(word, program)) {
                    return Optional.of("needs " + word);
                }
            }
        }
        return Optional.empty();
    }

    private boolean has(String word, Path program) {
        return switch (word) {
            case "program" -> Files.isExecutable(program);
            case "classes" -> Files.isExecutable(program.resolveSibling("program-classes"));
            case "tracepoint" -> Files.isDirectory(Path.of("/sys/kernel/tracing/events"));
            case "amd64" -> architecture.equals(word);
            default -> word.startsWith("/") ? Files.exists(Path.of(word)) : feature(Feature.valueOf(word.toUpperCase(Locale.ROOT)));
        };
    }

    /** Whether {@code links} is what a script says it should be, in the words of {@link Directive#LINKS}; any number is where it says nothing. */
    boolean hasLinks(String words, int links) {
        String[] parts = words.split(" ");
        return words.isEmpty() || !feature(Feature.valueOf(parts[1].toUpperCase(Locale.ROOT))) || links == Integer.parseInt(parts[0]);
    }

    private static boolean feature(Feature feature) {
        try (LiveTarget target = new LiveTarget(LinuxKernel.open(), List.of())) {
            return target.has(feature);
        }
    }

    /** Major and minor version in one number. */
    private static int number(String release) {
        String[] parts = release.split("[^0-9]+", 3);
        return Integer.parseInt(parts[0]) * 1000 + Integer.parseInt(parts[1]);
    }
}
