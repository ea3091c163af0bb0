package dev.sonde.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PltSymbolsTest {
    @ParameterizedTest
    @ValueSource(strings = {"/usr/bin/node", "/usr/bin/bash", "/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6"})
    void stubsAreThoseOfObjdump(String file) throws IOException {
        assertStubs(Tool.existing(file), 2);
    }

    @Test
    void stubsBehindIndirectBranchTrackingAreFound(@TempDir Path directory) throws IOException {
        Path path = Tool.gcc(directory, "ibt", "#include <stdio.h>\nint main(void) { puts(\"x\"); return getchar() + (int) (long) (void *) &fopen; }",
                "-fcf-protection=full", "-Wl,-z,ibtplt");
        try (ElfFile elf = ElfFile.open(path)) {
            assertThat(elf.section(".plt.sec")).isPresent();
        }
        assertStubs(path, 2);
    }

    private static void assertStubs(Path path, int atLeast) throws IOException {
        TreeMap<Long, String> expected = new TreeMap<>();
        for (String line : Tool.lines("objdump", "-d", "-j", ".plt", "-j", ".plt.sec", "-j", ".plt.got", path.toString())) {
            if (line.endsWith("@plt>:") && !line.contains("*ABS*")) {
                expected.put(Long.parseUnsignedLong(line.substring(0, 16), 16), line.substring(18, line.length() - 2));
            }
        }
        try (ElfFile elf = ElfFile.open(path)) {
            PltSymbols plt = PltSymbols.read(elf);
            TreeMap<Long, String> actual = new TreeMap<>();
            plt.stubs().forEach(stub -> actual.put(stub.value(), stub.name()));
            assertThat(expected).hasSizeGreaterThanOrEqualTo(atLeast);
            assertThat(actual).containsAllEntriesOf(expected);
            assertThat(plt.lookup(expected.firstKey() + 7).orElseThrow().name()).isEqualTo(expected.firstEntry().getValue());
            assertThat(plt.lookup(1)).isEmpty();
        }
    }

    @Test
    void resolverStubsOfLibcAreNamedAfterTheirFunction() throws IOException {
        try (ElfFile elf = ElfFile.open(Tool.existing("/usr/lib/x86_64-linux-gnu/libc.so.6"))) {
            List<String> names = new ArrayList<>();
            PltSymbols.read(elf).stubs().forEach(stub -> names.add(stub.name()));
            assertThat(names).contains("strlen@plt", "memchr@plt");
        }
    }

    /** Encodings from the AArch64 instruction set: adrp x16, +0x10000 pages; ldr x17, [x16, #0x18]; add; br x17. */
    @Test
    void stubsOfAarch64AreDecoded() {
        ElfImage image = new ElfImage(true, false).machine(ElfFile.EM_AARCH64);
        ByteBuffer stub = image.buffer(16).putInt(0x90000090).putInt(0xf9400e11).putInt(0x91006210).putInt(0xd61f0220);
        ByteBuffer relocation = image.buffer(24).putLong(0x11018).putLong(1L << 32 | 1026).putLong(0);
        image.section(".plt", 1, Section.SHF_ALLOC, 0x1000, stub.array());
        image.section(".rela.plt", Section.SHT_RELA, Section.SHF_ALLOC, 0, relocation.array());
        image.function("malloc", 0, 0, 0).dynamicSymbols();
        PltSymbols plt = PltSymbols.read(ElfFile.of(image.build(), "image"));
        assertThat(plt.lookup(0x1000).orElseThrow().name()).isEqualTo("malloc@plt");
    }
}
