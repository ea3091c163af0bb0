package dev.sonde.symbols;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import dev.sonde.dwarf.CfiRow;
import dev.sonde.dwarf.CfiRow.CfaRule;
import dev.sonde.dwarf.CfiRow.FrameRule;
import dev.sonde.spec.UnwindLayout;

/** Turns a row of call frame information of x86-64 (psABI, "DWARF Register Number Mapping") into a rule of {@link UnwindLayout}. */
final class UnwindRule {
    static final int RBP = 6;
    private static final int RSP = 7;
    private static final int DW_OP_deref = 0x06;
    private static final int DW_OP_breg6 = 0x76;
    private static final int DW_OP_breg7 = 0x77;
    /** Where the stack pointer is in the struct rt_sigframe behind its first word, and so in every signal frame. */
    private static final int SIGNAL_STACK_POINTER = 160;
    /** {@code rip & 15 >= N} gives 8: DW_OP_breg16 0, DW_OP_lit15, DW_OP_and, DW_OP_litN, DW_OP_ge, DW_OP_lit3, DW_OP_shl, DW_OP_plus. */
    private static final int[] LINKAGE = {0x80, 0, 0x3f, 0x1a, -1, 0x2a, 0x33, 0x24, 0x22};
    private static final int DW_OP_lit0 = 0x30;

    private UnwindRule() {
    }

    static int of(CfiRow row) {
        if (row.returnAddress() instanceof FrameRule.Undefined || row.returnAddress() instanceof FrameRule.Unset) {
            return UnwindLayout.rule(UnwindLayout.OUTERMOST, 0, 0);
        }
        return switch (row.cfa()) {
            case CfaRule.RegisterOffset(int register, long offset) -> register(row, register, offset);
            case CfaRule.Expression(Cursor operations) -> expression(row, operations);
            case CfaRule.Unset _ -> UnwindLayout.UNKNOWN;
        };
    }

    private static int register(CfiRow row, int register, long offset) {
        boolean known = register == RSP || register == RBP;
        long slots = known && isBelow(row.returnAddress()) ? slots(row.framePointer()) : -1;
        return UnwindLayout.rule(register == RSP ? UnwindLayout.STACK_POINTER : UnwindLayout.FRAME_POINTER, offset, slots);
    }

    private static boolean isBelow(FrameRule returnAddress) {
        return returnAddress instanceof FrameRule.Offset(long offset) && offset == -8;
    }

    /** Words between the CFA and the saved frame pointer, 0 when the register has it; -1 for what a rule cannot say. */
    private static long slots(FrameRule framePointer) {
        return switch (framePointer) {
            case FrameRule.Unset _, FrameRule.SameValue _, FrameRule.Undefined _ -> 0;
            case FrameRule.Offset(long offset) -> offset < 0 && (offset & 7) == 0 ? -offset >> 3 : -1;
            case FrameRule.ValueOffset _, FrameRule.InRegister _, FrameRule.Expression _, FrameRule.ValueExpression _ -> -1;
        };
    }

    private static int expression(CfiRow row, Cursor operations) {
        try {
            Cursor in = operations.at(0);
            int first = in.u8();
            long offset = in.sleb128();
            if (first == DW_OP_breg7 && isBelow(row.returnAddress()) && isLinkage(in)) {
                return UnwindLayout.rule(UnwindLayout.LINKAGE, offset, limit(operations, in.position()));
            }
            boolean loads = in.remaining() == 1 && in.u8() == DW_OP_deref;
            if (loads && first == DW_OP_breg7 && row.signal() && offset == SIGNAL_STACK_POINTER) {
                return UnwindLayout.rule(UnwindLayout.SIGNAL, 0, 0);
            }
            boolean aligned = loads && first == DW_OP_breg6 && isBelow(row.returnAddress()) && isAtFramePointer(row.framePointer());
            return aligned ? UnwindLayout.rule(UnwindLayout.ALIGNED, offset, 0) : UnwindLayout.UNKNOWN;
        } catch (MalformedException e) {
            return UnwindLayout.UNKNOWN;
        }
    }

    /** Leaves {@code in} where the limit was read. */
    private static boolean isLinkage(Cursor in) {
        long start = in.position();
        boolean same = in.remaining() == LINKAGE.length;
        for (int i = 0; i < LINKAGE.length && same; i++) {
            int operation = in.u8();
            same = LINKAGE[i] < 0 ? operation >= DW_OP_lit0 && operation < DW_OP_lit0 + 16 : operation == LINKAGE[i];
        }
        in.seek(start);
        return same;
    }

    private static int limit(Cursor operations, long start) {
        return operations.at(start + 4).u8() - DW_OP_lit0;
    }

    private static boolean isAtFramePointer(FrameRule framePointer) {
        if (framePointer instanceof FrameRule.Expression(Cursor operations)) {
            Cursor in = operations.at(0);
            return in.u8() == DW_OP_breg6 && in.sleb128() == 0 && !in.hasRemaining();
        }
        return false;
    }
}
