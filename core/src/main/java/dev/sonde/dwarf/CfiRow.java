package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;

/**
 * One row of a function's table (DWARF 5 §6.4.1): what holds from {@code start} up to {@code end}.
 *
 * @param start first address, as the file has it
 * @param end address after the last
 * @param cfa how the canonical frame address is found
 * @param returnAddress where the return address is
 * @param framePointer where the caller's frame pointer is
 * @param signal whether the function is one that the kernel starts: its caller's address is where it was interrupted, not a return address
 */
public record CfiRow(long start, long end, CfaRule cfa, FrameRule returnAddress, FrameRule framePointer, boolean signal) {
    /** How the canonical frame address, which is the stack pointer before the call, is found (DWARF 5 §6.4.1). */
    public sealed interface CfaRule {
        /** The value of a register, by its DWARF number, plus {@code offset} bytes. */
        record RegisterOffset(int register, long offset) implements CfaRule {}

        /** The value of a DWARF expression; the cursor's bytes are its operations. */
        record Expression(Cursor operations) implements CfaRule {}

        /** Nothing has said how. */
        record Unset() implements CfaRule {}

        /** The only value of its kind. */
        CfaRule UNSET = new Unset();
    }

    /** Where the caller's value of a register is (DWARF 5 §6.4.1). Offsets are bytes from the canonical frame address. */
    public sealed interface FrameRule {
        FrameRule UNSET = new Unset();
        FrameRule UNDEFINED = new Undefined();
        FrameRule SAME_VALUE = new SameValue();

        /** Nothing was said: by the ABI's rules most registers that a callee must keep have their value still. */
        record Unset() implements FrameRule {}

        /** It cannot be found. A return address of this rule ends the stack. */
        record Undefined() implements FrameRule {}

        /** The register still has it. */
        record SameValue() implements FrameRule {}

        /** In memory at the canonical frame address plus {@code offset}. */
        record Offset(long offset) implements FrameRule {}

        /** It is the canonical frame address plus {@code offset}. */
        record ValueOffset(long offset) implements FrameRule {}

        /** In another register, by its DWARF number. */
        record InRegister(int register) implements FrameRule {}

        /** In memory at the address that a DWARF expression gives; the canonical frame address is on its stack at the start. */
        record Expression(Cursor operations) implements FrameRule {}

        /** What a DWARF expression gives. */
        record ValueExpression(Cursor operations) implements FrameRule {}
    }
}
