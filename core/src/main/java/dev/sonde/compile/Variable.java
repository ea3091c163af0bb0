package dev.sonde.compile;

/**
 * A scratch variable of one probe: a name in one scope. Compared by identity.
 */
final class Variable {
    private final String name;
    private boolean captured;
    private boolean zeroed;

    Variable(String name) {
        this.name = name;
    }

    /** Without its sigil. */
    String name() {
        return name;
    }

    /** Whether the body of a loop over a map uses it from outside, so that it must live in memory. */
    boolean captured() {
        return captured;
    }

    /** Whether it may be read before anything is assigned to it, so that it must start as zero. */
    boolean zeroed() {
        return zeroed;
    }

    void capture() {
        captured = true;
    }

    void startAsZero() {
        zeroed = true;
    }

    @Override
    public String toString() {
        return "$" + name;
    }
}
