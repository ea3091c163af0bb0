package dev.sonde.symbols;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.bytes.Cursor;
import dev.sonde.dwarf.CfiRow;
import dev.sonde.dwarf.CfiRow.CfaRule;
import dev.sonde.dwarf.CfiRow.FrameRule;
import dev.sonde.dwarf.CfiSection;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Section;
import dev.sonde.elf.Symbol;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnwindTableTest {
    private static final int RBP = 6;
    private static final int X29 = 29;
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
        CfiSection.ehFrame(elf.contents(section), section.address(), 0, elf.machine() == ElfFile.EM_X86_64 ? RBP : X29).read(rows::add);
        return rows;
    }

    private static int arm(CfaRule cfa, FrameRule returnAddress, FrameRule framePointer) {
        return Arm64UnwindRule.of(row(cfa, returnAddress, framePointer, false));
    }

    /** What a rule says of the same four things as a row. */
    private static String text(int rule) {
        int slots = UnwindLayout.Arm64.slots(rule);
        int below = UnwindLayout.Arm64.below(rule);
        return switch (UnwindLayout.kind(rule)) {
            case UnwindLayout.STACK_POINTER -> "sp";
            case UnwindLayout.FRAME_POINTER -> "x29";
            default -> "kind " + UnwindLayout.kind(rule);
        } + "+" + UnwindLayout.Arm64.offset(rule) + " " + (slots == 0 ? "kept" : -8 * slots) + " " + (below == 0 ? "kept" : -8 * (slots + below));
    }

    @Test
    void arm64RowsKeepWhereBothRegistersWereSaved() {
        assertThat(text(arm(new CfaRule.RegisterOffset(31, 0), FrameRule.UNSET, FrameRule.UNSET))).isEqualTo("sp+0 kept kept");
        assertThat(text(arm(new CfaRule.RegisterOffset(31, 96), new FrameRule.Offset(-88), new FrameRule.Offset(-96)))).isEqualTo("sp+96 -88 -96");
        assertThat(text(arm(new CfaRule.RegisterOffset(29, 16), new FrameRule.Offset(-8), new FrameRule.Offset(-16)))).isEqualTo("x29+16 -8 -16");
        assertThat(text(arm(new CfaRule.RegisterOffset(31, 64), new FrameRule.Offset(-48), new FrameRule.Offset(-64)))).isEqualTo("sp+64 -48 -64");
        assertThat(text(arm(new CfaRule.RegisterOffset(31, 720), FrameRule.SAME_VALUE, new FrameRule.Offset(-16)))).isEqualTo("sp+720 kept -16");
        assertThat(text(arm(new CfaRule.RegisterOffset(31, 131_056), new FrameRule.Offset(-131_048), FrameRule.SAME_VALUE)))
                .isEqualTo("sp+131056 -131048 kept");
        assertThat(text(arm(new CfaRule.RegisterOffset(31, 208), new FrameRule.Offset(8), FrameRule.UNSET))).isEqualTo("sp+224 -8 kept");
    }

    @Test
    void arm64RowsThatARuleCannotSayAreUnknown() {
        CfaRule sp = new CfaRule.RegisterOffset(31, 32);
        FrameRule saved = new FrameRule.Offset(-8);
        assertThat(arm(new CfaRule.RegisterOffset(0, 32), saved, FrameRule.UNSET)).isZero();
        assertThat(arm(new CfaRule.RegisterOffset(31, 8), saved, FrameRule.UNSET)).isZero();
        assertThat(arm(new CfaRule.RegisterOffset(31, 131_072), saved, FrameRule.UNSET)).isZero();
        assertThat(arm(new CfaRule.RegisterOffset(31, -16), saved, FrameRule.UNSET)).isZero();
        assertThat(arm(expression(0x8f, 0), saved, FrameRule.UNSET)).isZero();
        assertThat(arm(sp, new FrameRule.InRegister(13), FrameRule.UNSET)).isZero();
        assertThat(arm(sp, new FrameRule.Offset(16), FrameRule.UNSET)).isZero();
        assertThat(arm(sp, new FrameRule.Offset(-16), saved)).isZero();
        assertThat(arm(sp, saved, new FrameRule.Offset(-40))).isZero();
        assertThat(arm(sp, saved, new FrameRule.InRegister(3))).isZero();
    }

    @Test
    void arm64StacksEndWhereTheReturnAddressIsUndefined() {
        assertThat(UnwindLayout.kind(arm(new CfaRule.RegisterOffset(31, 0), FrameRule.UNDEFINED, FrameRule.UNSET))).isEqualTo(UnwindLayout.OUTERMOST);
        assertThat(UnwindLayout.kind(Arm64UnwindRule.of(row(new CfaRule.RegisterOffset(29, 0), BELOW, BELOW, true)))).isEqualTo(UnwindLayout.SIGNAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"libc.so.6", "libstdc++.so.6", "ld-linux-aarch64.so.1"})
    void arm64RowsAreFoundByTheirAddressAndNearlyAllKnown(String library) throws IOException {
        try (ElfFile elf = ElfFile.open(Tool.existing("/usr/aarch64-linux-gnu/lib/" + library))) {
            UnwindTable table = UnwindTable.read(elf);
            List<CfiRow> rows = rows(elf);
            int unknown = 0;
            for (CfiRow row : rows) {
                assertThat(table.ruleAt(row.start() - table.base())).isEqualTo(Arm64UnwindRule.of(row));
                assertThat(table.ruleAt(row.end() - 1 - table.base())).isEqualTo(Arm64UnwindRule.of(row));
                unknown += Arm64UnwindRule.of(row) == UnwindLayout.UNKNOWN ? 1 : 0;
            }
            assertThat(unknown).isLessThan(5);
        }
    }

    @Test
    void arm64VdsoIsKnownByItsInstructions() throws IOException {
        Path source = Files.writeString(directory.resolve("vdso.c"), """
                int other(int a);
                int leaf(int *a, int b) { return b ? a[b] + 1 : a[0]; }
                int framed(int a) { return a + 1 > 3 ? other(a) + 1 : a; }
                __asm__("nop; .globl __kernel_rt_sigreturn; __kernel_rt_sigreturn: mov x8, 139; svc 0");
                """);
        Path library = directory.resolve("vdso.so");
        Tool.run("aarch64-linux-gnu-gcc", "-O2", "-shared", "-nostdlib", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables",
                "-Wl,-soname,linux-vdso.so.1", "-o", library.toString(), source.toString());
        try (ElfFile elf = ElfFile.open(library)) {
            UnwindTable table = UnwindTable.read(elf);
            Symbol leaf = elf.dynsym().orElseThrow().byName("leaf").getFirst();
            Symbol framed = elf.dynsym().orElseThrow().byName("framed").getFirst();
            long handled = elf.dynsym().orElseThrow().byName("__kernel_rt_sigreturn").getFirst().value();
            assertThat(text(table.ruleAt(leaf.value() - table.base()))).isEqualTo("sp+0 kept kept");
            assertThat(text(table.ruleAt(leaf.value() + leaf.size() - 4 - table.base()))).isEqualTo("sp+0 kept kept");
            assertThat(text(table.ruleAt(framed.value() - table.base()))).isEqualTo("sp+0 kept kept");
            assertThat(table.ruleAt(framed.value() + framed.size() - 4 - table.base())).isZero();
            assertThat(UnwindLayout.kind(table.ruleAt(handled - 1 - table.base()))).isEqualTo(UnwindLayout.SIGNAL);
            assertThat(UnwindLayout.kind(table.ruleAt(handled - table.base()))).isEqualTo(UnwindLayout.SIGNAL);
        }
    }

    @Test
    void arm64InstructionsThatChangeAFrameAreTold() {
        assertThat(List.of(0xd10043ff, 0x910043ff, 0xcb2063ff, 0xa9bf7bfd, 0xa8c17bfd, 0xf81f0ffe, 0xf84107fe, 0x94000001, 0xd63f0020))
                .allMatch(Arm64Vdso::changesFrame);
        assertThat(List.of(0xd503233f, 0xa9007bfd, 0xf94003e0, 0x910003fd, 0xd65f03c0, 0x14000001, 0x71003c1f, 0xd4000001, 0xb8404420))
                .noneMatch(Arm64Vdso::changesFrame);
    }

    @Test
    void arm64LinkageEntriesHaveTheReturnAddressInItsRegister() throws IOException {
        try (ElfFile elf = ElfFile.open(Tool.existing("/usr/aarch64-linux-gnu/lib/libstdc++.so.6"))) {
            UnwindTable table = UnwindTable.read(elf);
            Section linkage = elf.section(".plt").orElseThrow();
            assertThat(table.ruleAt(linkage.address() - table.base())).isZero();
            assertThat(text(table.ruleAt(linkage.address() + 32 - table.base()))).isEqualTo("sp+0 kept kept");
            assertThat(text(table.ruleAt(linkage.address() + linkage.size() - 4 - table.base()))).isEqualTo("sp+0 kept kept");
        }
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
