package dev.sonde.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.btf.BtfType;
import dev.sonde.btf.Member;
import dev.sonde.btf.TypeGraph;
import dev.sonde.bytes.Cursor;
import dev.sonde.dwarf.CfiRow.CfaRule;
import dev.sonde.dwarf.Dwarf;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.NamePattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions, lines and types of programs that the compilers of this machine made; the programs say themselves how their types lie in memory. */
class DwarfInformationTest {
    private static final String C = """
            #include <stdio.h>
            #include <stddef.h>
            enum colour { RED = -1, GREEN = 5 };
            struct inner { int a; short b; };
            struct node { char c; int x; unsigned f1 : 3; signed f2 : 9; long l; char name[10]; struct inner inner; struct node *next; \
            enum colour colour;
                _Bool ok; union { int word; double real; } u; short grid[2][3]; void (*call)(int); };
            typedef struct node node_t;
            volatile int sink;
            __attribute__((noinline)) int visit(node_t *node, const char *text, enum colour colour, struct inner by_value, ...) {
                sink = node->x;
                return by_value.a;
            }
            static inline __attribute__((always_inline)) int twice(int value, int by) {
                sink = value;
                return value * by;
            }
            __attribute__((noinline)) int first(int a) {
                sink = 1;
                return twice(a, 2) + 1;
            }
            __attribute__((noinline)) int second(int a) { return twice(a, 7) + 2; }
            #define SHOW(member) printf(#member " %zu\\n", offsetof(struct node, member));
            int main(int argc, char **argv) {
                struct node node = {.x = argc};
                printf("node %zu\\n", sizeof node);
                SHOW(c) SHOW(x) SHOW(l) SHOW(name) SHOW(inner) SHOW(next) SHOW(colour) SHOW(ok) SHOW(u) SHOW(grid) SHOW(call)
                return visit(&node, argv[0], GREEN, node.inner) + first(argc) + second(argc) > 1000;
            }
            """;

    @TempDir
    Path directory;

    private Path compile(String compiler, String text, String... options) throws IOException, InterruptedException {
        Path source = directory.resolve(compiler.equals("g++") ? "source.cpp" : "source.c");
        Files.writeString(source, text);
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(List.of(options));
        command.addAll(List.of("-o", directory.resolve("program").toString(), source.toString()));
        Assumptions.assumeTrue(run(command) != null, "no " + compiler);
        return directory.resolve("program");
    }

    private String run(List<String> command) throws InterruptedException {
        try {
            Path out = Files.createTempFile(directory, "out", "");
            int code = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor();
            return code == 0 ? Files.readString(out) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static DwarfInformation information(ElfFile elf) {
        return new DwarfInformation(Dwarf.of(elf::contents), _ -> CfaRule.UNSET);
    }

    private static long address(ElfFile elf, String pattern) {
        return elf.symtab().orElseThrow().matching(NamePattern.of(pattern)).getFirst().value();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-gdwarf-3 -gstrict-dwarf", "-gdwarf-4", "-gdwarf-5", "-gdwarf-4 -fdebug-types-section",
            "-gdwarf-5 -fdebug-types-section -gz"})
    void membersAreWhereTheCompilerPutsThem(String options) throws IOException, InterruptedException {
        Path program = compile("gcc", C, (options + " -O1").split(" "));
        Map<String, Long> expected = new HashMap<>();
        for (String line : run(List.of(program.toString())).lines().toList()) {
            expected.put(line.split(" ")[0], Long.parseLong(line.split(" ")[1]));
        }
        try (ElfFile elf = ElfFile.open(program)) {
            TypeGraph types = information(elf).function(address(elf, "visit")).orElseThrow().types();
            BtfType.Struct node = types.struct("node").orElseThrow();
            Map<String, Long> found = new HashMap<>(Map.of("node", node.size()));
            for (Member member : node.members()) {
                if (!member.isBitfield()) {
                    found.put(member.name(), member.offset());
                }
            }
            assertThat(found).isEqualTo(expected);
            List<String> bits = node.members().stream().filter(Member::isBitfield)
                    .map(m -> m.name() + " " + m.bitOffset() + ":" + m.bitfieldSize()).toList();
            assertThat(bits).containsExactly("f1 64:3", "f2 67:9");
            assertThat(types.enumeration("colour").orElseThrow().values().toString()).contains("name=RED, value=-1", "name=GREEN, value=5");
            assertThat(types.typedef("node_t")).isPresent();
            assertThat(types.struct("nothing")).isEmpty();
        }
    }

    @Test
    void aFunctionHasItsParametersAndResult() throws IOException, InterruptedException {
        try (ElfFile elf = ElfFile.open(compile("gcc", C, "-g", "-O2"))) {
            var visit = information(elf).function(address(elf, "visit")).orElseThrow();
            assertThat(visit.parameters().stream().map(DebugInformation.Parameter::name)).containsExactly("node", "text", "colour", "by_value");
            assertThat(visit.variadic()).isTrue();
            assertThat(visit.shape()).isEqualTo(DebugInformation.Shape.CALLED);
            assertThat(visit.types().type(visit.result())).isInstanceOf(BtfType.Int.class);
            assertThat(information(elf).function(address(elf, "visit") + 1)).isEmpty();
        }
    }

    @Test
    void inlinedCopiesTellWhereTheirParametersAre() throws IOException, InterruptedException {
        try (ElfFile elf = ElfFile.open(compile("gcc", C, "-g", "-O1"))) {
            var debug = information(elf);
            List<Long> copies = debug.inlined("twice");
            assertThat(copies).hasSize(2);
            List<DebugInformation.Place> factors = new ArrayList<>();
            for (long address : copies) {
                var copy = debug.around(address).orElseThrow();
                assertThat(copy.name()).isEqualTo("twice");
                assertThat(copy.shape()).isEqualTo(DebugInformation.Shape.PLACED);
                assertThat(copy.parameters().getFirst().place()).containsInstanceOf(DebugInformation.Place.InRegister.class);
                factors.add(copy.parameters().getLast().place().orElseThrow());
            }
            assertThat(factors).containsExactlyInAnyOrder(new DebugInformation.Place.Constant(2), new DebugInformation.Place.Constant(7));
        }
    }

    @Test
    void aLineHasOneAddressInEachFunctionAndCopy() throws IOException, InterruptedException {
        try (ElfFile elf = ElfFile.open(compile("gcc", C, "-g", "-O1"))) {
            var debug = information(elf);
            assertThat(debug.lines("source.c", 15, 0).addresses()).hasSize(2);
            assertThat(debug.lines("source.c", 19, 0).addresses()).hasSize(1);
            assertThat(debug.lines("source.c", 20, 0)).isEqualTo(debug.lines(directory.resolve("source.c").toString(), 20, 0));
            assertThat(debug.lines("source.c", 1, 0)).isEqualTo(new DebugInformation.Lines(true, List.of(), debug.lines("source.c", 1, 0).near()));
            assertThat(debug.lines("source.c", 1, 0).near()).hasSize(3).contains(10);
            assertThat(debug.lines("other.c", 1, 0).fileFound()).isFalse();
            assertThat(debug.lines("ource.c", 1, 0).fileFound()).isFalse();
        }
    }

    @Test
    void aClassHasItsBasesFirstAndItsStaticMembersNot() throws IOException, InterruptedException {
        String text = """
                struct base { int number; virtual ~base() {} };
                struct other { int more; };
                namespace space { struct derived : base, other { int own; static int shared; enum class kind : char { A, B } k; }; }
                struct copied { int x; copied(const copied &that) : x(that.x) {} copied() : x(0) {} };
                struct plain { int x; };
                int space::derived::shared;
                __attribute__((noinline)) int look(space::derived *d, const space::derived &r, copied c, plain p) { \
                return d->own + c.x + p.x + r.own; }
                int main() { space::derived d; d.own = 1; return look(&d, d, copied(), plain()); }
                """;
        for (String version : List.of("-gdwarf-4", "-gdwarf-5")) {
            try (ElfFile elf = ElfFile.open(compile("g++", text, version, "-O1"))) {
                var look = information(elf).function(address(elf, "*look*")).orElseThrow();
                BtfType.Struct derived = look.types().struct("derived").orElseThrow();
                assertThat(derived.members().stream().map(m -> m.name() + "@" + m.offset())).containsExactly("@0", "@12", "own@16", "k@20");
                assertThat(look.parameters().stream().map(DebugInformation.Parameter::byReference)).containsExactly(false, false, true, false);
                assertThat(look.types().type(look.types().resolve(look.parameters().get(1).type()))).isInstanceOf(BtfType.Ptr.class);
            }
        }
    }

    @Test
    void damagedDebugInformationIsToldOfAndNeverThrown() throws IOException, InterruptedException {
        Path program = compile("gcc", C, "-g", "-O1");
        Random random = new Random(7);
        int told = 0;
        try (ElfFile elf = ElfFile.open(program)) {
            for (int round = 0; round < 150; round++) {
                DwarfInformation debug = new DwarfInformation(Dwarf.of(name -> elf.contents(name).map(in -> damaged(in, random))),
                        _ -> CfaRule.UNSET);
                debug.lines("source.c", 15, 0);
                debug.inlined("twice").forEach(debug::around);
                debug.function(address(elf, "visit")).ifPresent(visit -> {
                    visit.parameters().forEach(p -> walk(visit.types(), p.type(), 0));
                    visit.types().struct("node").ifPresent(node -> walk(visit.types(), node.id(), 0));
                });
                told += debug.problem().isEmpty() ? 0 : 1;
            }
        }
        assertThat(told).isGreaterThan(10);
    }

    private static Cursor damaged(Cursor section, Random random) {
        byte[] bytes = section.bytes(section.size());
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return Cursor.of(bytes, section.section());
    }

    private static void walk(TypeGraph types, int id, int depth) {
        BtfType type = types.type(types.resolve(id));
        if (depth < 6 && type instanceof BtfType.Composite composite) {
            composite.members().forEach(member -> walk(types, member.type(), depth + 1));
        } else if (depth < 6 && type instanceof BtfType.Ptr pointer) {
            walk(types, pointer.type(), depth + 1);
        }
    }

    @Test
    void aFileThatIsNotThereMakesNoNames() {
        var debug = new DwarfInformation(Dwarf.of(_ -> Optional.empty()), _ -> CfaRule.UNSET);
        assertThat(debug.function(1)).isEmpty();
        assertThat(debug.inlined("f")).isEmpty();
        assertThat(debug.lines("f.c", 1, 0).fileFound()).isFalse();
        assertThat(debug.problem()).isEmpty();
    }
}
