package dev.sonde.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.bytes.MalformedException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every reader of the package over damaged files: a sane answer or {@link MalformedException}, nothing else. */
class HostileElfTest {
    private int answers;
    private int refusals;

    private void readAll(byte[] bytes) {
        attempt(() -> ElfFile.of(MemorySegment.ofArray(bytes), "hostile"), elf -> {
            part(elf, ElfFile::sections);
            part(elf, ElfFile::segments);
            part(elf, ElfFile::buildId);
            part(elf, ElfFile::isPie);
            part(elf, ElfFile::needed);
            part(elf, ElfFile::soname);
            part(elf, ElfFile::debugLink);
            part(elf, ElfFile::interpreter);
            part(elf, e -> e.fileOffset(0x1010));
            part(elf, e -> e.vaddrOf(0x1010));
            part(elf, e -> e.symtab().ifPresent(HostileElfTest::walk));
            part(elf, e -> e.dynsym().ifPresent(HostileElfTest::walk));
            part(elf, PltSymbols::read);
            part(elf, ElfFile::miniDebugInfo);
            part(elf, e -> StapNotes.read(e).forEach(note -> note.arguments(ElfFile.EM_X86_64)));
            part(elf, e -> e.sections().forEach(section -> part(e, file -> file.contents(section))));
            part(elf, e -> DebugFiles.system().candidates(e, Path.of("/usr/bin/hostile")));
        });
    }

    private static void walk(SymbolTable table) {
        for (int i = 0; i < Math.min(table.size(), 1000); i++) {
            table.lookup(table.value(i) + 1);
        }
        table.matching(NamePattern.of("*a*n"));
        for (int i = 0; i < Math.min(table.size(), 1000); i++) {
            table.symbol(i);
        }
    }

    private void part(ElfFile elf, Consumer<ElfFile> reader) {
        attempt(() -> elf, reader);
    }

    private void attempt(Supplier<ElfFile> source, Consumer<ElfFile> reader) {
        try {
            reader.accept(source.get());
            answers++;
        } catch (MalformedException e) {
            refusals++;
        }
    }

    private static byte[] small(Path directory) throws IOException {
        Path path = Tool.gcc(directory, "small", """
                #include <stdio.h>
                __asm__(".pushsection .note.stapsdt,\\"\\",\\"note\\"\\n.balign 4\\n.4byte 8, 40, 3\\n.asciz \\"stapsdt\\"\\n.8byte main, 0, 0\\n"
                        ".asciz \\"prov\\"\\n.asciz \\"name\\"\\n.asciz \\"4@%eax\\"\\n.balign 4\\n.popsection\\n");
                int main(void) { return puts("x"); }
                """, "-g", "-gz=zlib", "-Wl,--build-id");
        return Files.readAllBytes(path);
    }

    @Test
    void truncatedFilesAnswerOrRefuse(@TempDir Path directory) throws IOException {
        byte[] whole = small(directory);
        for (int size = 0; size < whole.length; size += size < 2048 ? 7 : 41) {
            readAll(Arrays.copyOf(whole, size));
        }
        assertThat(answers).isGreaterThan(100);
        assertThat(refusals).isGreaterThan(100);
    }

    @Test
    void flippedBytesAnswerOrRefuse(@TempDir Path directory) throws IOException {
        byte[] whole = small(directory);
        Random random = new Random(42);
        for (int round = 0; round < 600; round++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i < 30; i++) {
                int at = random.nextInt(4) == 0 ? random.nextInt(0x400) : damaged.length - 1 - random.nextInt(damaged.length * 3 / 4);
                damaged[at] = random.nextInt(3) == 0 ? (byte) 0xff : (byte) random.nextInt();
            }
            readAll(damaged);
        }
        assertThat(answers).isGreaterThan(1000);
        assertThat(refusals).isGreaterThan(300);
    }

    @Test
    void flippedBytesOfEveryClassAndOrderAnswerOrRefuse() {
        Random random = new Random(3);
        for (int round = 0; round < 4000; round++) {
            ElfImage image = new ElfImage((round & 1) == 0, (round & 2) == 0).text(0x1000, 64).function("main", 0x1000, 9, 1).untyped("x", 0x1020, 1);
            byte[] bytes = image.dynamicSymbols().bytes();
            for (int i = 0; i < 6; i++) {
                bytes[16 + random.nextInt(bytes.length - 16)] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
            }
            readAll(bytes);
        }
        assertThat(answers).isGreaterThan(5000);
        assertThat(refusals).isGreaterThan(1000);
    }

    @Test
    void countsPastTheFileAreRefusedBeforeAnythingIsReserved() {
        byte[] bytes = new ElfImage(true, false).function("f", 1, 1, 1).bytes();
        byte[] sections = bytes.clone();
        sections[60] = (byte) 0xff;
        sections[61] = (byte) 0xfe;
        assertThatThrownBy(() -> ElfFile.of(MemorySegment.ofArray(sections), "image").sections()).isInstanceOf(MalformedException.class)
                .hasMessageContaining("section header");
        byte[] entrySize = bytes.clone();
        entrySize[58] = 1;
        assertThatThrownBy(() -> ElfFile.of(MemorySegment.ofArray(entrySize), "image").sections()).isInstanceOf(MalformedException.class)
                .hasMessageContaining("e_shentsize of at least 64");
    }
}
