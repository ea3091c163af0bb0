package dev.sonde.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebugFilesTest {
    private static final Path BINARY = Path.of("/opt/app/server");

    @TempDir
    private Path prefix;
    private DebugFiles files;

    @BeforeEach
    void usesAPrefixLikeAnotherMountNamespace() throws IOException {
        files = new DebugFiles(prefix, List.of(Path.of("/usr/lib/debug"), Path.of("/srv/debug")));
        Files.createDirectories(prefix.resolve("opt/app/.debug"));
        Files.createDirectories(prefix.resolve("usr/lib/debug/opt/app"));
    }

    /** Builds prefix/opt/app/server linked to server.debug, which is left in the prefix's root. */
    private Path build(String buildId) {
        try {
            Path full = Tool.gcc(prefix, "full", "int main(void) { return 0; }", "-g", "-Wl,--build-id=" + buildId);
            Path debug = prefix.resolve("server.debug");
            Tool.run("objcopy", "--only-keep-debug", full.toString(), debug.toString());
            Tool.run("objcopy", "--strip-all", "--add-gnu-debuglink=" + debug, full.toString(), prefix.resolve("opt/app/server").toString());
            return debug;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Path> candidates() throws IOException {
        try (ElfFile elf = ElfFile.open(prefix.resolve("opt/app/server"))) {
            return files.candidates(elf, BINARY);
        }
    }

    private Optional<Path> find() throws IOException {
        try (ElfFile elf = ElfFile.open(prefix.resolve("opt/app/server"))) {
            return files.find(elf, BINARY);
        }
    }

    @Test
    void candidatesAreInTheOrderOfGdb() throws IOException {
        build("0xabcdef01");
        assertThat(candidates()).containsExactly(
                prefix.resolve("usr/lib/debug/.build-id/ab/cdef01.debug"), prefix.resolve("srv/debug/.build-id/ab/cdef01.debug"),
                prefix.resolve("opt/app/server.debug"), prefix.resolve("opt/app/.debug/server.debug"),
                prefix.resolve("usr/lib/debug/opt/app/server.debug"), prefix.resolve("srv/debug/opt/app/server.debug"));
    }

    @Test
    void fileIsFoundAtEachPlace() throws IOException {
        Path debug = build("0xabcdef01");
        for (Path place : candidates()) {
            Files.createDirectories(place.getParent());
            Files.copy(debug, place);
            assertThat(find()).contains(place);
            Files.delete(place);
        }
        assertThat(find()).isEmpty();
    }

    @Test
    void fileWithAnotherBuildIdIsPassedOver() throws IOException {
        build("0xabcdef01");
        byte[] server = Files.readAllBytes(prefix.resolve("opt/app/server"));
        Path other = build("0xabcdef02");
        Files.write(prefix.resolve("opt/app/server"), server);
        Files.copy(other, prefix.resolve("opt/app/server.debug"));
        assertThat(find()).isEmpty();
    }

    @Test
    void fileWithoutBuildIdIsKnownByItsChecksum() throws IOException {
        Path debug = build("none");
        Path place = prefix.resolve("opt/app/.debug/server.debug");
        Files.copy(debug, place);
        assertThat(find()).contains(place);
        byte[] bytes = Files.readAllBytes(place);
        bytes[bytes.length - 1] ^= 1;
        Files.write(place, bytes);
        assertThat(find()).isEmpty();
    }

    @Test
    void linkToItselfIsNotADebugFile() throws IOException {
        build("0xabcdef01");
        Files.createSymbolicLink(prefix.resolve("opt/app/server.debug"), prefix.resolve("opt/app/server"));
        assertThat(find()).isEmpty();
    }

    @Test
    void linkWithADirectoryIsNotFollowed() {
        byte[] link = "../../etc/passwd\0\0\0\0abcd".getBytes(StandardCharsets.US_ASCII);
        ElfFile elf = ElfFile.of(new ElfImage(true, false).section(".gnu_debuglink", 1, 0, 0, link).build(), "image");
        assertThat(elf.debugLink().orElseThrow().name()).isEqualTo("../../etc/passwd");
        assertThat(files.candidates(elf, BINARY)).isEmpty();
    }
}
