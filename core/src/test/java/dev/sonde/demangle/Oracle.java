package dev.sonde.demangle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The programs of binutils that know the answers: nm for the symbols of a file, c++filt for their demangled names. */
final class Oracle {
    private Oracle() {
    }

    /** Skips the test, with the reason, unless the program is installed. */
    static void assumeInstalled(String program) {
        boolean found = Files.isExecutable(Path.of("/usr/bin", program)) || Files.isExecutable(Path.of("/usr/local/bin", program));
        assumeTrue(found, program + " is not installed");
    }

    static void assumePresent(Path file) {
        assumeInstalled("nm");
        assumeInstalled("c++filt");
        assumeTrue(Files.isReadable(file), file + " is not on this machine");
    }

    /** The mangled names in the symbol tables of a file, each once. */
    static List<String> mangledNames(Path file) {
        TreeSet<String> names = new TreeSet<>();
        for (String table : List.of("-a", "-D")) {
            for (String line : run(null, "nm", table, file.toString())) {
                String name = line.substring(line.lastIndexOf(' ') + 1);
                if (name.startsWith("_Z") || name.startsWith("_R")) {
                    names.add(name);
                }
            }
        }
        return List.copyOf(names);
    }

    /** What c++filt, started once, makes of each of the names. */
    static List<String> filtered(List<String> names, String... options) {
        try {
            Path input = Files.createTempFile("names", ".txt");
            try {
                Files.write(input, names, StandardCharsets.UTF_8);
                List<String> command = new ArrayList<>(List.of("c++filt"));
                command.addAll(List.of(options));
                return run(input, command.toArray(String[]::new));
            } finally {
                Files.delete(input);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines a program prints; its errors go to the test's own. */
    static List<String> run(Path input, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.DISCARD);
            Process process = builder.redirectInput(input == null ? Path.of("/dev/null").toFile() : input.toFile()).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asserts that every name c++filt knows is demangled in the same way. */
    static void assertSame(List<String> names, List<String> expected, UnaryOperator<String> demangle) {
        assertThat(expected).hasSameSizeAs(names);
        List<String> different = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String actual = demangle.apply(names.get(i));
            if (!expected.get(i).equals(names.get(i)) && !expected.get(i).equals(actual)) {
                different.add(names.get(i) + "\n  c++filt: " + expected.get(i) + "\n  sonde:   " + actual);
            }
        }
        assertThat(different).as("differences in " + names.size() + " names").isEmpty();
    }
}
