package dev.sonde.compile;

import dev.sonde.source.Span;
import java.util.Optional;

/**
 * A scratch variable of one probe: a name in one scope. Compared by identity.
 */
final class Variable {
    private final String name;
    private final int loops;
    private final Span place;
    private boolean captured;
    private boolean carried;
    private boolean zeroed;

    /**
     * @param loops how many loops are around its declaration
     * @param place where it is declared or first assigned; null where no one place does so
     */
    Variable(String name, int loops, Span place) {
        this.name = name;
        this.loops = loops;
        this.place = place;
    }

    /** Where it is declared or first assigned. */
    Optional<Span> place() {
        return Optional.ofNullable(place);
    }

    /** Without its sigil. */
    String name() {
        return name;
    }

    /** Whether the body of a loop that is a function of its own uses it from outside, so that it must live in memory. */
    boolean captured() {
        return captured;
    }

    /** Whether a loop changes it and the next round or the code after the loop may read it. */
    boolean carried() {
        return carried;
    }

    /** Notes an assignment with {@code around} loops around it. */
    void assignedIn(int around) {
        carried |= around > loops;
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
        return "$" + asWritten(name);
    }

    /** The name without what keeps a macro's or function's variable apart from the script's. */
    static String asWritten(String name) {
        int mark = name.indexOf('`') < 0 ? name.indexOf('\'') : name.indexOf('`');
        return mark < 0 ? name : name.substring(0, mark);
    }
}
