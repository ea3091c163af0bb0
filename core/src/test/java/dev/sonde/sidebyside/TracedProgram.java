package dev.sonde.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The C program that the scripts trace. */
final class TracedProgram {
    /** Functions start with {@code push %rbp}: probes on them are cheap, and stacks can be walked. */
    private static final List<String> COMPILER = List.of("gcc", "-g", "-O1", "-fno-omit-frame-pointer", "-fcf-protection=none", "-o");

    private TracedProgram() {}

    /** Its file, in {@code directory}, which is not there without a compiler. */
    static Path compile(Path directory) throws InterruptedException {
        Path program = directory.resolve("program");
        List<String> words = new java.util.ArrayList<>(COMPILER);
        words.addAll(List.of(program.toString(), Case.DIRECTORY.resolve("program.c").toString()));
        try {
            new ProcessBuilder(words).inheritIO().start().waitFor();
        } catch (IOException e) {
            System.out.println("no C compiler: " + e.getMessage());
        }
        return program;
    }

    static boolean isThere(Path program) {
        return Files.isExecutable(program);
    }
}
