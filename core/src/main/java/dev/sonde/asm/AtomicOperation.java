package dev.sonde.asm;

/** Atomic read-modify-write operations with the code that stands in the immediate. */
public enum AtomicOperation {
    ADD(0x00), OR(0x40), AND(0x50), XOR(0xa0), XCHG(0xe1), CMPXCHG(0xf1), FETCH_ADD(0x01);

    private final int code;

    AtomicOperation(int code) {
        this.code = code;
    }

    /** The immediate of the instruction. */
    public int code() {
        return code;
    }
}
