package dev.sonde.asm;

/** The eBPF registers. R0 is a call's result, R1 to R5 its arguments and lost by it, R6 to R9 survive calls, R10 is the frame pointer. */
public enum Register {
    R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, R10;

    /** Whether a call leaves it as it was. */
    public boolean survivesCalls() {
        return ordinal() >= 6;
    }

    /** The register of a number from 0 to 10. */
    public static Register of(int number) {
        return switch (number) {
            case 0 -> R0;
            case 1 -> R1;
            case 2 -> R2;
            case 3 -> R3;
            case 4 -> R4;
            case 5 -> R5;
            case 6 -> R6;
            case 7 -> R7;
            case 8 -> R8;
            case 9 -> R9;
            case 10 -> R10;
            default -> throw new IllegalArgumentException("register " + number);
        };
    }

    @Override
    public String toString() {
        return "r" + ordinal();
    }
}
