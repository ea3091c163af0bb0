package dev.sonde.gosym;

import dev.sonde.bytes.Cursor;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import dev.sonde.elf.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Builds Go programs for tests and finds the parts of their binaries. */
record GoProgram(Path path) {
    static final String HELLO = """
            package main

            type shape interface{ area() int }
            type square struct{ side int }

            func (s square) area() int { return s.side * s.side }

            func third(n int) int { return n / 3 }

            func sum(shapes ...shape) (total int) {
            	for _, s := range shapes {
            		total += s.area() + third(total)
            	}
            	return
            }

            func main() { println(sum(square{2}, square{3})) }
            """;

    static GoProgram build(Path directory, String name, String source, String... options) throws IOException {
        Path main = Files.createDirectories(directory.resolve("source-" + Integer.toHexString(source.hashCode()))).resolve("main.go");
        Files.writeString(main, source);
        Path out = directory.resolve(name);
        String[] command = new String[options.length + 5];
        command[0] = "go";
        command[1] = "build";
        System.arraycopy(options, 0, command, 2, options.length);
        command[options.length + 2] = "-o";
        command[options.length + 3] = out.toString();
        command[options.length + 4] = main.toString();
        Tool.run(environment(directory), command);
        return new GoProgram(out);
    }

    static Map<String, String> environment(Path directory) {
        return Map.of("GOFLAGS", "-mod=mod", "GO111MODULE", "off", "GOCACHE", directory.resolve("gocache").toString(), "GOPATH",
                directory.resolve("gopath").toString());
    }

    static Section tableSection(ElfFile elf) {
        return elf.section(".gopclntab").or(() -> elf.section(".data.rel.ro.gopclntab")).or(() -> elf.section(".data.rel.ro")).orElseThrow();
    }

    /** The table placed by the module data where there is one, and with inlined calls. */
    static Pclntab table(ElfFile elf) {
        Section section = tableSection(elf);
        Cursor bytes = elf.raw(section);
        OptionalLong at = Pclntab.find(bytes);
        Pclntab table = Pclntab.read(bytes.slice(at.orElseThrow(), bytes.size() - at.getAsLong(), "pclntab"), 0);
        Optional<ModuleData> module = module(elf, table, section.address() + at.getAsLong());
        return module.map(data -> table.within(data).withInlining(elf.at(data.goFunc()).orElseThrow())).orElse(table);
    }

    static Optional<ModuleData> module(ElfFile elf, Pclntab table, long tableAddress) {
        for (String name : new String[] {".go.module", ".noptrdata", ".data", ".data.rel.ro"}) {
            Optional<ModuleData> found = elf.section(name).flatMap(section -> ModuleData.find(table, tableAddress, elf.raw(section)));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
