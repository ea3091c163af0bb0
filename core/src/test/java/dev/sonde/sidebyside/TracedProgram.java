package dev.sonde.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs that the scripts trace: {@code program}, and beside it {@code program-typed} in C and {@code program-classes} in C++. */
public final class TracedProgram {
    /** Functions start with {@code push %rbp}: probes on them are cheap, and stacks can be walked. */
    private static final List<String> OPTIONS = List.of("-g", "-O1", "-fno-omit-frame-pointer", "-fcf-protection=none", "-o");

    private TracedProgram() {}

    /** Its file, in {@code directory}, which is not there without a compiler. */
    public static Path compile(Path directory) throws InterruptedException {
        make("g++", "program-classes.cpp", directory.resolve("program-classes"));
        make("gcc", "program-typed.c", directory.resolve("program-typed"));
        return make("gcc", "program.c", directory.resolve("program"));
    }

    private static Path make(String compiler, String source, Path program) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of(compiler));
        words.addAll(OPTIONS);
        words.addAll(List.of(program.toString(), Case.DIRECTORY.resolve(source).toString()));
        try {
            new ProcessBuilder(words).inheritIO().start().waitFor();
        } catch (IOException e) {
            System.out.println("no " + compiler + ": " + e.getMessage());
        }
        return program;
    }

    static boolean isThere(Path program) {
        return Files.isExecutable(program);
    }
}
