package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Symbol;
import dev.sonde.elf.Tool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SymbolFileTest {
    private static final FileId ID = new FileId.Inode(1, 2, 0);

    @TempDir
    private Path directory;
    private final List<String> log = new ArrayList<>();

    private SymbolFile file(byte[] bytes) {
        return new SymbolFile(ID, ElfBytes.of(bytes, "image"), Path.of("/image"), List.of(), log::add);
    }

    private byte[] program(String... options) throws IOException {
        String source = "static int f(int x) { return x; } int main(int c, char **v) { return f(c); }";
        return Files.readAllBytes(Tool.gcc(directory, "program", source, options));
    }

    private long main(byte[] program) {
        ElfFile elf = ElfFile.of(MemorySegment.ofArray(program), "image");
        Symbol main = elf.symtab().orElseThrow().byName("main").getFirst();
        return elf.fileOffset(main.value()).orElseThrow();
    }

    @Test
    void functionIsMadeOnceAndDemangledWhenAsked() throws IOException {
        Path source = Files.writeString(directory.resolve("a.cc"), "namespace n { template<class T> T f(T x) { return x; } }\n"
                + "int main() { return n::f<int>(0); }");
        Path out = directory.resolve("a");
        Tool.run("g++", "-O0", "-o", out.toString(), source.toString());
        SymbolFile file = file(Files.readAllBytes(out));
        try (ElfFile elf = ElfFile.open(out)) {
            Symbol f = elf.symtab().orElseThrow().byName("_ZN1n1fIiEET_S1_").getFirst();
            NamedFunction function = file.lookup(elf.fileOffset(f.value()).orElseThrow() + 3);
            assertThat(function.name(false)).isEqualTo("_ZN1n1fIiEET_S1_");
            assertThat(function.name(true)).isEqualTo("int n::f<int>(int)").isSameAs(function.name(true));
            assertThat(file.lookup(elf.fileOffset(f.value()).orElseThrow())).isSameAs(function);
        }
    }

    @Test
    void malformedSourceIsReportedOnceAndTheNextOneAnswers() throws IOException {
        byte[] program = program("-rdynamic");
        long main = main(program);
        ElfFile elf = ElfFile.of(MemorySegment.ofArray(program), "image");
        long strings = elf.section(".strtab").orElseThrow().offset();
        for (long i = strings; i < strings + elf.section(".strtab").orElseThrow().size(); i++) {
            program[(int) i] = 'x';
        }
        SymbolFile file = file(program);
        for (int i = 0; i < 3; i++) {
            assertThat(file.lookup(main).name(true)).isEqualTo("main");
        }
        assertThat(log).singleElement().asString().startsWith("symbols of /image: .strtab at offset");
    }

    @Test
    void fileCutShortWhileMappedIsReportedAndNamesNothing() throws IOException {
        byte[] program = program();
        long main = main(program);
        Path path = Files.write(directory.resolve("cut"), program);
        try (SymbolFile file = new SymbolFile(ID, ElfBytes.open(path, main & -4096), path, List.of(), log::add)) {
            assertThat(file.buildId()).isEmpty();
            assertThat(file.vaddr(main)).isPositive();
            Files.write(path, new byte[0]);
            assertThat(file.lookup(main)).isNull();
            assertThat(log).isNotEmpty().allMatch(line -> line.endsWith("the file was cut short"));
        }
    }

    @Test
    void damagedFilesNeverFailOtherwise() throws IOException {
        byte[] whole = program("-Wl,-z,lazy");
        long main = main(whole);
        Random random = new Random(7);
        int named = 0;
        for (int round = 0; round < 2000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(8); i >= 0; i--) {
                int at = random.nextInt(4) == 0 ? random.nextInt(0x400) : random.nextInt(damaged.length);
                damaged[at] = (byte) random.nextInt(256);
            }
            try {
                SymbolFile file = file(damaged);
                named += file.lookup(main + random.nextInt(20)) == null ? 0 : 1;
                file.lookup(random.nextLong());
                file.inlined(main);
            } catch (MalformedException e) {
                // The file header itself, which is read before there is a symbol file, or a program header.
                assertThat(e.section()).isNotEmpty();
            }
        }
        assertThat(named).isGreaterThan(1000);
    }
}
