package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.builtins.Settings;
import dev.sonde.linux.LiveTarget;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.RecordedTarget;
import dev.sonde.target.Target;
import dev.sonde.types.Field;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncludedHeadersTest {
    private static final List<String> HEADERS = List.of("linux/in.h", "linux/if_ether.h", "linux/tcp.h", "linux/fs.h", "linux/stat.h",
            "linux/netlink.h",
            "linux/perf_event.h", "linux/bpf.h", "linux/futex.h", "linux/signal.h", "linux/errno.h", "linux/mman.h", "linux/sched.h", "linux/time.h");

    /** What the headers of Linux leave to those of the C library. */
    private static final String ELSEWHERE = "typedef unsigned long size_t;\n#define O_CLOEXEC 02000000\n";

    @TempDir
    Path directory;

    private final Diagnostics diagnostics = new Diagnostics();

    private Environment including(Target target, String text) {
        var kernel = new KernelTypes(Optional::empty);
        var constants = new Constants(kernel, target.architecture(), diagnostics);
        var environment = new Environment(target, new ScriptTypes(kernel, constants, diagnostics), constants,
                new Parameters(List.of(), Map.of(), Map.of()), Settings.DEFAULTS, diagnostics);
        Script script = Parser.parse(new Source("dir/script.bt", text), diagnostics);
        var headers = new IncludedHeaders(environment);
        headers.declare(headers.read(script).definitions());
        return environment;
    }

    private static RecordedTarget with(String... pathsAndTexts) {
        RecordedTarget.Builder target = RecordedTarget.builder();
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            target.header(pathsAndTexts[i], pathsAndTexts[i + 1]);
        }
        return target.build();
    }

    @Test
    void aHeaderBesideTheScriptDefinesWhatTheScriptNames() {
        Environment environment = including(with("dir/own.h", """
                #ifndef OWN
                #define OWN
                #include "more.h"
                #define LIMIT (BASE * 2)   /* twice */
                extern int function(struct own *, int);
                static inline int body(int x) { return x ? 1 : 2; }
                struct own { base_t first; char name[LIMIT]; };
                #endif
                """, "dir/more.h", "typedef unsigned short base_t;\n#define BASE 0x10UL\nenum colour { RED = 3, GREEN };\n"),
                "#include \"own.h\"\n#include \"own.h\"\n");
        assertThat(environment.constants().define("LIMIT").map(environment.constants()::evaluate)).contains(OptionalLong.of(32));
        assertThat(environment.constants().value("GREEN")).hasValue(4);
        assertThat(environment.types().tagged("struct", "own").map(Type::size)).contains(34);
        assertThat(diagnostics.sorted()).isEmpty();
    }

    @Test
    void conditionalsAndMacrosOfHeadersAreExpanded() {
        Environment environment = including(with("dir/own.h", """
                #define PAIR(type, a, b) type a; type b
                #define NAMED(prefix, n) prefix##_##n
                #if defined(__x86_64__) && __SIZEOF_LONG__ == 8 && !defined UNKNOWN
                struct own { PAIR(int,
                                  x, y); long NAMED(field, 1); };
                #elif 1
                struct own { char no; };
                #else
                #error not here
                #endif
                """), "#include \"own.h\"\n");
        Type.Struct own = (Type.Struct) environment.types().tagged("struct", "own").orElseThrow();
        assertThat(own.size()).isEqualTo(16);
        assertThat(own.fields().all()).extracting(Field::name).containsExactly("x", "y", "field_1");
    }

    @Test
    void aHeaderThatIncludesItselfAndMacrosThatNameEachOtherEnd() {
        Environment environment = including(
                with("dir/own.h", "#include \"own.h\"\n#define A B\n#define B A\n#define F(x) F(x) F(x) A\nint F(F(F(F(1))));\n"
                + "#define LAST 7\n"), "#include \"own.h\"\n");
        assertThat(environment.constants().define("LAST").map(environment.constants()::evaluate)).contains(OptionalLong.of(7));
        assertThat(environment.constants().define("A").map(environment.constants()::evaluate)).contains(OptionalLong.empty());
    }

    @Test
    void macrosThatStandForMoreThanThereIsMemoryEnd() {
        var header = new StringBuilder("#define G0()\n#define D0(x) x\n");
        for (int i = 1; i < 60; i++) {
            header.append("#define G" + i + "() G" + (i - 1) + "()G" + (i - 1) + "()\n#define D" + i + "(x) D" + (i - 1) + "(x x)\n");
        }
        header.append("int a G30() G59() D30(word) D59(word);\n".repeat(50)).append("#define LAST 7\n");
        Environment environment = including(with("dir/own.h", header.toString()), "#include \"own.h\"\n");
        assertThat(environment.constants().define("LAST").map(environment.constants()::evaluate)).contains(OptionalLong.of(7));
    }

    @Test
    void absentHeadersAreNamedWhereANameIsNotKnown() {
        Environment environment = including(with(), "#include <linux/absent.h>\n");
        assertThat(environment.constants().missingHeaders()).contains("linux/absent.h");
        assertThat(diagnostics.sorted()).extracting(Diagnostic::message).isEmpty();
    }

    @Test
    void constantsOfSystemHeadersAreThoseOfTheCompiler() throws IOException, InterruptedException {
        String includes = includes();
        List<String> names = gcc("-dM", "-E", includes).stream().map(line -> line.split(" ")[1]).filter(name -> !name.contains("(")).toList();
        try (LiveTarget target = new LiveTarget(LinuxKernel.open(), List.of())) {
            Environment environment = including(target, includes);
            Map<String, Long> known = new TreeMap<>();
            names.forEach(name -> environment.constants().value(name).ifPresent(value -> known.put(name, value)));
            var program = new StringBuilder(includes + ELSEWHERE + "int printf(const char *, ...);\nint main() {\n");
            known.keySet().forEach(name -> program.append("printf(\"" + name + " %lld\\n\", (long long)(" + name + "));\n"));
            Map<String, Long> compiled = new TreeMap<>();
            run(program + "}\n").forEach(line -> compiled.put(line.split(" ")[0], Long.parseLong(line.split(" ")[1])));
            assertThat(known).hasSizeGreaterThan(1000).isEqualTo(compiled);
        }
    }

    @Test
    void structsOfSystemHeadersAreLaidOutAsTheCompilerDoes() throws IOException, InterruptedException {
        List<String> names = List.of("sockaddr_in", "ethhdr", "tcphdr", "tcp_info", "nlmsghdr", "perf_event_attr", "bpf_prog_info",
                "bpf_map_info", "statx",
                "files_struct_stat", "fstrim_range", "sched_attr", "robust_list_head", "bpf_insn", "group_req", "clone_args", "__kernel_timespec");
        String includes = includes();
        var program = new StringBuilder(includes + "int printf(const char *, ...);\nint main() {\n");
        List<String> expected = new ArrayList<>();
        try (LiveTarget target = new LiveTarget(LinuxKernel.open(), List.of())) {
            Environment environment = including(target, includes);
            for (String name : names) {
                if (environment.types().tagged("struct", name).orElse(Type.NONE) instanceof Type.Struct struct && struct.size() > 0) {
                    program.append("printf(\"" + name + " %d\\n\", (int) sizeof(struct " + name + "));\n");
                    expected.add(name + " " + struct.size());
                    struct.fields().all().stream().filter(field -> field.bitWidth() == 0 && !field.name().isEmpty()).forEach(field -> {
                        program.append("printf(\"" + field.name() + " %d\\n\", (int) __builtin_offsetof(struct " + name + ", "
                                + field.name() + "));\n");
                        expected.add(field.name() + " " + field.offset());
                    });
                }
            }
        }
        assertThat(expected).hasSizeGreaterThan(150);
        assertThat(run(program + "}\n")).isEqualTo(expected);
    }

    private static String includes() {
        var includes = new StringBuilder();
        HEADERS.forEach(header -> includes.append("#include <").append(header).append(">\n"));
        return includes.toString();
    }

    private List<String> run(String program) throws IOException, InterruptedException {
        Path binary = directory.resolve("a.out");
        gcc("-w", "-o", binary.toString(), program);
        return lines(List.of(binary.toString()));
    }

    /** What gcc prints for options and the program that comes last. */
    private List<String> gcc(String... arguments) throws IOException, InterruptedException {
        boolean there = Files.isExecutable(Path.of("/usr/bin/gcc")) && HEADERS.stream().allMatch(h -> Files.exists(Path.of("/usr/include", h)));
        Assumptions.assumeTrue(there, "needs gcc and the headers of Linux");
        Path file = Files.writeString(directory.resolve("program.c"), arguments[arguments.length - 1]);
        List<String> command = new ArrayList<>(List.of("/usr/bin/gcc"));
        command.addAll(List.of(arguments).subList(0, arguments.length - 1));
        command.add(file.toString());
        return lines(command);
    }

    private static List<String> lines(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
