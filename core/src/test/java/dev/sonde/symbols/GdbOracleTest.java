package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.Tool;
import dev.sonde.linux.Mapping;
import dev.sonde.linux.ProcessMaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random addresses of running programs, against {@code info symbol} of gdb attached to them. */
class GdbOracleTest {
    private static final String PROGRAM = """
            #include <algorithm>
            #include <iostream>
            #include <map>
            #include <memory>
            #include <stdexcept>
            #include <string>
            #include <vector>
            namespace app {
            struct Base { virtual ~Base() {} virtual int run(const std::string &s) const = 0; };
            template <class K, class V> struct Table : Base {
                std::map<K, std::vector<V>> rows;
                int run(const std::string &s) const override { if (s.empty()) throw std::invalid_argument("empty"); return rows.size() + s.size(); }
                void add(K k, V v) { rows[k].push_back(v); std::sort(rows[k].begin(), rows[k].end(), [](const V &a, const V &b) { return b < a; }); }
            };
            static int guarded(const Base &b, const std::string &s) { try { return b.run(s); } catch (const std::exception &e) { return -1; } }
            }
            int main() {
                auto t = std::make_unique<app::Table<std::string, int>>();
                t->add("a", 1); t->add("a", 2);
                std::cout << "result " << app::guarded(*t, "") + app::guarded(*t, "x") << std::endl << "ready" << std::endl;
                std::cin.get();
            }
            """;

    @TempDir
    private Path directory;

    private static List<Long> addresses(int pid, int perMapping) {
        Random random = new Random(pid);
        List<Long> addresses = new ArrayList<>();
        for (Mapping mapping : ProcessMaps.read(pid).mappings()) {
            for (int i = 0; i < perMapping && mapping.isExecutable() && mapping.isFile(); i++) {
                addresses.add(mapping.start() + random.nextLong(mapping.end() - mapping.start()));
            }
        }
        return addresses;
    }

    private List<String> gdb(int pid, List<Long> addresses) throws IOException {
        StringBuilder commands = new StringBuilder("set print demangle on\nset print asm-demangle on\nset width 0\n");
        for (long address : addresses) {
            commands.append("printf \"\\n@\"\ninfo symbol 0x").append(Long.toHexString(address)).append('\n');
        }
        Path script = Files.writeString(directory.resolve("script"), commands);
        List<String> answers = new ArrayList<>();
        for (String line : Tool.lines("gdb", "-nx", "-q", "-batch", "-p", Integer.toString(pid), "-x", script.toString())) {
            if (line.startsWith("@")) {
                answers.add(line.substring(1));
            }
        }
        Assumptions.assumeTrue(answers.size() == addresses.size(), "needs a gdb that may attach");
        return answers;
    }

    /** How many addresses both named; all of them must agree on the function's start. */
    private int assertAgrees(int pid, int perMapping) throws IOException {
        List<Long> addresses = addresses(pid, perMapping);
        List<String> answers = gdb(pid, addresses);
        int named = 0;
        int sameName = 0;
        try (Symbolizer symbolizer = Running.symbolizer()) {
            for (int i = 0; i < addresses.size(); i++) {
                Frame frame = symbolizer.frame(addresses.get(i), pid, Naming.FUNCTIONS);
                String answer = answers.get(i);
                int section = answer.indexOf(" in section ");
                if (!frame.name().isEmpty() && section > 0 && !frame.name().endsWith("@plt")) {
                    int plus = answer.lastIndexOf(" + ", section);
                    assertThat(plus < 0 ? "0" : answer.substring(plus + 3, section)).as(answer + " / " + frame).isEqualTo("" + frame.offset());
                    named++;
                    sameName += answer.startsWith(frame.name()) ? 1 : 0;
                }
            }
        }
        // Several names can stand for one place.
        assertThat(sameName).isGreaterThan(named * 8 / 10);
        return named;
    }

    @Test
    void functionsOfACppProgramAndItsLibrariesAreThoseOfGdb() throws IOException {
        Path source = Files.writeString(directory.resolve("app.cc"), PROGRAM);
        Path app = directory.resolve("app");
        Tool.run("g++", "-O1", "-g", "-fno-omit-frame-pointer", "-o", app.toString(), source.toString());
        try (Running program = Running.start(app)) {
            assertThat(assertAgrees(program.pid(), 60)).isGreaterThan(150);
        }
    }

    @Test
    void functionsOfAShellAreThoseOfGdb() throws IOException {
        try (Running shell = Running.start("bash", "-c", "echo ready; read line")) {
            assertThat(assertAgrees(shell.pid(), 60)).isGreaterThan(60);
        }
    }
}
