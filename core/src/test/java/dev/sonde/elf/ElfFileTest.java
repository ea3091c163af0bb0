package dev.sonde.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.bytes.MalformedException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElfFileTest {
    private static final String NODE = "/usr/bin/node";
    private static final String LIBC = "/usr/lib/x86_64-linux-gnu/libc.so.6";
    private static final String LIBSTDCXX = "/usr/lib/x86_64-linux-gnu/libstdc++.so.6";
    private static final String BASH = "/usr/bin/bash";

    private static final Pattern SECTION = Pattern.compile(
            "  \\[ *(\\d+)\\] (\\S*) +(\\S+) +([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]{2,}) +([A-Zlop]*) +(\\d+) +(\\d+) +(\\d+)");
    private static final Pattern SEGMENT = Pattern.compile(
            "  (\\S+) +0x([0-9a-f]+) 0x([0-9a-f]+) 0x[0-9a-f]+ 0x([0-9a-f]+) 0x([0-9a-f]+) ([RWE ]{3}) (0x[0-9a-f]+|0)");

    @ParameterizedTest
    @ValueSource(strings = {NODE, LIBC, LIBSTDCXX, BASH})
    void sectionsAreThoseOfReadelf(String file) throws IOException {
        Path path = Tool.existing(file);
        List<String> expected = new ArrayList<>();
        for (String line : Tool.lines("readelf", "-SW", path.toString())) {
            Matcher m = SECTION.matcher(line);
            if (m.lookingAt() && !m.group(1).equals("0")) {
                expected.add(String.join(" ", m.group(1), m.group(2), hex(m.group(4)), hex(m.group(5)), hex(m.group(6)), hex(m.group(7)),
                        m.group(9), m.group(10), m.group(11)));
            }
        }
        try (ElfFile elf = ElfFile.open(path)) {
            List<String> actual = new ArrayList<>();
            for (Section s : elf.sections().subList(1, elf.sections().size())) {
                actual.add(s.index() + " " + s.name() + " " + Long.toHexString(s.address()) + " " + Long.toHexString(s.offset()) + " "
                        + Long.toHexString(s.size()) + " " + Long.toHexString(s.entrySize()) + " " + s.link() + " " + s.info() + " " + s.alignment());
            }
            assertThat(actual).hasSizeGreaterThan(20).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {NODE, LIBC, LIBSTDCXX, BASH})
    void segmentsAreThoseOfReadelf(String file) throws IOException {
        Path path = Tool.existing(file);
        List<String> expected = new ArrayList<>();
        for (String line : Tool.lines("readelf", "-lW", path.toString())) {
            Matcher m = SEGMENT.matcher(line);
            if (m.lookingAt()) {
                expected.add(hex(m.group(2)) + " " + hex(m.group(3)) + " " + hex(m.group(4)) + " " + hex(m.group(5)) + " "
                        + m.group(6).contains("E") + " " + hex(m.group(7).replace("0x", "")));
            }
        }
        try (ElfFile elf = ElfFile.open(path)) {
            List<String> actual = new ArrayList<>();
            for (Segment s : elf.segments()) {
                actual.add(Long.toHexString(s.offset()) + " " + Long.toHexString(s.vaddr()) + " " + Long.toHexString(s.fileSize()) + " "
                        + Long.toHexString(s.memorySize()) + " " + ((s.flags() & Segment.PF_X) != 0) + " " + Long.toHexString(s.alignment()));
            }
            assertThat(actual).hasSizeGreaterThan(7).isEqualTo(expected);
        }
    }

    private static String hex(String digits) {
        return Long.toHexString(Long.parseUnsignedLong(digits, 16));
    }

    @ParameterizedTest
    @ValueSource(strings = {NODE, LIBC, LIBSTDCXX, BASH})
    void buildIdIsThatOfReadelf(String file) throws IOException {
        Path path = Tool.existing(file);
        String expected = after(Tool.lines("readelf", "-nW", path.toString()), "Build ID: ").getFirst();
        try (ElfFile elf = ElfFile.open(path)) {
            assertThat(elf.buildId()).contains(expected);
        }
    }

    @Test
    void buildIdComesFromTheNoteSegmentWithoutSections(@TempDir Path directory) throws IOException {
        Path path = Tool.gcc(directory, "plain", "int main(void) { return 0; }", "-Wl,--build-id=0x0123456789abcdef");
        byte[] bytes = Files.readAllBytes(path);
        for (int i = 0x28; i < 0x30; i++) {
            bytes[i] = 0;
        }
        ElfFile elf = ElfFile.of(MemorySegment.ofArray(bytes), "plain");
        assertThat(elf.sections()).isEmpty();
        assertThat(elf.buildId()).contains("0123456789abcdef");
        assertThat(elf.needed()).containsExactly("libc.so.6");
    }

    @ParameterizedTest
    @ValueSource(strings = {NODE, LIBC, LIBSTDCXX, BASH})
    void dynamicNamesAreThoseOfReadelf(String file) throws IOException {
        Path path = Tool.existing(file);
        List<String> lines = Tool.lines("readelf", "-dW", path.toString());
        try (ElfFile elf = ElfFile.open(path)) {
            assertThat(elf.needed()).isEqualTo(after(lines, "Shared library: "));
            assertThat(elf.soname().stream().toList()).isEqualTo(after(lines, "Library soname: "));
            assertThat(elf.interpreter().stream().toList()).isEqualTo(interpreter(path));
        }
    }

    private static List<String> interpreter(Path path) {
        return after(Tool.lines("readelf", "-lW", path.toString()), "Requesting program interpreter: ");
    }

    private static List<String> after(List<String> lines, String label) {
        List<String> found = new ArrayList<>();
        for (String line : lines) {
            int at = line.indexOf(label);
            if (at >= 0) {
                found.add(line.substring(at + label.length()).replaceAll("[\\[\\]]", "").trim());
            }
        }
        return found;
    }

    @Test
    void pieIsToldFromSharedObjectAndFixedExecutable() throws IOException {
        try (ElfFile bash = ElfFile.open(Tool.existing(BASH)); ElfFile libc = ElfFile.open(Tool.existing(LIBC));
                ElfFile node = ElfFile.open(Tool.existing(NODE))) {
            assertThat(List.of(bash.isPie(), libc.isPie(), node.isPie())).containsExactly(true, false, false);
            assertThat(List.of(bash.isDyn(), libc.isDyn(), node.isDyn())).containsExactly(true, true, false);
            assertThat(node.type()).isEqualTo(ElfFile.ET_EXEC);
            assertThat(node.machine()).isEqualTo(ElfFile.EM_X86_64);
            assertThat(node.is64()).isTrue();
        }
    }

    @Test
    void addressesAndFileOffsetsMapBothWays() throws IOException {
        try (ElfFile elf = ElfFile.open(Tool.existing(NODE))) {
            Section text = elf.section(".text").orElseThrow();
            assertThat(elf.fileOffset(text.address() + 5)).hasValue(text.offset() + 5);
            assertThat(elf.vaddrOf(text.offset() + 5)).hasValue(text.address() + 5);
            assertThat(elf.fileOffset(elf.section(".bss").orElseThrow().address())).isEmpty();
            assertThat(elf.fileOffset(0)).isEmpty();
            assertThat(elf.vaddrOf(elf.section(".symtab").orElseThrow().offset())).isEmpty();
        }
    }

    @Test
    void debugLinkIsThatOfReadelf() throws IOException {
        Path path = Tool.existing("/usr/bin/bash");
        List<String> dump = Tool.lines("readelf", "--string-dump=.gnu_debuglink", path.toString());
        try (ElfFile elf = ElfFile.open(path)) {
            String name = elf.debugLink().orElseThrow().name();
            assertThat(dump).anyMatch(line -> line.endsWith(name));
        }
    }

    @Test
    void fileThatIsNotRegularIsRefused() {
        assertThatThrownBy(() -> ElfFile.open(Path.of("/dev/null"))).isInstanceOf(IOException.class).hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> ElfFile.open(Path.of("/nonexistent"))).isInstanceOf(IOException.class).hasMessageContaining("does not exist");
    }

    @Test
    void otherFormatIsMalformed(@TempDir Path directory) throws IOException {
        Path text = Files.writeString(directory.resolve("script"), "#!/bin/sh\n");
        assertThatThrownBy(() -> ElfFile.open(text)).isInstanceOf(MalformedException.class).hasMessageContaining("ELF magic");
        Path empty = Files.createFile(directory.resolve("empty"));
        assertThatThrownBy(() -> ElfFile.open(empty)).isInstanceOf(MalformedException.class);
    }
}
