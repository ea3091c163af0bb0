package dev.sonde.dwarf;

import dev.sonde.elf.ElfFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Programs made by the compilers of this machine, and what other readers of debug information say of them. */
final class CompiledProgram {
    /** A C program with every kind of type and a function that is only inlined. */
    static final String C = """
            #include <stdbool.h>
            enum colour { RED = -1, GREEN = 5, BLUE };
            struct inner { int a; short b; };
            struct node { int x; unsigned f1 : 3; signed f2 : 5; char name[16]; struct inner inner; struct node *next; enum colour colour;
                bool ok; union { int word; float real; }; int grid[2][3]; void (*call)(int); };
            typedef struct node node_t;
            volatile int sink;
            __attribute__((noinline)) int visit(node_t *node, const char *text, enum colour colour, struct inner by_value) {
                sink = node->x; return by_value.a; }
            static inline __attribute__((always_inline)) int twice(int value, int by) { sink = value; return value * by; }
            __attribute__((noinline)) int first(int a) { sink = 1; return twice(a, 2) + 1; }
            __attribute__((noinline)) int second(int a) { return twice(a, 7) + 2; }
            int main(int argc, char **argv) {
                struct node node = {.x = argc};
                return visit(&node, argv[0], GREEN, node.inner) + first(argc) + second(argc);
            }
            """;
    /** A C++ program with classes, bases, templates and namespaces. */
    static final String CXX = """
            #include <string>
            volatile int sink;
            namespace outer {
            enum class Kind : unsigned char { One = 1, Two };
            struct Base { int base; virtual ~Base() {} };
            struct Derived : Base { int own; Kind kind; static int shared; std::string text;
                __attribute__((noinline)) int method(int x, const Derived &other) { sink = x; return own + other.own; } };
            int Derived::shared = 3;
            template<class T> __attribute__((noinline)) T pick(T a, T *b) { sink = *b; return a; }
            }
            int main() {
                outer::Derived d; long l = 3;
                d.method(1, d);
                return outer::pick<int>(1, &d.own) + outer::pick<long>(1, &l);
            }
            """;

    private CompiledProgram() {}

    /** Compiles {@code text}; the test is left out where there is no compiler. */
    static Path of(Path directory, String compiler, String text, String... options) throws IOException, InterruptedException {
        Path source = directory.resolve(compiler.equals("g++") ? "program.cpp" : "program.c");
        Files.writeString(source, text);
        Path program = directory.resolve("program");
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(List.of(options));
        command.addAll(List.of("-o", program.toString(), source.toString()));
        Assumptions.assumeTrue(run(directory, command).isPresent(), "no " + compiler + " that takes " + String.join(" ", options));
        return program;
    }

    /** What a command prints; empty when it is not there or fails. */
    static Optional<String> run(Path directory, List<String> command) throws InterruptedException {
        try {
            Path out = Files.createTempFile(directory, "out", "");
            Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectOutput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor() == 0 ? Optional.of(Files.readString(out, StandardCharsets.ISO_8859_1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What llvm-dwarfdump prints; the test is left out without it. */
    static String dump(Path directory, Path file, String option) throws InterruptedException {
        var text = run(directory, List.of("llvm-dwarfdump", option, file.toString()));
        Assumptions.assumeTrue(text.isPresent(), "no llvm-dwarfdump");
        return text.orElseThrow();
    }

    static Dwarf dwarf(ElfFile elf) {
        return Dwarf.of(elf::contents);
    }
}
