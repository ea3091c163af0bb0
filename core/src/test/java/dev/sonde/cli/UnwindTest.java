package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stacks of a program without frame pointers, walked by unwind tables, against gdb's. */
class UnwindTest {
    private static final String TEXT = """
            #include <signal.h>
            #include <stdlib.h>
            #include <string.h>
            #include <unistd.h>
            typedef int (*function)(int);
            __attribute__((noinline)) int leaf(int a) { __asm__ volatile(""); return a + 1; }
            __attribute__((noinline)) int deep(int n, function f) {
                char room[100];
                memset(room, n, sizeof room);
                __asm__ volatile("" :: "r"(room) : "memory");
                return n ? deep(n - 1, f) + room[n] : f(n) + room[0];
            }
            static int compare(const void *a, const void *b) { int r = leaf(*(int *) a - *(int *) b); __asm__ volatile(""); return r; }
            static void handle(int number) { leaf(number); __asm__ volatile(""); }
            int main(int argc, char **argv) {
                int two[] = {2, 1};
                deep(5, leaf);
                qsort(two, 2, sizeof *two, compare);
                signal(SIGUSR1, handle);
                raise(SIGUSR1);
                usleep(300000);
                return 0;
            }
            """;

    @TempDir
    Path directory;
    private Path program;

    @BeforeEach
    void build() throws IOException {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/sys/fs/bpf")) || "root".equals(System.getProperty("user.name")), "needs root");
        Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"), "needs x86-64");
        program = Tool.gcc(directory, "program", TEXT, "-O2", "-fomit-frame-pointer", "-fno-optimize-sibling-calls", "-fno-inline");
    }

    /** The functions of each stack, nearest first, up to main. */
    private List<List<String>> sonde(String stack) throws IOException, InterruptedException {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "-cp", path, "dev.sonde.cli.Main", "-q", "-e",
                "uprobe:" + program + ":leaf { printf(\"stack %s\", " + stack + ") }", "-c", program.toString())
                .redirectErrorStream(true).redirectOutput(directory.resolve("out").toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        List<List<String>> stacks = new ArrayList<>();
        for (String line : Files.readString(directory.resolve("out"), StandardCharsets.UTF_8).lines().toList()) {
            if (line.startsWith("stack")) {
                stacks.add(new ArrayList<>());
            } else if (line.startsWith("        ") && !stacks.isEmpty() && !stacks.getLast().contains("main")) {
                stacks.getLast().add(line.strip().replaceAll("\\+[0-9]+$", ""));
            }
        }
        return stacks;
    }

    /** The same at a breakpoint. */
    private List<List<String>> gdb() {
        List<List<String>> stacks = new ArrayList<>();
        for (String line : Tool.lines("gdb", "-nx", "-batch", "-ex", "break leaf", "-ex", "run", "-ex", "bt", "-ex", "continue", "-ex", "bt", "-ex",
                "handle SIGUSR1 nostop", "-ex", "continue", "-ex", "bt", program.toString())) {
            if (line.startsWith("#0 ")) {
                stacks.add(new ArrayList<>());
            }
            if (line.startsWith("#")) {
                stacks.getLast().add(line.replaceAll("^#[0-9]+ +(0x[0-9a-f]+ in )?", "").replaceAll(" \\(.*|<(signal handler) .*", "$1"));
            }
        }
        return stacks;
    }

    @Test
    void stacksAreThoseOfGdbFromTheFirstOneOn() throws IOException, InterruptedException {
        List<List<String>> expected = gdb();
        List<List<String>> stacks = sonde("ustack(dwarf)");
        assertThat(expected).hasSize(3);
        assertThat(stacks).hasSize(3);
        assertThat(stacks.getFirst()).isEqualTo(expected.getFirst()).containsExactly("leaf", "deep", "deep", "deep", "deep", "deep", "deep", "main");
        assertThat(plain(stacks.get(1))).isEqualTo(plain(expected.get(1))).startsWith("leaf", "compare").endsWith("main");
        assertThat(stacks.get(2)).startsWith("leaf", "handle").endsWith("main").hasSizeGreaterThan(3);
    }

    /** Without what tells parts and aliases of a function apart, and with one line for a function and what was inlined into itself. */
    private static List<String> plain(List<String> frames) {
        List<String> plain = new ArrayList<>();
        for (String frame : frames) {
            String name = frame.replaceAll("^_+(GI_+)?|\\.part\\.[0-9]+$", "");
            if (plain.isEmpty() || !plain.getLast().equals(name)) {
                plain.add(name);
            }
        }
        return plain;
    }

    @Test
    void limitEndsTheWalk() throws IOException, InterruptedException {
        assertThat(sonde("dw_ustack(3)").getFirst()).containsExactly("leaf", "deep", "deep");
    }

    @Test
    void framePointersMissWhatTablesFind() throws IOException, InterruptedException {
        assertThat(sonde("ustack(fp)").getFirst()).doesNotContain("main");
    }
}
