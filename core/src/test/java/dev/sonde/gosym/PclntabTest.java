package dev.sonde.gosym;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.bytes.Cursor;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import dev.sonde.elf.Symbol;
import dev.sonde.elf.SymbolTable;
import dev.sonde.elf.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PclntabTest {
    /** Prints what Go's own debug/gosym makes of a binary: F entry end name, and L pc file line at three places in each function. */
    private static final String ORACLE = """
            package main

            import (
            	"bufio"
            	"debug/elf"
            	"debug/gosym"
            	"fmt"
            	"os"
            )

            func main() {
            	f, _ := elf.Open(os.Args[1])
            	s := f.Section(".gopclntab")
            	if s == nil {
            		s = f.Section(".data.rel.ro.gopclntab")
            	}
            	d, _ := s.Data()
            	t, _ := gosym.NewTable(nil, gosym.NewLineTable(d, f.Section(".text").Addr))
            	w := bufio.NewWriter(os.Stdout)
            	defer w.Flush()
            	for _, fn := range t.Funcs {
            		fmt.Fprintf(w, "F %x %x %s\\n", fn.Entry, fn.End, fn.Name)
            		for _, pc := range []uint64{fn.Entry, (fn.Entry + fn.End) / 2, fn.End - 1} {
            			file, line, _ := t.PCToLine(pc)
            			fmt.Fprintf(w, "L %x %s %d\\n", pc, file, line)
            		}
            	}
            }
            """;

    @TempDir
    private static Path directory;
    private static Path hello;
    private static Path oracle;

    @BeforeAll
    static void buildsThePrograms() throws IOException {
        hello = GoProgram.build(directory, "hello", GoProgram.HELLO).path();
        oracle = GoProgram.build(directory, "oracle", ORACLE).path();
    }

    private static List<String> mine(Path path) throws IOException {
        List<String> lines = new ArrayList<>();
        try (ElfFile elf = ElfFile.open(path)) {
            Pclntab table = GoProgram.table(elf);
            table.forEach(f -> {
                lines.add("F " + Long.toHexString(f.entry()) + " " + Long.toHexString(f.end()) + " " + f.name());
                for (long pc : new long[] {f.entry(), (f.entry() + f.end()) / 2, f.end() - 1}) {
                    lines.add("L " + Long.toHexString(pc) + " " + table.file(pc).orElse("") + " " + table.line(pc).orElse(-1));
                    assertThat(table.lookup(pc)).contains(f);
                }
            });
        }
        return lines;
    }

    @Test
    void namesBoundsFilesAndLinesAreThoseOfDebugGosym() throws IOException {
        for (Path path : List.of(hello, oracle)) {
            List<String> expected = Tool.lines(oracle.toString(), path.toString());
            assertThat(expected).hasSizeGreaterThan(3000);
            assertThat(mine(path)).isEqualTo(expected);
        }
    }

    @Test
    void positionIndependentBinaryReadsTheSame() throws IOException {
        Path pie = GoProgram.build(directory, "pie", GoProgram.HELLO, "-buildmode=pie").path();
        assertThat(mine(pie)).isEqualTo(Tool.lines(oracle.toString(), pie.toString()));
    }

    @Test
    void strippedBinaryHasTheNamesOfTheFullOne() throws IOException {
        Path stripped = GoProgram.build(directory, "stripped", GoProgram.HELLO, "-ldflags", "-s -w").path();
        try (ElfFile elf = ElfFile.open(stripped)) {
            assertThat(elf.symtab()).isEmpty();
        }
        assertThat(mine(stripped)).isEqualTo(mine(hello));
    }

    @Test
    void entriesAreThoseOfGoToolNm() throws IOException {
        TreeMap<Long, String> symbols = new TreeMap<>();
        for (String line : Tool.lines("go", "tool", "nm", hello.toString())) {
            String[] fields = line.trim().split(" +", 3);
            if (fields.length == 3 && fields[1].equalsIgnoreCase("t")) {
                // The table has type arguments, and array types with them, as "[...]".
                String name = fields[2].replace(".abi0", "").replaceFirst("\\[.*\\]", "[...]");
                symbols.merge(Long.parseUnsignedLong(fields[0], 16), name, (a, b) -> a + "\n" + b);
            }
        }
        try (ElfFile elf = ElfFile.open(hello)) {
            Pclntab table = GoProgram.table(elf);
            assertThat(table.size()).isGreaterThan(900);
            table.forEach(f -> assertThat(symbols.getOrDefault(f.entry(), "").split("\n")).as(f.name()).contains(f.name()));
        }
    }

    @Test
    void functionsAreFoundByName() throws IOException {
        try (ElfFile elf = ElfFile.open(hello)) {
            Pclntab table = GoProgram.table(elf);
            SymbolTable symbols = elf.symtab().orElseThrow();
            GoFunction main = table.byName("main.main").getFirst();
            Symbol symbol = symbols.byName("main.main").getFirst();
            assertThat(main.entry()).isEqualTo(symbol.value());
            assertThat(main.covers(symbol.value() + symbol.size() - 1)).isTrue();
            assertThat(table.lookup(main.entry() + 3)).contains(main);
            assertThat(table.byName("main.mai")).isEmpty();
            assertThat(table.lookup(0)).isEmpty();
            assertThat(table.lookup(table.entry(table.size()))).isEmpty();
        }
    }

    /** With cgo, C start-up code comes first in .text, and a C linker of PIE merges the table into .data.rel.ro. */
    @Test
    void cgoBinariesPlaceFunctionsByTheModuleData() throws IOException {
        String source = "package main\n// static int twice(int x) { return 2 * x; }\nimport \"C\"\nfunc main() { println(C.twice(4)) }\n";
        for (String[] options : new String[][] {{}, {"-buildmode=pie"}}) {
            Path path = GoProgram.build(directory, "cgo" + options.length, source, options).path();
            try (ElfFile elf = ElfFile.open(path)) {
                Symbol main = elf.symtab().orElseThrow().byName("main.main").getFirst();
                assertThat(GoProgram.table(elf).byName("main.main")).singleElement().extracting(GoFunction::entry).isEqualTo(main.value());
                assertThat(GoProgram.table(elf).textStart()).isNotEqualTo(elf.section(".text").orElseThrow().address());
            }
        }
    }

    /** Go 1.26 leaves textStart out of the table. */
    @Test
    void tableWithoutTextStartIsPlacedByTheModuleDataOrTheCaller() throws IOException {
        try (ElfFile elf = ElfFile.open(hello)) {
            Section section = GoProgram.tableSection(elf);
            byte[] bytes = elf.raw(section).bytes(section.size());
            Pclntab whole = Pclntab.read(Cursor.of(bytes, "pclntab"), 0);
            Arrays.fill(bytes, 24, 32, (byte) 0);
            Pclntab zeroed = Pclntab.read(Cursor.of(bytes, "pclntab"), 0);
            assertThat(zeroed.entry(0)).isZero();
            ModuleData module = GoProgram.module(elf, zeroed, section.address()).orElseThrow();
            assertThat(module.text()).isEqualTo(whole.textStart());
            assertThat(zeroed.within(module).function(7)).isEqualTo(whole.function(7));
            assertThat(Pclntab.read(Cursor.of(bytes, "pclntab"), whole.textStart()).function(7)).isEqualTo(whole.function(7));
        }
    }

    /** The linker derives .debug_frame from the same tables: its CFA is SP + frame size + the return address. */
    @Test
    void frameSizesAreThoseOfDebugFrame() throws IOException {
        List<String> lines = Tool.lines("readelf", "--debug-dump=frames-interp", hello.toString());
        int compared = 0;
        try (ElfFile elf = ElfFile.open(hello)) {
            Pclntab table = GoProgram.table(elf);
            boolean inFunction = false;
            for (String line : lines) {
                inFunction = line.contains(" FDE ") || inFunction && !line.contains(" CIE ");
                String[] fields = line.trim().split(" +");
                if (inFunction && fields.length >= 2 && fields[1].startsWith("rsp+")) {
                    long pc = Long.parseUnsignedLong(fields[0], 16);
                    int expected = Integer.parseInt(fields[1].substring(4)) - 8;
                    // A function's last row is one past its pcsp table, at its last byte, where the linker repeats the first.
                    if (table.frameSize(pc).isPresent()) {
                        assertThat(table.frameSize(pc)).as(fields[0]).hasValue(expected);
                        compared++;
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(3000);
    }

    @Test
    void inlinedCallsAreThoseOfTheRuntime() throws IOException {
        Path program = GoProgram.build(directory, "inlined", """
                package main

                import "runtime"

                //go:noinline
                func record() {
                	pcs := make([]uintptr, 20)
                	n := runtime.Callers(1, pcs)
                	frames := runtime.CallersFrames(pcs[:n])
                	for {
                		f, more := frames.Next()
                		println(f.Function, f.Line)
                		if !more {
                			break
                		}
                	}
                	for _, pc := range pcs[:n] {
                		println("pc", pc)
                	}
                }

                func inner() { record() }

                func middle() {
                	inner()
                }

                //go:noinline
                func outer() {
                	middle()
                }

                func main() { outer() }
                """).path();
        List<String> output = outputAndErrors(program);
        List<String> expected = output.stream().filter(line -> line.startsWith("main.")).toList();
        List<String> innermost = new ArrayList<>();
        List<List<String>> chains = new ArrayList<>();
        try (ElfFile elf = ElfFile.open(program)) {
            Pclntab table = GoProgram.table(elf);
            // The runtime gives one pc for each logical frame; that of the innermost has the whole chain.
            output.stream().filter(line -> line.startsWith("pc ")).mapToLong(line -> Long.parseLong(line.substring(3))).forEach(pc -> {
                List<String> chain = table.frames(pc - 1).stream().map(frame -> frame.function() + " " + frame.line()).toList();
                chains.add(chain);
                innermost.add(chain.getFirst());
            });
            assertThat(table.frames(table.byName("main.outer").getFirst().entry())).singleElement().extracting(GoFrame::inlined).isEqualTo(false);
        }
        assertThat(innermost.subList(0, expected.size())).hasSize(5).isEqualTo(expected);
        assertThat(chains.get(1)).containsExactly("main.inner 22", "main.middle 25", "main.outer 30").isEqualTo(expected.subList(1, 4));
    }

    private static List<String> outputAndErrors(Path program) {
        return Tool.lines("sh", "-c", program + " 2>&1");
    }

    /** A hand-made table in the layout of Go 1.2: two functions and one file. */
    @Test
    void layoutOfGo12IsReadInBothByteOrdersAndPointerSizes() {
        for (int pointer : new int[] {4, 8}) {
            for (boolean bigEndian : new boolean[] {false, true}) {
                Pclntab table = Pclntab.read(Cursor.of(Go12Table.bytes(pointer, bigEndian), "pclntab"), 0xdead);
                assertThat(table.size()).isEqualTo(2);
                assertThat(table.lookup(0x1011).orElseThrow().name()).isEqualTo("main.b");
                assertThat(table.lookup(0x1011).orElseThrow().argsSize()).isEqualTo(-1);
                assertThat(table.file(0x1004)).contains("a.go");
                assertThat(table.line(0x1003)).hasValue(9);
                assertThat(table.line(0x1004)).hasValue(12);
                assertThat(table.line(0x1014)).isEmpty();
                assertThat(table.frameSize(0x1002)).isEmpty();
                assertThat(table.lookup(0x1020)).isEmpty();
            }
        }
    }

    @Test
    void damagedTablesAnswerOrRefuse() throws IOException {
        byte[] whole;
        try (ElfFile elf = ElfFile.open(hello)) {
            whole = elf.raw(GoProgram.tableSection(elf)).bytes(elf.raw(GoProgram.tableSection(elf)).size());
        }
        HostileGo hostile = new HostileGo();
        Random random = new Random(5);
        for (int size = 0; size < 200; size++) {
            hostile.read(Arrays.copyOf(whole, size), random);
        }
        for (int round = 0; round < 150; round++) {
            hostile.read(Arrays.copyOf(whole, random.nextInt(whole.length)), random);
            byte[] damaged = whole.clone();
            for (int i = 0; i < 200; i++) {
                damaged[random.nextInt(i < 3 ? 80 : damaged.length)] = (byte) random.nextInt();
            }
            hostile.read(damaged, random);
        }
        for (int round = 0; round < 3000; round++) {
            byte[] small = Go12Table.bytes((round & 1) == 0 ? 4 : 8, (round & 2) == 0);
            for (int i = 0; i < 4; i++) {
                small[8 + random.nextInt(small.length - 8)] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
            }
            hostile.read(small, random);
        }
        assertThat(hostile.answers()).isGreaterThan(3000);
        assertThat(hostile.refusals()).isGreaterThan(1000);
    }

    @Test
    void goToolchainItselfIsReadWhole() throws IOException {
        Path go = Tool.existing("/usr/lib/go-1.19/bin/go");
        try (ElfFile elf = ElfFile.open(go)) {
            Pclntab table = GoProgram.table(elf);
            long[] named = {0};
            table.forEach(f -> named[0] += table.file(f.entry()).isPresent() && !f.name().isEmpty() ? 1 : 0);
            assertThat(named[0]).isGreaterThan(table.size() * 9L / 10);
            assertThat(table.byName("main.main")).hasSize(1);
        }
    }
}
