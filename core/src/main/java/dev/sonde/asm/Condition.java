package dev.sonde.asm;

/** Conditions of jumps with their code in the upper four bits of the opcode. */
public enum Condition {
    EQ(0x10, "=="), GT(0x20, ">"), GE(0x30, ">="), SET(0x40, "&"), NE(0x50, "!="), SGT(0x60, "s>"), SGE(0x70, "s>="), LT(0xa0, "<"), LE(0xb0, "<="),
    SLT(0xc0, "s<"), SLE(0xd0, "s<=");

    private final int code;
    private final String text;

    Condition(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The BPF_J* code. */
    public int code() {
        return code;
    }

    /** As the kernel's disassembler writes it. */
    public String text() {
        return text;
    }

    /** The condition that holds exactly when this does not; {@code SET} has none. */
    public Condition negated() {
        return switch (this) {
            case EQ -> NE;
            case NE -> EQ;
            case GT -> LE;
            case GE -> LT;
            case LT -> GE;
            case LE -> GT;
            case SGT -> SLE;
            case SGE -> SLT;
            case SLT -> SGE;
            case SLE -> SGT;
            case SET -> throw new IllegalArgumentException("SET has no negation");
        };
    }

    /** The condition on exchanged operands. */
    public Condition swapped() {
        return switch (this) {
            case EQ, NE, SET -> this;
            case GT -> LT;
            case GE -> LE;
            case LT -> GT;
            case LE -> GE;
            case SGT -> SLT;
            case SGE -> SLE;
            case SLT -> SGT;
            case SLE -> SGE;
        };
    }

    /** Whether it holds of two 64-bit values. */
    public boolean holds(long left, long right) {
        return switch (this) {
            case EQ -> left == right;
            case NE -> left != right;
            case GT -> Long.compareUnsigned(left, right) > 0;
            case GE -> Long.compareUnsigned(left, right) >= 0;
            case LT -> Long.compareUnsigned(left, right) < 0;
            case LE -> Long.compareUnsigned(left, right) <= 0;
            case SGT -> left > right;
            case SGE -> left >= right;
            case SLT -> left < right;
            case SLE -> left <= right;
            case SET -> (left & right) != 0;
        };
    }
}
