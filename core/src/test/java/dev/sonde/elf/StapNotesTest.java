package dev.sonde.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StapNotesTest {
    private static List<String> readelf(Path path) {
        List<String> sites = new ArrayList<>();
        String provider = "";
        String name = "";
        String addresses = "";
        for (String line : Tool.lines("readelf", "-nW", path.toString())) {
            if (line.contains("Provider: ")) {
                provider = line.substring(line.indexOf(':') + 2);
            } else if (line.contains("Name: ")) {
                name = line.substring(line.indexOf(':') + 2);
            } else if (line.contains("Location: ")) {
                String[] fields = line.trim().split("[ ,]+");
                addresses = Long.decode(fields[1]) + " " + Long.decode(fields[5]);
            } else if (line.contains("Arguments: ")) {
                sites.add(provider + ":" + name + " " + addresses + " " + line.substring(line.indexOf(':') + 2));
            }
        }
        return sites;
    }

    @Test
    void everySiteOfLibjvmIsThatOfReadelf() throws IOException {
        Path path = Tool.jdk("lib/server/libjvm.so");
        List<String> expected = readelf(path);
        try (ElfFile elf = ElfFile.open(path)) {
            List<String> actual = new ArrayList<>();
            int arguments = 0;
            for (StapNote note : StapNotes.read(elf)) {
                actual.add(note.provider() + ":" + note.name() + " " + note.pc() + " " + note.semaphore() + " " + note.arguments());
                arguments += note.arguments(elf.machine()).size();
            }
            assertThat(actual).hasSizeGreaterThan(300).isEqualTo(expected);
            assertThat(arguments).isEqualTo((int) expected.stream().flatMapToInt(String::chars).filter(c -> c == '@').count());
        }
    }

    @Test
    void sitesMoveWithTheBaseSection() {
        ElfImage image = new ElfImage(true, false);
        ByteBuffer note = image.buffer(12 + 8 + 24 + 12).putInt(8).putInt(24 + 11).putInt(3).put("stapsdt\0".getBytes(StandardCharsets.US_ASCII));
        note.putLong(0x1010).putLong(0x2000).putLong(0x3000).put("p\0q\0-4@$-7\0".getBytes(StandardCharsets.US_ASCII));
        image.section(".note.stapsdt", Section.SHT_NOTE, 0, 0, note.array()).section(".stapsdt.base", 1, Section.SHF_ALLOC, 0x2100, new byte[1]);
        ElfFile elf = ElfFile.of(image.build(), "image");
        assertThat(StapNotes.read(elf)).containsExactly(new StapNote("p", "q", 0x1110, 0x3100, "-4@$-7"));
    }

    @Test
    void fileWithoutProbesHasNone() {
        assertThat(StapNotes.read(ElfFile.of(new ElfImage(true, false).build(), "image"))).isEmpty();
    }
}
