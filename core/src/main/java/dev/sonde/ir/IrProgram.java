package dev.sonde.ir;

import dev.sonde.source.Span;
import java.util.List;
import java.util.Optional;

/** One program's code: the main function first, then its subprograms. */
public record IrProgram(List<Function> functions) {
    public IrProgram {
        functions = List.copyOf(functions);
    }

    /**
     * A function.
     *
     * @param name a C identifier
     * @param lines its operations; it ends in a Return or Jump
     * @param slots its frame memory
     * @param registers how many virtual registers it uses (their numbers are below)
     */
    public record Function(String name, List<Line> lines, List<FrameSlot> slots, int registers) {
        public Function {
            lines = List.copyOf(lines);
            slots = List.copyOf(slots);
        }
    }

    /** An operation and the script text it was made for. */
    public record Line(Operation operation, Optional<Span> span) {}
}
