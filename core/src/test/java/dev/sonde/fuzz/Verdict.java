package dev.sonde.fuzz;

/**
 * What became of a script.
 *
 * @param reached how far it came
 * @param programs how many of its programs the kernel loaded
 * @param bug a short text that is the same for scripts that show the same bug; empty when there is none
 * @param detail more about the bug; of a script that is not compiled, its mistakes
 */
public record Verdict(Stage reached, int programs, String bug, String detail) {
    /** How far a script comes. */
    public enum Stage {
        /** It has a syntax error. */
        READ,
        /** It has a mistake that was found after the grammar was seen to be right. */
        PARSED,
        /** It was compiled. */
        COMPILED
    }

    /** A script that came that far without a bug. */
    public static Verdict of(Stage reached, int programs) {
        return new Verdict(reached, programs, "", "");
    }

    /** Whether it shows a bug. */
    public boolean isBug() {
        return !bug.isEmpty();
    }
}
