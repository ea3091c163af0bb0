package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.bytes.Cursor;
import dev.sonde.dwarf.CfiRow;
import dev.sonde.dwarf.CfiRow.CfaRule;
import dev.sonde.dwarf.CfiRow.FrameRule;
import dev.sonde.dwarf.CfiSection;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import dev.sonde.elf.Tool;
import dev.sonde.spec.UnwindLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnwindTableTest {
    private static final int RBP = 6;
    private static final int E_SHOFF = 0x28;
    private static final int E_SHNUM = 0x3c;
    private static final FrameRule BELOW = new FrameRule.Offset(-8);

    @TempDir
    Path directory;

    private static CfiRow row(CfaRule cfa, FrameRule returnAddress, FrameRule framePointer, boolean signal) {
        return new CfiRow(0, 1, cfa, returnAddress, framePointer, signal);
    }

    private static CfaRule expression(int... operations) {
        byte[] bytes = new byte[operations.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) operations[i];
        }
        return new CfaRule.Expression(Cursor.of(bytes, "expression"));
    }

    @Test
    void registerRowsKeepOffsetAndPlaceOfFramePointer() {
        int rule = UnwindRule.of(row(new CfaRule.RegisterOffset(7, 1048), BELOW, new FrameRule.Offset(-48), false));
        assertThat(UnwindLayout.kind(rule)).isEqualTo(UnwindLayout.STACK_POINTER);
        assertThat(UnwindLayout.offset(rule)).isEqualTo(1048);
        assertThat(UnwindLayout.slots(rule)).isEqualTo(6);
        assertThat(UnwindLayout.kind(UnwindRule.of(row(new CfaRule.RegisterOffset(RBP, 16), BELOW, FrameRule.UNSET, false))))
                .isEqualTo(UnwindLayout.FRAME_POINTER);
    }

    @Test
    void rowsThatARuleCannotSayAreUnknown() {
        assertThat(UnwindRule.of(row(new CfaRule.RegisterOffset(3, 16), BELOW, FrameRule.UNSET, false))).isZero();
        assertThat(UnwindRule.of(row(new CfaRule.RegisterOffset(7, 12), BELOW, FrameRule.UNSET, false))).isZero();
        assertThat(UnwindRule.of(row(new CfaRule.RegisterOffset(7, 1L << 40), BELOW, FrameRule.UNSET, false))).isZero();
        assertThat(UnwindRule.of(row(new CfaRule.RegisterOffset(7, 16), new FrameRule.InRegister(1), FrameRule.UNSET, false))).isZero();
        assertThat(UnwindRule.of(row(new CfaRule.RegisterOffset(7, 16), BELOW, new FrameRule.Offset(8), false))).isZero();
        assertThat(UnwindRule.of(row(expression(0x77, 8, 0x06, 0x06), BELOW, FrameRule.UNSET, false))).isZero();
        assertThat(UnwindRule.of(row(expression(0x77), BELOW, FrameRule.UNSET, false))).isZero();
    }

    @Test
    void returnAddressThatIsUndefinedEndsTheStack() {
        assertThat(UnwindLayout.kind(UnwindRule.of(row(new CfaRule.RegisterOffset(7, 8), FrameRule.UNDEFINED, FrameRule.UNSET, false))))
                .isEqualTo(UnwindLayout.OUTERMOST);
    }

    @Test
    void expressionsOfLinkersAndSignalsAreKnown() {
        int plt = UnwindRule.of(row(expression(0x77, 8, 0x80, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22), BELOW, FrameRule.UNSET, false));
        assertThat(UnwindLayout.kind(plt)).isEqualTo(UnwindLayout.LINKAGE);
        assertThat(UnwindLayout.offset(plt)).isEqualTo(8);
        assertThat(UnwindLayout.slots(plt)).isEqualTo(11);
        int signal = UnwindRule.of(row(expression(0x77, 0xa0, 1, 0x06), BELOW, FrameRule.UNSET, true));
        assertThat(UnwindLayout.kind(signal)).isEqualTo(UnwindLayout.SIGNAL);
    }

    @Test
    void everyRowOfTheCLibraryIsFoundByItsAddress() throws IOException {
        try (ElfFile elf = ElfFile.open(Tool.existing("/lib/x86_64-linux-gnu/libc.so.6"))) {
            UnwindTable table = UnwindTable.read(elf);
            List<CfiRow> rows = rows(elf);
            int signals = 0;
            for (CfiRow row : rows) {
                assertThat(table.ruleAt(row.start() - table.base())).isEqualTo(UnwindRule.of(row));
                assertThat(table.ruleAt(row.end() - 1 - table.base())).isEqualTo(UnwindRule.of(row));
                signals += UnwindLayout.kind(UnwindRule.of(row)) == UnwindLayout.SIGNAL ? 1 : 0;
            }
            assertThat(signals).isPositive();
            assertThat(table.size()).isLessThan(2 * rows.size());
        }
    }

    private static List<CfiRow> rows(ElfFile elf) {
        List<CfiRow> rows = new ArrayList<>();
        Section section = elf.section(".eh_frame").orElseThrow();
        CfiSection.ehFrame(elf.contents(section), section.address(), 0, RBP).read(rows::add);
        return rows;
    }

    @Test
    void fileWithoutSectionHeadersHasTheSameTable() throws IOException {
        String text = "int f(int a) { return a ? f(a - 1) + 1 : 0; } int main(int c, char **v) { return f(c); }";
        Path program = Tool.gcc(directory, "program", text, "-O1", "-fno-optimize-sibling-calls");
        byte[] bytes = Files.readAllBytes(program);
        Arrays.fill(bytes, E_SHOFF, E_SHOFF + 8, (byte) 0);
        Arrays.fill(bytes, E_SHNUM, E_SHNUM + 4, (byte) 0);
        Path bare = Files.write(directory.resolve("bare"), bytes);
        try (ElfFile whole = ElfFile.open(program); ElfFile stripped = ElfFile.open(bare)) {
            UnwindTable expected = UnwindTable.read(whole);
            UnwindTable table = UnwindTable.read(stripped);
            assertThat(expected.size()).isPositive();
            for (int i = 0; i < expected.size(); i++) {
                assertThat(table.rule(i)).isEqualTo(expected.rule(i));
                assertThat(table.offset(i)).isEqualTo(expected.offset(i));
            }
        }
    }

    @Test
    void debugFrameServesWhereThereIsOnlyThat() throws IOException {
        String text = "int f(int a) { return a ? f(a - 1) + 1 : 0; } int main(int c, char **v) { return f(c); }";
        Path program = Tool.gcc(directory, "debug", text, "-g", "-O1", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables", "-static",
                "-nostartfiles", "-Wl,-e,main", "-nostdlib");
        try (ElfFile elf = ElfFile.open(program)) {
            assertThat(elf.section(".eh_frame")).isEmpty();
            assertThat(UnwindTable.read(elf).size()).isPositive();
        }
    }
}
