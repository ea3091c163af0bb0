package dev.sonde.probes;

import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;

/**
 * Arguments of a raw tracepoint, an fentry or an fexit program: a row of 8-byte slots.
 *
 * @param arguments the arguments that have names
 * @param count how many slots there are
 * @param returns what the function gives back, of an fexit program
 */
record RawTracepointContext(List<Argument> arguments, int count, Optional<Source> returns, boolean reentrant) implements ProbeContext {
    /** Of a raw tracepoint whose arguments nobody reads. */
    static final RawTracepointContext NOTHING = new RawTracepointContext(List.of(), 0, Optional.empty(), true);

    @Override
    public Optional<Source> argN(int index) {
        return index < count ? Optional.of(new Source.Slot(Type.UINT64, 8 * index, 8, false)) : Optional.empty();
    }

    @Override
    public Optional<Source> result() {
        return returns;
    }
}
