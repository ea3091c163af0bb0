package dev.sonde.ir;

/** A source operand. */
public sealed interface Operand {
    /** A virtual register: 64 bits, assigned any number of times. */
    record Register(int number) implements Operand {
        @Override
        public String toString() {
            return "v" + number;
        }
    }

    /** A constant of 64 bits. */
    record Constant(long value) implements Operand {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /** A constant operand. */
    static Constant of(long value) {
        return new Constant(value);
    }
}
