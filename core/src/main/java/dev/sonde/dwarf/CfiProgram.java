package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import dev.sonde.dwarf.CfiRow.CfaRule;
import dev.sonde.dwarf.CfiRow.FrameRule;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Carries out the call frame instructions of one function (DWARF 5 §6.4.2). Only the columns of the return address and the frame pointer are kept;
 * of other registers the operands are passed over.
 */
final class CfiProgram {
    private static final int DW_CFA_advance_loc = 0x40;
    private static final int DW_CFA_offset = 0x80;
    private static final int DW_CFA_restore = 0xc0;
    private static final int MOST_REMEMBERED = 1024;

    private final CfiEntry common;
    private final int framePointer;
    private final EhPointer pointers;
    private final Deque<Columns> remembered = new ArrayDeque<>(0);
    private Columns initial = Columns.START;
    private Columns now = Columns.START;
    private long address;
    private long end;
    private CfiSection.Sink sink;

    /** The rules of one row. */
    private record Columns(CfaRule cfa, FrameRule returnAddress, FrameRule framePointer) {
        static final Columns START = new Columns(CfaRule.UNSET, FrameRule.UNSET, FrameRule.UNSET);
    }

    CfiProgram(CfiEntry common, int framePointer, EhPointer pointers) {
        this.common = common;
        this.framePointer = framePointer;
        this.pointers = pointers;
    }

    /** The rows of a function from {@code first} up to {@code last}, whose instructions are the rest of {@code in}. */
    void run(Cursor in, long first, long last, CfiSection.Sink into) {
        address = first;
        end = last;
        all(common.instructions().at(0));
        initial = now;
        remembered.clear();
        address = first;
        sink = into;
        all(in);
        advanceTo(end);
    }

    private void all(Cursor in) {
        while (in.hasRemaining()) {
            step(in);
        }
    }

    private void step(Cursor in) {
        int operation = in.u8();
        int low = operation & 0x3f;
        switch (operation & 0xc0) {
            case DW_CFA_advance_loc -> advance(low);
            case DW_CFA_offset -> rule(low, new FrameRule.Offset(factored(in.uleb128())));
            case DW_CFA_restore -> restore(low);
            default -> extended(low, in);
        }
    }

    private void extended(int operation, Cursor in) {
        switch (operation) {
            case 0x00 -> { } // DW_CFA_nop
            case 0x01 -> advanceTo(pointers.read(in, common.pointerEncoding())); // DW_CFA_set_loc
            case 0x02 -> advance(in.u8()); // DW_CFA_advance_loc1
            case 0x03 -> advance(in.u16()); // DW_CFA_advance_loc2
            case 0x04 -> advance(in.u32()); // DW_CFA_advance_loc4
            case 0x05 -> rule(in.uleb128(), new FrameRule.Offset(factored(in.uleb128()))); // DW_CFA_offset_extended
            case 0x06 -> restore(in.uleb128()); // DW_CFA_restore_extended
            case 0x07 -> rule(in.uleb128(), FrameRule.UNDEFINED); // DW_CFA_undefined
            case 0x08 -> rule(in.uleb128(), FrameRule.SAME_VALUE); // DW_CFA_same_value
            case 0x09 -> rule(in.uleb128(), new FrameRule.InRegister((int) in.uleb128())); // DW_CFA_register
            case 0x0a -> remember(in); // DW_CFA_remember_state
            case 0x0b -> recall(in); // DW_CFA_restore_state
            case 0x0c, 0x0d, 0x0e, 0x0f, 0x12, 0x13 -> canonical(operation, in);
            case 0x10 -> rule(in.uleb128(), new FrameRule.Expression(block(in))); // DW_CFA_expression
            case 0x11 -> rule(in.uleb128(), new FrameRule.Offset(factored(in.sleb128()))); // DW_CFA_offset_extended_sf
            case 0x14 -> rule(in.uleb128(), new FrameRule.ValueOffset(factored(in.uleb128()))); // DW_CFA_val_offset
            case 0x15 -> rule(in.uleb128(), new FrameRule.ValueOffset(factored(in.sleb128()))); // DW_CFA_val_offset_sf
            case 0x16 -> rule(in.uleb128(), new FrameRule.ValueExpression(block(in))); // DW_CFA_val_expression
            case 0x1d -> advance(in.s64()); // DW_CFA_MIPS_advance_loc8
            case 0x2c, 0x2d -> { } // DW_CFA_AARCH64_negate_ra_state(_with_pc): how the return address is signed, not where it is
            case 0x2e -> in.uleb128(); // DW_CFA_GNU_args_size
            case 0x2f -> rule(in.uleb128(), new FrameRule.Offset(-factored(in.uleb128()))); // DW_CFA_GNU_negative_offset_extended
            default -> throw in.malformed("a call frame instruction, not 0x" + Integer.toHexString(operation));
        }
    }

    /** The rules for the canonical frame address. */
    private void canonical(int operation, Cursor in) {
        CfaRule cfa = switch (operation) {
            case 0x0c -> new CfaRule.RegisterOffset((int) in.uleb128(), in.uleb128()); // DW_CFA_def_cfa
            case 0x0d -> new CfaRule.RegisterOffset((int) in.uleb128(), offset(in)); // DW_CFA_def_cfa_register
            case 0x0e -> new CfaRule.RegisterOffset(register(in), in.uleb128()); // DW_CFA_def_cfa_offset
            case 0x12 -> new CfaRule.RegisterOffset((int) in.uleb128(), factored(in.sleb128())); // DW_CFA_def_cfa_sf
            case 0x13 -> new CfaRule.RegisterOffset(register(in), factored(in.sleb128())); // DW_CFA_def_cfa_offset_sf
            default -> new CfaRule.Expression(block(in)); // DW_CFA_def_cfa_expression
        };
        now = new Columns(cfa, now.returnAddress, now.framePointer);
    }

    private int register(Cursor in) {
        if (now.cfa instanceof CfaRule.RegisterOffset(int register, _)) {
            return register;
        }
        throw in.malformed("a register and an offset before only the offset is changed");
    }

    private long offset(Cursor in) {
        if (now.cfa instanceof CfaRule.RegisterOffset(_, long offset)) {
            return offset;
        }
        throw in.malformed("a register and an offset before only the register is changed");
    }

    private long factored(long operand) {
        return operand * common.dataAlignment();
    }

    private static Cursor block(Cursor in) {
        long size = in.uleb128();
        long start = in.position();
        in.skip(size);
        return in.slice(start, size, in.section());
    }

    private void rule(long register, FrameRule rule) {
        if (register == common.returnAddress()) {
            now = new Columns(now.cfa, rule, now.framePointer);
        }
        if (register == framePointer) {
            now = new Columns(now.cfa, now.returnAddress, rule);
        }
    }

    private void restore(long register) {
        rule(register, register == common.returnAddress() ? initial.returnAddress : initial.framePointer);
    }

    private void remember(Cursor in) {
        if (remembered.size() >= MOST_REMEMBERED) {
            throw in.malformed("at most " + MOST_REMEMBERED + " remembered states");
        }
        remembered.push(now);
    }

    private void recall(Cursor in) {
        if (remembered.isEmpty()) {
            throw in.malformed("a remembered state");
        }
        now = remembered.pop();
    }

    private void advance(long units) {
        advanceTo(address + units * common.codeAlignment());
    }

    /** Ends a row. Going back, or past the function's end, ends the table where it is. */
    private void advanceTo(long next) {
        long to = Long.compareUnsigned(next, end) > 0 ? end : next;
        if (sink != null && Long.compareUnsigned(to, address) > 0) {
            sink.row(new CfiRow(address, to, now.cfa, now.returnAddress, now.framePointer, common.signal()));
        }
        address = Long.compareUnsigned(to, address) > 0 ? to : address;
    }
}
