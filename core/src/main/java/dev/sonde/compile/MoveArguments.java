package dev.sonde.compile;

import dev.sonde.asm.Register;
import java.util.function.BiConsumer;

/** Orders the moves of a call's arguments into R1 to R5 as if all were done at once. R0, which a call loses anyway, breaks cycles. */
final class MoveArguments {
    private MoveArguments() {}

    /** Emits moves (to, from) that bring {@code sources[i]} into R(i+1); null sources are left out. {@code sources} is used up. */
    static void apply(Register[] sources, BiConsumer<Register, Register> move) {
        int pending = 0;
        for (int i = 0; i < sources.length; i++) {
            if (sources[i] != null && sources[i].ordinal() == i + 1) {
                sources[i] = null;
            }
            pending += sources[i] == null ? 0 : 1;
        }
        while (pending > 0) {
            int free = unread(sources);
            if (free >= 0) {
                move.accept(Register.of(free + 1), sources[free]);
                sources[free] = null;
                pending--;
            } else {
                free(sources, move);
            }
        }
    }

    /** An argument whose register no other argument still comes from, or -1. */
    private static int unread(Register[] sources) {
        for (int i = 0; i < sources.length; i++) {
            if (sources[i] != null && !reads(sources, i + 1)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean reads(Register[] sources, int number) {
        for (var source : sources) {
            if (source != null && source.ordinal() == number) {
                return true;
            }
        }
        return false;
    }

    /** Moves the register of the first pending argument into R0 and lets the others read it there. */
    private static void free(Register[] sources, BiConsumer<Register, Register> move) {
        int first = 0;
        while (sources[first] == null) {
            first++;
        }
        var blocked = Register.of(first + 1);
        move.accept(Register.R0, blocked);
        for (int i = 0; i < sources.length; i++) {
            sources[i] = sources[i] == blocked ? Register.R0 : sources[i];
        }
    }
}
