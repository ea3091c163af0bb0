package dev.sonde.asm;

/** Parts of the opcode byte and the source-register codes that give an instruction another meaning (instruction-set.rst, "Instruction encoding"). */
final class Opcode {
    static final int LD = 0;
    static final int LDX = 1;
    static final int ST = 2;
    static final int STX = 3;
    static final int ALU = 4;
    static final int JMP = 5;
    static final int JMP32 = 6;
    static final int ALU64 = 7;

    /** The source is the register, not the immediate. */
    static final int X = 0x08;

    static final int IMM = 0x00;
    static final int MEM = 0x60;
    static final int MEMSX = 0x80;
    static final int ATOMIC = 0xc0;

    static final int END = 0xd0;
    static final int JA = 0x00;
    static final int CALL = 0x80;
    static final int EXIT = 0x90;
    static final int JCOND = 0xe0;

    static final int PSEUDO_MAP_FD = 1;
    static final int PSEUDO_MAP_VALUE = 2;
    static final int PSEUDO_FUNC = 4;
    static final int PSEUDO_CALL = 1;
    static final int PSEUDO_KFUNC_CALL = 2;

    private Opcode() {}

    /** The size bits of a memory access of {@code width} bytes. */
    static int size(int width) {
        return switch (width) {
            case 1 -> 0x10;
            case 2 -> 0x08;
            case 4 -> 0x00;
            case 8 -> 0x18;
            default -> throw new IllegalArgumentException("an access of " + width + " bytes");
        };
    }

    /** Bytes accessed by an opcode with these size bits. */
    static int width(int opcode) {
        return switch (opcode & 0x18) {
            case 0x10 -> 1;
            case 0x08 -> 2;
            case 0x00 -> 4;
            default -> 8;
        };
    }

    /** One slot as a little-endian word: opcode, registers, 16-bit offset, 32-bit immediate. */
    static long slot(int opcode, int dst, int src, int offset, int immediate) {
        return opcode | (long) dst << 8 | (long) src << 12 | (offset & 0xffffL) << 16 | (long) immediate << 32;
    }
}
