package dev.sonde.asm;

/** Arithmetic operations with their code in the upper four bits of the opcode. */
public enum AluOperation {
    ADD(0x00, "+="), SUB(0x10, "-="), MUL(0x20, "*="), DIV(0x30, "/="), OR(0x40, "|="), AND(0x50, "&="), LSH(0x60, "<<="), RSH(0x70, ">>="),
    NEG(0x80, "neg"), MOD(0x90, "%="), XOR(0xa0, "^="), MOV(0xb0, "="), ARSH(0xc0, "s>>=");

    private final int code;
    private final String text;

    AluOperation(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The BPF_* code, 0x00 to 0xc0. */
    public int code() {
        return code;
    }

    /** As the kernel's disassembler writes it. */
    public String text() {
        return text;
    }
}
