package dev.sonde.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedSectionTest {
    @TempDir
    private Path directory;
    private Path plain;

    @BeforeEach
    void compilesAProgramWithDebugInformation() throws IOException {
        plain = Tool.gcc(directory, "plain", "#include <stdio.h>\nint main(void) { return puts(\"hello\"); }", "-g", "-gz=none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zlib", "zlib-gabi", "zlib-gnu"})
    void debugSectionsInflateToWhatTheyWere(String method) throws IOException {
        Path compressed = directory.resolve("compressed");
        Tool.run("objcopy", "--compress-debug-sections=" + method, plain.toString(), compressed.toString());
        try (ElfFile expected = ElfFile.open(plain); ElfFile actual = ElfFile.open(compressed)) {
            Section info = actual.section(method.equals("zlib-gnu") ? ".zdebug_info" : ".debug_info").orElseThrow();
            assertThat(info.size()).isLessThan(expected.section(".debug_info").orElseThrow().size());
            for (String name : new String[] {".debug_info", ".debug_abbrev", ".debug_str", ".debug_line"}) {
                assertThat(bytes(actual, name)).isEqualTo(bytes(expected, name));
            }
        }
    }

    private static byte[] bytes(ElfFile elf, String name) {
        Cursor contents = elf.contents(name).orElseThrow();
        return contents.bytes(contents.size());
    }

    @Test
    void zstdIsRefusedByName() {
        ElfImage image = new ElfImage(true, false);
        image.section(".debug_info", 1, Section.SHF_COMPRESSED, 0, image.buffer(30).putInt(2).array());
        assertThatThrownBy(() -> ElfFile.of(image.build(), "image").contents(".debug_info")).isInstanceOf(MalformedException.class)
                .hasMessageContaining("zstd is not supported");
    }

    @Test
    void sizeThatTheStreamDoesNotHaveIsMalformedWithoutReservingIt() {
        ElfImage image = new ElfImage(true, false);
        byte[] empty = {0x78, (byte) 0x9c, 3, 0, 0, 0, 0, 1};
        byte[] header = image.buffer(40).putInt(1).putInt(0).putLong(1L << 30).putLong(1).put(empty).array();
        image.section(".debug_info", 1, Section.SHF_COMPRESSED, 0, header);
        assertThatThrownBy(() -> ElfFile.of(image.build(), "image").contents(".debug_info")).isInstanceOf(MalformedException.class)
                .hasMessageContaining("only 0 came out");
    }
}
