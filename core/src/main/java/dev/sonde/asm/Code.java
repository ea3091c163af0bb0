package dev.sonde.asm;

import dev.sonde.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The instructions of one program with the script text each was made for. Subprograms follow the main function; each starts at a label listed in
 * {@code functions}.
 */
public record Code(List<Line> lines, List<Function> functions) {
    /** An instruction and its place in the script. */
    public record Line(Instruction instruction, Optional<Span> span) {}

    /** A subprogram: the label it starts at and a C identifier. The main function is not listed. */
    public record Function(Instruction.Label start, String name) {}

    public Code {
        lines = List.copyOf(lines);
        functions = List.copyOf(functions);
    }

    /** Size in slots of eight bytes, as the kernel counts instructions. */
    public int slots() {
        int slots = 0;
        for (Line line : lines) {
            slots += line.instruction().slots();
        }
        return slots;
    }

    /** A builder that keeps the current span. */
    public static final class Builder {
        private final List<Line> lines = new ArrayList<>();
        private final List<Function> functions = new ArrayList<>();
        private Optional<Span> span = Optional.empty();

        /** The script text that the next instructions are made for. */
        public Builder at(Optional<Span> next) {
            span = next;
            return this;
        }

        /** Appends an instruction. */
        public Builder add(Instruction instruction) {
            lines.add(new Line(instruction, span));
            return this;
        }

        /** Starts a subprogram: appends its label and names it. */
        public Builder function(Instruction.Label start, String name) {
            functions.add(new Function(start, name));
            return add(start);
        }

        /** The instructions so far. */
        public Code build() {
            return new Code(lines, functions);
        }
    }
}
