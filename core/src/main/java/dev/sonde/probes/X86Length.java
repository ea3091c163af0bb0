package dev.sonde.probes;

/**
 * Lengths of x86-64 instructions in 64-bit mode (Intel SDM volume 2, chapter 2 and appendix A), to tell where instructions begin.
 *
 * <pre>
 * instruction --&gt; legacyPrefix* REX? (opcode | 0F opcode | 0F 38 opcode | 0F 3A opcode) modrm? sib? displacement? immediate?
 *               | legacyPrefix* (C5 p | C4 p p | 62 p p p) opcode modrm? sib? displacement? immediate?
 * </pre>
 */
final class X86Length {
    /** The longest instruction, in bytes. */
    static final int LONGEST = 15;

    /** Not an instruction of 64-bit mode. */
    private static final int NONE = -1;
    /** Opcodes of the one-byte map without operands in the code, as ranges of first and last. */
    private static final int[] PLAIN = {0x50, 0x5f, 0x6c, 0x6f, 0x90, 0x99, 0x9b, 0x9f, 0xa4, 0xa7, 0xaa, 0xaf, 0xc3, 0xc3, 0xc9, 0xc9, 0xcb, 0xcc,
        0xcf, 0xcf, 0xd7, 0xd7, 0xec, 0xef, 0xf1, 0xf1, 0xf4, 0xf5, 0xf8, 0xfd};
    /** Those with one byte after them. */
    private static final int[] BYTE = {0x6a, 0x6a, 0x70, 0x7f, 0xa8, 0xa8, 0xb0, 0xb7, 0xcd, 0xcd, 0xe0, 0xe7, 0xeb, 0xeb};
    /** Those with a ModRM byte. */
    private static final int[] MODRM = {0x63, 0x63, 0x69, 0x69, 0x6b, 0x6b, 0x80, 0x81, 0x83, 0x8f, 0xc0, 0xc1, 0xc6, 0xc7, 0xd0, 0xd3, 0xd8, 0xdf,
        0xf6, 0xf7, 0xfe, 0xff};
    /** Those of the 0F map without operands in the code. */
    private static final int[] PLAIN_0F = {0x05, 0x09, 0x0b, 0x0b, 0x0e, 0x0e, 0x30, 0x37, 0x77, 0x77, 0xa0, 0xa2, 0xa8, 0xaa, 0xc8, 0xcf};
    /** Those of the 0F map with a ModRM byte and one byte more. */
    private static final int[] MODRM_BYTE_0F = {0x0f, 0x0f, 0x70, 0x73, 0xa4, 0xa4, 0xac, 0xac, 0xba, 0xba, 0xc2, 0xc2, 0xc4, 0xc6};

    private final byte[] code;
    private int at;
    private boolean operand16;
    private boolean address32;
    private boolean wide;

    private X86Length(byte[] code, int at) {
        this.code = code;
        this.at = at;
    }

    /** Whether an instruction begins at {@code target} when one begins at 0; false too when what is before it cannot be read. */
    static boolean begins(byte[] code, int target) {
        int at = 0;
        while (at < target && at >= 0) {
            int length = of(code, at);
            at = length == NONE ? NONE : at + length;
        }
        return at == target;
    }

    /** Length in bytes of the instruction at {@code at}; -1 when it is none or goes over the end. */
    static int of(byte[] code, int at) {
        int end = new X86Length(code, at).end();
        return end == NONE || end > code.length || end - at > LONGEST ? NONE : end - at;
    }

    private int next() {
        return at < code.length ? code[at++] & 0xff : (at = code.length + 1);
    }

    private int end() {
        int opcode = next();
        while (isPrefix(opcode)) {
            operand16 |= opcode == 0x66;
            address32 |= opcode == 0x67;
            opcode = next();
        }
        if (opcode >= 0x40 && opcode <= 0x4f) {
            wide = (opcode & 8) != 0;
            opcode = next();
        }
        return switch (opcode) {
            case 0x0f -> escaped();
            case 0xc5 -> vector(1, 1);
            case 0xc4 -> vector(next() & 0x1f, 1);
            case 0x62 -> vector(next() & 7, 2);
            default -> oneByte(opcode);
        };
    }

    private static boolean isPrefix(int b) {
        return b >= 0x64 && b <= 0x67 || b == 0xf0 || b == 0xf2 || b == 0xf3 || b == 0x26 || b == 0x2e || b == 0x36 || b == 0x3e;
    }

    private int oneByte(int opcode) {
        if (opcode < 0x40) {
            return switch (opcode & 7) {
                case 0, 1, 2, 3 -> modrm(0);
                case 4 -> at + 1;
                case 5 -> at + immediate();
                default -> NONE;
            };
        }
        if (in(PLAIN, opcode)) {
            return at;
        }
        if (in(BYTE, opcode)) {
            return at + 1;
        }
        if (in(MODRM, opcode)) {
            return modrm(afterModrm(opcode));
        }
        return switch (opcode) {
            case 0x68, 0xa9 -> at + immediate();
            case 0xe8, 0xe9 -> at + 4;
            case 0xa0, 0xa1, 0xa2, 0xa3 -> at + (address32 ? 4 : 8);
            case 0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf -> at + (wide ? 8 : immediate());
            case 0xc2, 0xca -> at + 2;
            case 0xc8 -> at + 3;
            default -> NONE;
        };
    }

    /** Bytes after the ModRM byte and its address; of F6 and F7 only {@code test} has any. */
    private int afterModrm(int opcode) {
        boolean test = at < code.length && (code[at] & 0x38) <= 8;
        return switch (opcode) {
            case 0x6b, 0x80, 0x83, 0xc0, 0xc1, 0xc6 -> 1;
            case 0x69, 0x81, 0xc7 -> immediate();
            case 0xf6 -> test ? 1 : 0;
            case 0xf7 -> test ? immediate() : 0;
            default -> 0;
        };
    }

    private int immediate() {
        return operand16 && !wide ? 2 : 4;
    }

    private int escaped() {
        int opcode = next();
        if (opcode == 0x38 || opcode == 0x3a) {
            at++;
            return modrm(opcode == 0x3a ? 1 : 0);
        }
        if (opcode >= 0x80 && opcode <= 0x8f) {
            return at + 4;
        }
        boolean unused = opcode == 0x04 || opcode == 0x0a || opcode == 0x0c || opcode >= 0x24 && opcode <= 0x27 || opcode == 0x39
                || opcode >= 0x3b && opcode < 0x40;
        return unused ? NONE : in(PLAIN_0F, opcode) ? at : modrm(in(MODRM_BYTE_0F, opcode) ? 1 : 0);
    }

    /** VEX and EVEX: {@code payload} more bytes, then an opcode of map 1 (0F), 2 (0F 38), 3 (0F 3A), 5 or 6. */
    private int vector(int map, int payload) {
        at += payload;
        int opcode = next();
        return switch (map) {
            case 1 -> opcode == 0x77 ? at : modrm(in(MODRM_BYTE_0F, opcode) ? 1 : 0);
            case 2, 5, 6 -> modrm(0);
            case 3 -> modrm(1);
            default -> NONE;
        };
    }

    /** The end of an instruction whose ModRM byte is next and whose address is followed by {@code after} bytes. */
    private int modrm(int after) {
        int modrm = next();
        int mode = modrm >> 6;
        int memory = modrm & 7;
        if (mode == 3) {
            return at + after;
        }
        int base = memory == 4 ? next() & 7 : memory;
        boolean noBase = mode == 0 && base == 5;
        return at + (mode == 1 ? 1 : mode == 2 || noBase ? 4 : 0) + after;
    }

    private static boolean in(int[] ranges, int opcode) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (opcode >= ranges[i] && opcode <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
