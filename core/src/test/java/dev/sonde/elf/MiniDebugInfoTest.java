package dev.sonde.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.bytes.MalformedException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniDebugInfoTest {
    @Test
    void strippedFileNamesItsFunctionsFromTheCompressedSection(@TempDir Path directory) throws IOException {
        Path full = Tool.gcc(directory, "full", "static __attribute__((noinline)) int hidden(int x) { return x * 3; } int main(int c, char **v) "
                + "{ return hidden(c); }", "-O1");
        Path mini = directory.resolve("mini");
        Path stripped = directory.resolve("stripped");
        Tool.run("objcopy", "--only-keep-debug", full.toString(), mini.toString());
        Tool.run("xz", mini.toString());
        Tool.run("objcopy", "--strip-all", "--add-section", ".gnu_debugdata=" + mini + ".xz", full.toString(), stripped.toString());
        try (ElfFile original = ElfFile.open(full); ElfFile elf = ElfFile.open(stripped)) {
            Symbol hidden = original.symtab().orElseThrow().byName("hidden").getFirst();
            assertThat(elf.symtab()).isEmpty();
            SymbolTable inner = elf.miniDebugInfo().orElseThrow().symtab().orElseThrow();
            assertThat(inner.lookup(hidden.value() + 1)).contains(hidden);
            assertThat(original.miniDebugInfo()).isEmpty();
        }
    }

    @Test
    void sectionThatIsNotXzIsMalformed() {
        ElfFile elf = ElfFile.of(new ElfImage(true, false).section(".gnu_debugdata", 1, 0, 0, new byte[100]).build(), "image");
        assertThatThrownBy(() -> elf.miniDebugInfo()).isInstanceOf(MalformedException.class).hasMessageContaining("XZ stream");
    }
}
