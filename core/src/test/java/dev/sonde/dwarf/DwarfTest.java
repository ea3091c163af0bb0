package dev.sonde.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.ElfFile;
import dev.sonde.elf.NamePattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries, addresses and lines beside what llvm-dwarfdump says. */
class DwarfTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"-gdwarf-4 -O1", "-gdwarf-5 -O2", "-gdwarf-5 -gdwarf64 -O0", "-gdwarf-4 -gdwarf64 -O2", "-gdwarf-5 -gz -O2",
            "-gdwarf-3 -gstrict-dwarf -O1"})
    void entriesOfCAreThoseOfLlvm(String options) throws IOException, InterruptedException {
        entriesAgree(CompiledProgram.of(directory, "gcc", CompiledProgram.C, options.split(" ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-gdwarf-4 -O1", "-gdwarf-5 -O2", "-gdwarf-5 -fdebug-types-section", "-gdwarf-4 -fdebug-types-section",
            "-gdwarf-5 -flto -O2"})
    void entriesOfCxxAreThoseOfLlvm(String options) throws IOException, InterruptedException {
        entriesAgree(CompiledProgram.of(directory, "g++", CompiledProgram.CXX, options.split(" ")));
    }

    @Test
    void entriesOfAGoProgramAreThoseOfLlvm() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("main.go"), "package main\nimport \"os\"\nfunc main() { os.Stdout.WriteString(\"hello\\n\") }\n");
        var built = CompiledProgram.run(directory, List.of("env", "GO111MODULE=off", "GOFLAGS=", "go", "build", "-o", "hello", "main.go"));
        Assumptions.assumeTrue(built.isPresent(), "no go");
        entriesAgree(directory.resolve("hello"));
    }

    private void entriesAgree(Path program) throws IOException, InterruptedException {
        List<String> expected = ofLlvm(CompiledProgram.dump(directory, program, "--debug-info"));
        try (ElfFile elf = ElfFile.open(program)) {
            List<String> found = new ArrayList<>();
            for (Unit unit : CompiledProgram.dwarf(elf).units()) {
                for (Entry entry : unit.entries()) {
                    found.add(line(entry));
                }
            }
            assertThat(found.size()).isGreaterThan(10);
            assertThat(found).isEqualTo(expected);
        }
    }

    /** The offset, tag, name and start of code. */
    private static String line(Entry entry) {
        String tag = entry.tag() == Tag.OTHER ? "" : entry.tag().toString();
        var low = entry.address(Attribute.DW_AT_low_pc);
        return Long.toHexString(entry.offset().value()) + " " + tag + entry.text(Attribute.DW_AT_name).map(n -> " " + n).orElse("")
                + (low.isPresent() ? " @" + Long.toHexString(low.getAsLong()) : "");
    }

    private static List<String> ofLlvm(String text) {
        List<String> lines = new ArrayList<>();
        String name = "";
        String low = "";
        for (String line : text.split("\n")) {
            if (line.contains(".debug_types contents")) {
                break;
            }
            if (line.startsWith("0x") && line.contains(": ") && (line.contains("DW_TAG_") || line.contains("NULL"))) {
                finish(lines, name, low);
                name = "";
                low = "";
                if (line.contains("DW_TAG_")) {
                    String tag = line.substring(line.indexOf("DW_TAG_")).strip();
                    lines.add(Long.toHexString(Long.parseLong(line.substring(2, line.indexOf(':')), 16)) + " " + known(tag));
                }
            } else if (line.strip().startsWith("DW_AT_name\t(\"")) {
                name = " " + line.substring(line.indexOf("(\"") + 2, line.lastIndexOf("\")")).replace("\\\"", "\"");
            } else if (line.strip().startsWith("DW_AT_low_pc\t(0x")) {
                low = " @" + Long.toHexString(Long.parseUnsignedLong(line.substring(line.indexOf("(0x") + 3, line.lastIndexOf(")")), 16));
            }
        }
        finish(lines, name, low);
        return lines;
    }

    private static void finish(List<String> lines, String name, String low) {
        if (!name.isEmpty() || !low.isEmpty()) {
            lines.set(lines.size() - 1, lines.getLast() + name + low);
        }
    }

    private static String known(String tag) {
        return Stream.of(Tag.values()).anyMatch(t -> t.toString().equals(tag)) ? tag : "";
    }

    @ParameterizedTest
    @ValueSource(strings = {"-gdwarf-4 -O1", "-gdwarf-5 -O2", "-gdwarf-3 -O0", "-gdwarf-5 -gdwarf64 -O1"})
    void linesAreThoseOfLlvm(String options) throws IOException, InterruptedException {
        Path program = CompiledProgram.of(directory, "gcc", CompiledProgram.C, options.split(" "));
        List<String> expected = new ArrayList<>();
        for (String line : CompiledProgram.dump(directory, program, "--debug-line").split("\n")) {
            if (line.startsWith("0x")) {
                String[] words = line.strip().split(" +");
                expected.add(words[0] + " " + words[1] + " " + words[2] + " " + words[3] + line.contains("is_stmt") + line.contains("end_sequence"));
            }
        }
        List<String> found = new ArrayList<>();
        try (ElfFile elf = ElfFile.open(program)) {
            for (Unit unit : CompiledProgram.dwarf(elf).units()) {
                LineTable table = unit.lines().orElseThrow();
                assertThat(table.files()).anyMatch(file -> file.endsWith("program.c"));
                for (LineTable.Row row : table.rows()) {
                    found.add("0x" + "%016x".formatted(row.address()) + " " + row.line() + " " + row.column() + " " + row.file() + row.isStmt()
                            + row.end());
                }
            }
        }
        assertThat(found.size()).isGreaterThan(10);
        assertThat(found).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-gdwarf-4", "-gdwarf-5"})
    void aFunctionIsFoundByItsAddress(String version) throws IOException, InterruptedException {
        Path program = CompiledProgram.of(directory, "gcc", CompiledProgram.C, version, "-O2");
        try (ElfFile elf = ElfFile.open(program)) {
            for (String name : List.of("visit", "first", "second", "main")) {
                long address = elf.symtab().orElseThrow().matching(NamePattern.of(name)).getFirst().value();
                Entry found = CompiledProgram.dwarf(elf).subprogramAt(address).orElseThrow();
                assertThat(found.name()).isEqualTo(name);
                assertThat(CompiledProgram.dwarf(elf).subprogramAt(address + 1)).isEmpty();
            }
        }
    }

    @Test
    void aMethodIsFoundByItsAddressAndHasItsLinkageName() throws IOException, InterruptedException {
        Path program = CompiledProgram.of(directory, "g++", CompiledProgram.CXX, "-g", "-O1");
        try (ElfFile elf = ElfFile.open(program)) {
            var symbol = elf.symtab().orElseThrow().matching(NamePattern.of("*method*")).getFirst();
            Entry found = CompiledProgram.dwarf(elf).subprogramAt(symbol.value()).orElseThrow();
            assertThat(found.name()).isEqualTo("method");
            assertThat(found.linkageName()).contains(symbol.name());
            List<String> parameters = new ArrayList<>();
            for (Entry child : found.children()) {
                if (child.tag() == Tag.DW_TAG_formal_parameter) {
                    parameters.add(child.name() + " " + child.type().orElseThrow().tag());
                }
            }
            assertThat(parameters).containsExactly("this DW_TAG_const_type", "x DW_TAG_base_type", "other DW_TAG_reference_type");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-gdwarf-4", "-gdwarf-5"})
    void inlinedCopiesAreFoundByTheNameOfTheFunction(String version) throws IOException, InterruptedException {
        Path program = CompiledProgram.of(directory, "gcc", CompiledProgram.C, version, "-O2");
        try (ElfFile elf = ElfFile.open(program)) {
            Dwarf dwarf = CompiledProgram.dwarf(elf);
            List<Entry> copies = dwarf.inlined("twice");
            assertThat(copies).isNotEmpty();
            for (Entry copy : copies) {
                assertThat(dwarf.unitAt(copy.entryPc().orElseThrow())).isPresent();
            }
            List<String> values = new ArrayList<>();
            for (Entry parameter : copies.getFirst().children()) {
                if (parameter.tag() == Tag.DW_TAG_formal_parameter) {
                    values.add(parameter.name() + " " + parameter.location(copies.getFirst().entryPc().orElseThrow()).flatMap(Expression::place));
                }
            }
            assertThat(values).hasSize(2);
            assertThat(dwarf.inlined("no_such_function")).isEmpty();
        }
    }

    @Test
    void aTypeIsFoundByItsName() throws IOException, InterruptedException {
        Path program = CompiledProgram.of(directory, "g++", CompiledProgram.CXX, "-g", "-fdebug-types-section");
        try (ElfFile elf = ElfFile.open(program)) {
            Dwarf dwarf = CompiledProgram.dwarf(elf);
            Optional<Entry> kind = new NameSearch(dwarf, "Kind").anywhere(tag -> tag == Tag.DW_TAG_enumeration_type);
            assertThat(kind).isPresent();
            assertThat(new NameSearch(dwarf, "Derived").anywhere(Tag::isAggregate)).isPresent();
            assertThat(new NameSearch(dwarf, "Nothing").anywhere(Tag::isAggregate)).isEmpty();
        }
    }

    @Test
    void aFileWithoutDebugInformationHasNone() throws IOException, InterruptedException {
        Path program = CompiledProgram.of(directory, "gcc", CompiledProgram.C, "-g0");
        try (ElfFile elf = ElfFile.open(program)) {
            Dwarf dwarf = CompiledProgram.dwarf(elf);
            assertThat(dwarf.isEmpty()).isTrue();
            assertThat(dwarf.units()).isEmpty();
            assertThat(dwarf.subprogramAt(elf.entry())).isEmpty();
        }
    }
}
