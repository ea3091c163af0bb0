package dev.sonde.testing;

/** The ALU and the comparisons of the instruction set, by opcode bits (instruction-set.rst, "Arithmetic instructions" and "Jump instructions"). */
final class Arithmetic {
    private static final int SIGNED = 1;

    private Arithmetic() {}

    /** {@code dst op src} in 64 bits; {@code offset} is the instruction's offset field. */
    static long wide(int code, int offset, long dst, long src) {
        return switch (code) {
            case 0x00 -> dst + src;
            case 0x10 -> dst - src;
            case 0x20 -> dst * src;
            case 0x30 -> src == 0 ? 0 : offset == SIGNED ? dst / src : Long.divideUnsigned(dst, src);
            case 0x40 -> dst | src;
            case 0x50 -> dst & src;
            case 0x60 -> dst << src;
            case 0x70 -> dst >>> src;
            case 0x80 -> -dst;
            case 0x90 -> src == 0 ? dst : offset == SIGNED ? dst % src : Long.remainderUnsigned(dst, src);
            case 0xa0 -> dst ^ src;
            case 0xb0 -> offset == 0 ? src : signExtend(src, offset);
            case 0xc0 -> dst >> src;
            default -> throw new MachineFailure("unknown arithmetic 0x" + Integer.toHexString(code));
        };
    }

    /** The same in 32 bits, with the upper half of the result zero. */
    static long narrow(int code, int offset, int dst, int src) {
        int result = switch (code) {
            case 0x30 -> src == 0 ? 0 : offset == SIGNED ? dst / src : Integer.divideUnsigned(dst, src);
            case 0x60 -> dst << src;
            case 0x70 -> dst >>> src;
            case 0x90 -> src == 0 ? dst : offset == SIGNED ? dst % src : Integer.remainderUnsigned(dst, src);
            case 0xc0 -> dst >> src;
            default -> (int) wide(code, offset, dst, src);
        };
        return result & 0xffffffffL;
    }

    static long signExtend(long value, int bits) {
        return value << 64 - bits >> 64 - bits;
    }

    static long truncate(long value, int bits) {
        return bits == 64 ? value : value & (1L << bits) - 1;
    }

    /** The low {@code bits} with their bytes exchanged. */
    static long swap(long value, int bits) {
        return switch (bits) {
            case 16, 32, 64 -> Long.reverseBytes(value) >>> 64 - bits;
            default -> throw new MachineFailure("byte swap of " + bits + " bits");
        };
    }

    /** A comparison; in 32 bits the operands come sign-extended, which keeps both orders. */
    static boolean holds(int code, long left, long right) {
        int unsigned = Long.compareUnsigned(left, right);
        return switch (code) {
            case 0x10 -> left == right;
            case 0x20 -> unsigned > 0;
            case 0x30 -> unsigned >= 0;
            case 0x40 -> (left & right) != 0;
            case 0x50 -> left != right;
            case 0x60 -> left > right;
            case 0x70 -> left >= right;
            case 0xa0 -> unsigned < 0;
            case 0xb0 -> unsigned <= 0;
            case 0xc0 -> left < right;
            case 0xd0 -> left <= right;
            default -> throw new MachineFailure("unknown jump 0x" + Integer.toHexString(code));
        };
    }
}
