package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.target.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnusableFileTest {
    @TempDir
    Path directory;

    private String problem(byte[] content) throws IOException {
        Path file = Files.write(directory.resolve("file"), content);
        return UnusableFile.problem(file.toString(), Architecture.X86_64);
    }

    private static byte[] elf(int bits, int machine) {
        byte[] header = new byte[64];
        header[0] = 0x7f;
        header[1] = 'E';
        header[2] = 'L';
        header[3] = 'F';
        header[4] = (byte) (bits == 64 ? 2 : 1);
        header[18] = (byte) machine;
        return header;
    }

    @Test
    void kindOfFileIsNamed() throws IOException {
        assertThat(problem("text".getBytes())).isEqualTo("is not an ELF file");
        assertThat(problem("#!/usr/bin/python3\nprint(1)\n".getBytes())).isEqualTo("is a script; probe its interpreter");
        assertThat(problem(elf(32, 3))).startsWith("is a 32-bit program");
        assertThat(problem(elf(64, 183))).isEqualTo("is a program for another processor (aarch64)");
        assertThat(problem(elf(64, 0))).endsWith("(e_machine 0)");
        assertThat(problem(elf(64, 62))).isEmpty();
    }

    @Test
    void whatIsNoFileIsNamed() {
        assertThat(UnusableFile.problem(directory.toString(), Architecture.X86_64)).isEqualTo("is a directory");
        assertThat(UnusableFile.problem(directory + "/none", Architecture.X86_64)).isEqualTo("does not exist");
        assertThat(UnusableFile.problem("no-such-program", Architecture.X86_64)).isEqualTo("is neither a program in PATH nor a library");
    }

    @Test
    void programsOfTheOtherProcessorAreUsableThere() throws IOException {
        Path file = Files.write(directory.resolve("arm"), elf(64, 183));
        assertThat(UnusableFile.problem(file.toString(), Architecture.ARM64)).isEmpty();
    }
}
