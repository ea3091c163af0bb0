package dev.sonde.symbols;

import dev.sonde.bytes.Cursor;
import dev.sonde.dwarf.CfiRow;
import dev.sonde.dwarf.CfiRow.CfaRule;
import dev.sonde.dwarf.CfiRow.FrameRule;
import dev.sonde.dwarf.CfiSection;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Segment;
import dev.sonde.elf.Symbol;
import dev.sonde.elf.SymbolTable;

/**
 * Rows for the vdso of arm64, which has no call frame information: its functions up to where they call others or move the stack pointer, most to
 * their end, and the place to which signal handlers return. Instructions are those of the Arm Architecture Reference Manual, C4.1.
 */
final class Arm64Vdso {
    private static final int INSTRUCTION = 4;
    private static final int MOST_CODE = 1 << 16;
    private static final int SP = 31;
    private static final CfaRule UNMOVED = new CfaRule.RegisterOffset(Arm64UnwindRule.SP, 0);

    private Arm64Vdso() {}

    /** Gives the rows to {@code sink}; none of another file. */
    static void rows(ElfFile elf, CfiSection.Sink sink) {
        if (elf.soname().orElse("").startsWith("linux-vdso") && elf.dynsym().isPresent() && code(elf) <= MOST_CODE) {
            SymbolTable symbols = elf.dynsym().get();
            for (Symbol handled : symbols.byName("__kernel_rt_sigreturn")) {
                // The call, of which the return address is taken for one behind it, would be the instruction before.
                long start = handled.value() - INSTRUCTION;
                sink.row(new CfiRow(start, start + 3 * INSTRUCTION, UNMOVED, FrameRule.UNSET, FrameRule.UNSET, true));
            }
            for (int i = 0; i < symbols.size(); i++) {
                if (symbols.isDefinedFunction(i)) {
                    function(elf, symbols.value(i), symbols.size(i), sink);
                }
            }
        }
    }

    private static long code(ElfFile elf) {
        long size = 0;
        for (Segment segment : elf.segments()) {
            size += segment.isExecutable() ? segment.fileSize() : 0;
        }
        return size;
    }

    private static void function(ElfFile elf, long start, long size, CfiSection.Sink sink) {
        if (elf.at(start).isEmpty()) {
            return;
        }
        Cursor in = elf.at(start).get();
        long end = start;
        while (end - start < size && in.remaining() >= INSTRUCTION && !changesFrame(in.s32())) {
            end += INSTRUCTION;
        }
        // The first instruction that changes it has not been carried out while the program counter is there.
        end += end - start < size ? INSTRUCTION : 0;
        sink.row(new CfiRow(start, end, UNMOVED, FrameRule.UNSET, FrameRule.UNSET, false));
    }

    /** Whether an instruction calls (BL, BLR) or writes the stack pointer (ADD and SUB, a pair or one register with a new base). */
    static boolean changesFrame(int instruction) {
        boolean calls = (instruction & 0xfc00_0000) == 0x9400_0000 || (instruction & 0xffff_fc1f) == 0xd63f_0000;
        boolean sets = (instruction & 0x1f) == SP && ((instruction & 0x3f80_0000) == 0x1100_0000 || (instruction & 0x3fe0_0000) == 0x0b20_0000);
        boolean based = (instruction >>> 5 & 0x1f) == SP
                && ((instruction & 0x3a80_0000) == 0x2880_0000 || (instruction & 0x3b20_0400) == 0x3800_0400);
        return calls || sets || based;
    }
}
