package dev.sonde.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import dev.sonde.elf.Tool;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged call frame information gives fewer rows or a {@link MalformedException}, and nothing else. */
class HostileCfiTest {
    private static final int RBP = 6;
    private static final int TRIES = 400;
    /** Of a section so small a table can hardly have more rows: an instruction of one byte makes one. */
    private static final int SIZE = 20_000;

    private static byte[] section() throws IOException {
        try (ElfFile elf = ElfFile.open(Tool.existing("/lib/x86_64-linux-gnu/libc.so.6"))) {
            Section section = elf.section(".eh_frame").orElseThrow();
            return elf.contents(section).bytes(SIZE);
        }
    }

    private static int rows(byte[] bytes, boolean debug) {
        int[] rows = {0};
        Cursor in = Cursor.of(bytes, ".eh_frame");
        try {
            (debug ? CfiSection.debugFrame(in, RBP) : CfiSection.ehFrame(in, 0x1000, 0, RBP)).read(_ -> rows[0]++);
        } catch (MalformedException e) {
            assertThat(e.section()).isEqualTo(".eh_frame");
        }
        return rows[0];
    }

    @Test
    void damagedBytesAreNoMoreThanMalformed() throws IOException {
        byte[] whole = section();
        Random random = new Random(1);
        for (int i = 0; i < TRIES; i++) {
            byte[] damaged = whole.clone();
            for (int j = 0; j < 20; j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            assertThat(rows(damaged, false)).isLessThan(SIZE);
            assertThat(rows(damaged, true)).isLessThan(SIZE);
        }
    }

    @Test
    void cutSectionsGiveTheRowsBefore() throws IOException {
        byte[] whole = section();
        int all = rows(whole, false);
        assertThat(all).isPositive();
        for (int size = 0; size < 600; size++) {
            assertThat(rows(Arrays.copyOf(whole, size), false)).isLessThan(all);
        }
    }

    @Test
    void headerThatPointsNowhereHasNoTable() {
        byte[] header = {1, 0x1b, 3, 0x3b, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f};
        assertThat(CfiSection.inMemory(Cursor.of(header, ".eh_frame_hdr"), 0x2000, RBP)).isEmpty();
        assertThat(CfiSection.inMemory(Cursor.of(new byte[8], ".eh_frame_hdr"), 0x2000, RBP)).isEmpty();
    }
}
