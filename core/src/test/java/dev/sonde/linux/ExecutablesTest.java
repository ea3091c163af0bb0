package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.Tool;
import dev.sonde.target.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutablesTest {
    @TempDir
    Path directory;

    private final Executables executables = new Executables(Architecture.X86_64, System.getenv("PATH"));

    private static void needsX86Cache() {
        Live.needs("/etc/ld.so.cache");
        if (!System.getProperty("os.arch").equals("amd64")) {
            Live.skip("needs an x86-64 machine");
        }
    }

    @Test
    void cacheHoldsWhatLdconfigPrints() {
        needsX86Cache();
        List<String> expected = new ArrayList<>();
        for (String line : Tool.lines("ldconfig", "-p")) {
            if (line.contains("(libc6,x86-64")) {
                expected.add(line.substring(0, line.indexOf('(')).trim() + " " + line.substring(line.indexOf("=> ") + 3));
            }
        }
        List<String> mine = new ArrayList<>();
        for (LdCache.Library library : LdCache.read("/etc/ld.so.cache", Architecture.X86_64).libraries()) {
            mine.add(library.name() + " " + library.path());
        }
        assertThat(mine).isEqualTo(expected).isNotEmpty();
    }

    @Test
    void brokenCacheGivesWhatCanBeRead() throws IOException {
        needsX86Cache();
        byte[] cache = Files.readAllBytes(Path.of("/etc/ld.so.cache"));
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] broken = Arrays.copyOf(cache, i % 2 == 0 ? cache.length : random.nextInt(cache.length));
            for (int k = 0; k < 20 && broken.length > 0; k++) {
                broken[random.nextInt(Math.min(broken.length, 400))] = (byte) random.nextInt();
            }
            assertThat(LdCache.parse(broken, Architecture.X86_64).libraries()).hasSizeLessThanOrEqualTo(cache.length / 24);
        }
        assertThat(LdCache.parse(new byte[0], Architecture.ARM64).libraries()).isEmpty();
    }

    @Test
    void cacheAfterAnOldTableIsFound() throws IOException {
        needsX86Cache();
        byte[] cache = Files.readAllBytes(Path.of("/etc/ld.so.cache"));
        byte[] both = new byte[32 + cache.length];
        System.arraycopy("ld.so-1.7.0".getBytes(), 0, both, 0, 11);
        System.arraycopy(cache, 0, both, 32, cache.length);
        assertThat(LdCache.parse(both, Architecture.X86_64).libraries()).isEqualTo(LdCache.parse(cache, Architecture.X86_64).libraries());
    }

    @Test
    void libraryIsFoundByEachOfItsNames() {
        needsX86Cache();
        for (String name : List.of("libc.so.6", "libc.so", "libc", "c")) {
            assertThat(executables.find(name)).as(name).singleElement().asString().endsWith("/libc.so.6");
        }
        assertThat(executables.find("libc.so.7")).isEmpty();
        assertThat(executables.find("no-such-program-or-library")).isEmpty();
        assertThat(executables.find("")).isEmpty();
    }

    @Test
    void programIsFoundInPath() throws IOException {
        Path program = Files.writeString(directory.resolve("prog"), "#!/bin/sh\n");
        Executables here = new Executables(Architecture.X86_64, "/no/such:" + directory);
        assertThat(here.find("prog")).isEmpty();
        assertThat(program.toFile().setExecutable(true)).isTrue();
        assertThat(here.find("prog")).containsExactly(program.toString());
    }

    @Test
    void pathIsTakenAsItIsWhenItIsAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("x"), "x");
        assertThat(executables.find(file.toString())).containsExactly(file.toString());
        assertThat(executables.find(directory.toString())).isEmpty();
        assertThat(executables.find("./no/such/file")).isEmpty();
    }

    @Test
    void starStandsForElfFilesEachOnce() throws IOException {
        byte[] elf = {0x7f, 'E', 'L', 'F'};
        Files.createDirectories(directory.resolve("one/lib"));
        Files.createDirectories(directory.resolve("two/lib"));
        Path a = Files.write(directory.resolve("one/lib/libx.so.1"), elf);
        Files.createSymbolicLink(directory.resolve("one/lib/libx.so.2"), a);
        Path b = Files.write(directory.resolve("two/lib/libx.so.1"), elf);
        Files.writeString(directory.resolve("two/lib/libx.so"), "INPUT(libx.so.1)");
        Files.write(directory.resolve("two/lib/.libx.so"), elf);
        assertThat(executables.find(directory + "/*/lib/libx*")).containsExactly(a.toString(), b.toString());
        assertThat(executables.find(directory + "/*/lib/*.so")).isEmpty();
        assertThat(executables.find(directory + "/*")).isEmpty();
    }
}
