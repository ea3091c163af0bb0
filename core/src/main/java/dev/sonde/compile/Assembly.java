package dev.sonde.compile;

import dev.sonde.asm.Code;
import dev.sonde.source.Span;
import java.util.Optional;

/** What assembling a program gives. */
sealed interface Assembly {
    /** The program's instructions. */
    record Assembled(Code code) implements Assembly {}

    /**
     * The program needs more stack than the kernel gives it: 512 bytes for a function and for what it calls together.
     *
     * @param function the function whose frame is the largest
     * @param bytes what is needed
     * @param span the script text the largest slot was made for
     */
    record StackOverflow(String function, int bytes, Optional<Span> span) implements Assembly {}
}
