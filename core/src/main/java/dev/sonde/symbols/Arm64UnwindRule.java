package dev.sonde.symbols;

import dev.sonde.dwarf.CfiRow;
import dev.sonde.dwarf.CfiRow.CfaRule;
import dev.sonde.dwarf.CfiRow.FrameRule;
import dev.sonde.spec.UnwindLayout;

/**
 * Turns a row of call frame information of arm64 (DWARF for the Arm 64-bit Architecture, "DWARF register names") into a rule of
 * {@link UnwindLayout.Arm64}.
 */
final class Arm64UnwindRule {
    static final int X29 = 29;
    static final int SP = 31;
    private static final int X30 = 30;
    private static final int LINKAGE_PUSHES = 16;

    private Arm64UnwindRule() {}

    static int of(CfiRow row) {
        if (row.signal()) {
            return UnwindLayout.Arm64.rule(UnwindLayout.SIGNAL, 0, 0, 0);
        }
        if (row.returnAddress() instanceof FrameRule.Undefined) {
            return UnwindLayout.Arm64.rule(UnwindLayout.OUTERMOST, 0, 0, 0);
        }
        return row.cfa() instanceof CfaRule.RegisterOffset(int register, long offset) ? of(row, register, offset) : UnwindLayout.UNKNOWN;
    }

    private static int of(CfiRow row, int register, long offset) {
        if (register == SP && isPushed(row)) {
            return UnwindLayout.Arm64.rule(UnwindLayout.STACK_POINTER, offset + LINKAGE_PUSHES, 1, 0);
        }
        if (register == SP || register == X29) {
            long slots = slots(row.returnAddress());
            long below = row.framePointer() instanceof FrameRule.Offset saved ? slots(saved) - slots : 0;
            boolean known = slots >= 0 && (isKept(row.framePointer()) || below > 0);
            return known ? UnwindLayout.Arm64.rule(register == SP ? UnwindLayout.STACK_POINTER : UnwindLayout.FRAME_POINTER, offset, slots, below)
                    : UnwindLayout.UNKNOWN;
        }
        return UnwindLayout.UNKNOWN;
    }

    /** The dynamic linker is entered by a linkage table that pushes the link register, but its own information does not count that as its frame. */
    private static boolean isPushed(CfiRow row) {
        return row.returnAddress() instanceof FrameRule.Offset(long offset) && offset == LINKAGE_PUSHES - 8 && isKept(row.framePointer());
    }

    private static boolean isKept(FrameRule framePointer) {
        return framePointer instanceof FrameRule.Unset || framePointer instanceof FrameRule.SameValue || framePointer instanceof FrameRule.Undefined;
    }

    /** Words between the CFA and a saved register, 0 when the link register has the return address still; -1 for what a rule cannot say. */
    private static long slots(FrameRule rule) {
        return switch (rule) {
            case FrameRule.Unset _, FrameRule.SameValue _ -> 0;
            case FrameRule.InRegister(int register) -> register == X30 ? 0 : -1;
            case FrameRule.Offset(long offset) -> offset < 0 && (offset & 7) == 0 ? -offset >> 3 : -1;
            case FrameRule.Undefined _, FrameRule.ValueOffset _, FrameRule.Expression _, FrameRule.ValueExpression _ -> -1;
        };
    }
}
