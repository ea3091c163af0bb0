package dev.sonde.ir;

/** A place in memory that the program may access directly. */
public sealed interface Address {
    /** {@code offset} bytes from a pointer in a register: a map value, a ring buffer record, the context. */
    record AtRegister(Operand.Register base, int offset) implements Address {
        @Override
        public String toString() {
            return "[" + base + (offset < 0 ? "" : "+") + offset + "]";
        }
    }

    /** {@code offset} bytes from the start of a frame slot. */
    record InFrame(FrameSlot slot, int offset) implements Address {
        @Override
        public String toString() {
            return "[" + slot + "+" + offset + "]";
        }
    }

    /** The place {@code bytes} further. */
    default Address plus(int bytes) {
        return switch (this) {
            case AtRegister(var base, int offset) -> new AtRegister(base, offset + bytes);
            case InFrame(var slot, int offset) -> new InFrame(slot, offset + bytes);
        };
    }
}
