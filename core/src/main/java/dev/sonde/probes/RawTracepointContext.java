package dev.sonde.probes;

import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Arguments of a raw tracepoint, an fentry or an fexit program: a row of 8-byte slots.
 *
 * @param arguments the arguments that have names
 * @param count how many slots there are
 * @param returns what the function gives back, of an fexit program
 * @param typedPointers offsets of pointers, in a program of kind TRACING
 */
record RawTracepointContext(List<Argument> arguments, int count, Optional<Source> returns, boolean reentrant,
        Set<Integer> typedPointers) implements ProbeContext {
    RawTracepointContext {
        typedPointers = Set.copyOf(typedPointers);
    }

    /** One whose values are all numbers to the verifier. */
    RawTracepointContext(List<Argument> arguments, int count, Optional<Source> returns) {
        this(arguments, count, returns, true, Set.of());
    }

    /** Of a raw tracepoint whose arguments nobody reads. */
    static final RawTracepointContext NOTHING = new RawTracepointContext(List.of(), 0, Optional.empty());

    @Override
    public Optional<Source> argN(int index) {
        return index < count ? Optional.of(new Source.Slot(Type.UINT64, 8 * index, 8, false)) : Optional.empty();
    }

    @Override
    public Optional<Source> result() {
        return returns;
    }
}
