package dev.sonde.demangle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole symbol tables against c++filt of binutils 2.40; a later one must agree on them too, but for names it has learnt since. */
class DemanglerOracleTest {
    private static final Path NODE = Path.of("/usr/bin/node");
    private static final Path LIBSTDCXX = Path.of("/usr/lib/x86_64-linux-gnu/libstdc++.so.6");

    @Test
    void everyNameInNodeIsPrintedAsCxxfiltPrintsIt() {
        sameAsCxxfilt(NODE);
    }

    @Test
    void everyNameInLibstdcxxIsPrintedAsCxxfiltPrintsIt() {
        sameAsCxxfilt(LIBSTDCXX);
    }

    private static void sameAsCxxfilt(Path file) {
        Oracle.assumePresent(file);
        List<String> names = Oracle.mangledNames(file);
        Oracle.assertSame(names, Oracle.filtered(names), Demangler::demangle);
    }

    @Test
    void namesWithoutParametersAreThoseOfCxxfilt() {
        Oracle.assumePresent(LIBSTDCXX);
        List<String> names = Oracle.mangledNames(LIBSTDCXX).stream().filter(name -> name.indexOf('@') < 0).toList();
        Oracle.assertSame(names, Oracle.filtered(names, "-p"), Demangler::withoutParameters);
    }

    /** c++filt 2.40 drops the first digit of a constant wider than 64 bits; those names are left out. */
    @Test
    void everyNameInTheRustCompilerIsPrintedAsCxxfiltPrintsIt() throws IOException {
        Path file = rustCompiler();
        assumeTrue(file != null, "no Rust toolchain under the home directory");
        Oracle.assumePresent(file);
        List<String> names = new ArrayList<>(Oracle.mangledNames(file));
        names.removeIf(name -> !name.startsWith("_R") && !name.contains("17h") || Demangler.demangle(name).contains("0x"));
        Oracle.assertSame(names, Oracle.filtered(names, "-i"), Demangler::demangle);
    }

    private static Path rustCompiler() throws IOException {
        Path toolchains = Path.of(System.getProperty("user.home"), ".rustup", "toolchains");
        if (!Files.isDirectory(toolchains)) {
            return null;
        }
        try (DirectoryStream<Path> toolchain = Files.newDirectoryStream(toolchains)) {
            for (Path directory : toolchain) {
                try (DirectoryStream<Path> drivers = Files.newDirectoryStream(directory.resolve("lib"), "librustc_driver-*.so")) {
                    for (Path driver : drivers) {
                        return driver;
                    }
                }
            }
        }
        return null;
    }

    @Test
    void whatGccManglesIsPrintedAsCxxfiltPrintsIt(@TempDir Path directory) throws IOException {
        Oracle.assumeInstalled("g++");
        Path source = directory.resolve("names.cc");
        Path object = directory.resolve("names.o");
        try (var stream = DemanglerOracleTest.class.getResourceAsStream("names.cc")) {
            assertThat(stream).as("the resource names.cc").isNotNull();
            Files.copy(stream, source);
        }
        Oracle.run(null, "g++", "-std=c++20", "-fconcepts", "-c", "-o", object.toString(), source.toString());
        Oracle.assumePresent(object);
        List<String> names = Oracle.mangledNames(object);
        assertThat(names).hasSizeGreaterThan(150);
        Oracle.assertSame(names, Oracle.filtered(names), Demangler::demangle);
    }

    @Test
    void mutatedNamesNeverThrow() {
        Oracle.assumePresent(LIBSTDCXX);
        List<String> names = Oracle.mangledNames(LIBSTDCXX);
        Random random = new Random(20240917);
        for (int i = 0; i < 60_000; i++) {
            String name = mutated(names, random);
            assertThat(Demangler.demangle(name)).as(name).isNotEmpty();
        }
    }

    private static String mutated(List<String> names, Random random) {
        StringBuilder name = new StringBuilder(names.get(random.nextInt(names.size())));
        if (random.nextInt(4) == 0) {
            name.replace(0, 2, "_R");
        }
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            int at = Math.min(2 + random.nextInt(name.length()), name.length());
            String other = names.get(random.nextInt(names.size()));
            int from = random.nextInt(other.length());
            String piece = other.substring(from, Math.min(other.length(), from + 1 + random.nextInt(8)));
            name.replace(at, Math.min(name.length(), at + random.nextInt(4)), piece);
        }
        return name.toString();
    }
}
