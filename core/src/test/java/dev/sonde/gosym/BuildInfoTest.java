package dev.sonde.gosym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Tool;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildInfoTest {
    private static final String SENTINEL = "0123456789abcdef";
    private static final String MODULE = SENTINEL + "path\texample.com/cmd/a\nmod\texample.com\tv1.2.3\th1:x=\ndep\tb\tv1\t\nbuild\tGOOS=linux\n"
            + "build\t-ldflags=\"-s -w\"\n" + SENTINEL;

    @Test
    void versionAndPathAreThoseOfGoVersion(@TempDir Path directory) throws IOException {
        Path path = GoProgram.build(directory, "hello", GoProgram.HELLO, "-ldflags", "-s -w").path();
        List<String> expected = Tool.lines(GoProgram.environment(directory), "go", "version", "-m", path.toString());
        try (ElfFile elf = ElfFile.open(path)) {
            BuildInfo info = BuildInfo.read(elf.raw(elf.section(".go.buildinfo").orElseThrow()), address -> null).orElseThrow();
            assertThat(expected.getFirst()).isEqualTo(path + ": " + info.goVersion());
            assertThat(expected).contains("\tpath\t" + info.path(), "\tbuild\tGOARCH=" + info.settings().get("GOARCH"));
            assertThat(info.settings()).containsEntry("-ldflags", "-s -w");
            assertThat(info.minor()).isPresent();
        }
    }

    private static Cursor inline(String version, String module) {
        ByteBuffer out = ByteBuffer.allocate(32 + 8 + version.length() + module.length());
        out.put("\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1)).put((byte) 8).put((byte) 2).position(32);
        out.put((byte) version.length()).put(version.getBytes(StandardCharsets.UTF_8));
        out.put((byte) (module.length() & 0x7f | 0x80)).put((byte) (module.length() >> 7)).put(module.getBytes(StandardCharsets.UTF_8));
        return Cursor.of(out.array(), ".go.buildinfo");
    }

    @Test
    void inlineFormTellsModuleAndSettings() {
        assertThat(BuildInfo.read(inline("go1.22.1", MODULE), address -> null)).contains(
                new BuildInfo("go1.22.1", "example.com/cmd/a", "example.com", "v1.2.3", Map.of("GOOS", "linux", "-ldflags", "-s -w")));
    }

    @Test
    void pointerFormIsFollowedInBothByteOrdersAndPointerSizes() {
        for (int pointer : new int[] {4, 8}) {
            for (boolean bigEndian : new boolean[] {false, true}) {
                ByteBuffer out = ByteBuffer.allocate(512).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
                out.put("\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1)).put((byte) pointer).put((byte) (bigEndian ? 1 : 0));
                word(out, pointer, 0x1000 + 64);
                word(out, pointer, 0x1000 + 96);
                header(out.position(64), pointer, 128, 8);
                header(out.position(96), pointer, 192, MODULE.length());
                out.position(128).put("go1.13.4".getBytes(StandardCharsets.US_ASCII));
                out.position(192).put(MODULE.getBytes(StandardCharsets.US_ASCII));
                Cursor section = Cursor.of(out.array(), ".go.buildinfo");
                BuildInfo info = BuildInfo.read(section, address -> section.at(address - 0x1000)).orElseThrow();
                assertThat(info.goVersion()).isEqualTo("go1.13.4");
                assertThat(info.module()).isEqualTo("example.com");
                assertThatThrownBy(() -> BuildInfo.read(section, address -> null)).isInstanceOf(MalformedException.class);
            }
        }
    }

    private static void header(ByteBuffer out, int pointer, int at, int size) {
        word(out, pointer, 0x1000 + at);
        word(out, pointer, size);
    }

    private static void word(ByteBuffer out, int pointer, long value) {
        if (pointer == 8) {
            out.putLong(value);
        } else {
            out.putInt((int) value);
        }
    }

    @Test
    void minorVersionIsReadFromReleasesAndDevelopmentBuilds() {
        assertThat(minor("go1.19.8")).isEqualTo(19);
        assertThat(minor("go1.26-rc1")).isEqualTo(26);
        assertThat(minor("devel go1.27-abc123 Thu")).isEqualTo(27);
        assertThat(minor("devel +abc")).isEqualTo(-1);
        assertThat(minor("go1.")).isEqualTo(-1);
    }

    private static int minor(String version) {
        return new BuildInfo(version, "", "", "", Map.of()).minor().orElse(-1);
    }

    @Test
    void damagedInformationAnswersOrRefuses() {
        Random random = new Random(11);
        Cursor good = inline("go1.22.1", MODULE);
        byte[] whole = good.bytes(good.size());
        int refusals = 0;
        for (int round = 0; round < 3000; round++) {
            byte[] damaged = Arrays.copyOf(whole, round % 3 == 0 ? random.nextInt(whole.length) : whole.length);
            for (int i = 0; i < 5 && damaged.length > 15; i++) {
                damaged[15 + random.nextInt(damaged.length - 15)] = (byte) random.nextInt();
            }
            try {
                BuildInfo.read(Cursor.of(damaged, "hostile"), address -> Cursor.of(damaged, "memory"));
            } catch (MalformedException e) {
                refusals++;
            }
        }
        assertThat(refusals).isGreaterThan(300);
    }

    @Test
    void sectionWithoutTheMagicHasNoInformation() {
        assertThat(BuildInfo.read(Cursor.of(new byte[64], ".go.buildinfo"), address -> null)).isEmpty();
    }
}
