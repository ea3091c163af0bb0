package dev.sonde.asm;

/**
 * One eBPF instruction before its jumps are resolved; {@link Label} marks a place and has no code. Widths are bytes: 1, 2, 4 or 8. {@code Ld…}
 * instructions take two slots of eight bytes, all others one.
 */
public sealed interface Instruction {
    /** {@code dst op= src}, 64 bits wide, or 32 bits with the upper half zeroed. */
    record Alu(AluOperation operation, boolean wide, Register dst, Register src) implements Instruction {}

    /** {@code dst op= immediate}; the immediate is sign-extended. */
    record AluImmediate(AluOperation operation, boolean wide, Register dst, int immediate) implements Instruction {}

    /** {@code dst = (s8|s16|s32)src}: since kernel 6.6. */
    record MoveSignExtended(Register dst, Register src, int bits) implements Instruction {}

    /** Signed division or remainder: since kernel 6.6. */
    record SignedAlu(AluOperation operation, boolean wide, Register dst, Register src) implements Instruction {}

    /** Byte order: {@code toBigEndian} converts between the machine's and big-endian order, zero-extending from {@code bits} 16, 32 or 64. */
    record ByteSwap(Register dst, int bits, boolean toBigEndian) implements Instruction {}

    /** {@code dst = *(uWIDTH *)(base + offset)}; sign-extending loads need kernel 6.6. */
    record Load(int width, boolean signed, Register dst, Register base, int offset) implements Instruction {}

    /** {@code *(uWIDTH *)(base + offset) = src} */
    record Store(int width, Register base, int offset, Register src) implements Instruction {}

    /** {@code *(uWIDTH *)(base + offset) = immediate} */
    record StoreImmediate(int width, Register base, int offset, int immediate) implements Instruction {}

    /** {@code lock *(base + offset) op= src}; XCHG, CMPXCHG and FETCH forms (kernel 5.12) also change {@code src} or R0. Width 4 or 8. */
    record Atomic(AtomicOperation operation, int width, Register base, int offset, Register src) implements Instruction {}

    /** {@code dst = value}, 64 bits, two slots. */
    record LoadConstant(Register dst, long value) implements Instruction {}

    /** {@code dst = } the map of that index in the trace specification; the loader puts its descriptor in. Two slots. */
    record LoadMap(Register dst, int map) implements Instruction {}

    /** {@code dst = } address of byte {@code offset} in the value of a one-element array map (BPF_PSEUDO_MAP_VALUE, kernel 5.2). Two slots. */
    record LoadMapValue(Register dst, int map, int offset) implements Instruction {}

    /** {@code dst = } address of the subprogram that starts at {@code target} (BPF_PSEUDO_FUNC, kernel 5.13). Two slots. */
    record LoadFunction(Register dst, Label target) implements Instruction {}

    /** A call of a BPF helper by number. */
    record CallHelper(int helper) implements Instruction {}

    /** A call of a kernel function by its BTF id in vmlinux (kernel 5.13). */
    record CallKernelFunction(String name, int btfId) implements Instruction {}

    /** A call of a subprogram of the same program. */
    record CallLocal(Label target) implements Instruction {}

    /** {@code goto target} */
    record Jump(Label target) implements Instruction {}

    /** {@code if left op right goto target}, 64 bits wide or 32. */
    record JumpIf(Condition condition, boolean wide, Register left, Register right, Label target) implements Instruction {}

    /** {@code if left op immediate goto target} */
    record JumpIfImmediate(Condition condition, boolean wide, Register left, int immediate, Label target) implements Instruction {}

    /** {@code may_goto target}: falls through until the verifier's loop budget is used up, then jumps. Kernel 6.9. */
    record MayGoto(Label target) implements Instruction {}

    /** Return to the caller or end of the program. */
    record Exit() implements Instruction {}

    /** A place that jumps name; compared by identity of its number within one program. */
    record Label(int number) implements Instruction {}

    /** Slots of eight bytes: 0 for a label, 2 for the 64-bit loads, else 1. */
    default int slots() {
        return switch (this) {
            case Label _ -> 0;
            case LoadConstant _, LoadMap _, LoadMapValue _, LoadFunction _ -> 2;
            case Alu _, AluImmediate _, MoveSignExtended _, SignedAlu _, ByteSwap _, Load _, Store _, StoreImmediate _, Atomic _, CallHelper _,
                    CallKernelFunction _, CallLocal _, Jump _, JumpIf _, JumpIfImmediate _, MayGoto _, Exit _ -> 1;
        };
    }
}
