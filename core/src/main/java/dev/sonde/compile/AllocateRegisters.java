package dev.sonde.compile;

import dev.sonde.ir.IrProgram;

/**
 * Chooses the physical register of every virtual register of one function. Live intervals come from data flow; registers that a move connects
 * are joined where they can be; then the dearest choose first, and what finds no register is split and all is done again. Decides which values
 * live in the frame, but not where there.
 */
final class AllocateRegisters {
    /**
     * A function whose virtual registers all have a physical one.
     *
     * @param function with the loads and stores that splitting added, and new frame slots
     */
    record Allocation(IrProgram.Function function, AssignRegisters registers) {}

    private AllocateRegisters() {}

    /** Allocates the registers of {@code function}, whose operations must be legal. */
    static Allocation apply(IrProgram.Function function) {
        var pieces = SpillRegisters.Pieces.of(function);
        boolean first = true;
        while (true) {
            var flow = ControlFlow.of(pieces.function());
            var intervals = LiveIntervals.of(pieces.function(), flow, Liveness.of(flow, pieces.function()));
            var lost = AssignRegisters.lostAtCalls(pieces.function());
            var definitions = Definitions.of(pieces.function());
            boolean[] split = first ? toSink(pieces.function(), flow, intervals, lost, definitions) : null;
            first = false;
            if (split == null) {
                var joined = JoinRegisters.of(pieces.function(), flow, intervals, lost);
                var assigned = AssignRegisters.of(pieces, intervals, joined, definitions);
                if (assigned.failed() == null) {
                    return new Allocation(pieces.function(), assigned);
                }
                split = assigned.failed();
            }
            pieces = SpillRegisters.apply(pieces, split);
        }
    }

    /**
     * The registers whose value is better made right before it is read: those that are made again cheaply and either live across a call or are
     * read in the block that makes them. Null when there are none.
     */
    private static boolean[] toSink(IrProgram.Function function, ControlFlow flow, LiveIntervals intervals, PositionSet lost,
            Definitions definitions) {
        boolean[] sink = null;
        int block = 0;
        for (int i = 0; i < function.lines().size(); i++) {
            var operation = function.lines().get(i).operation();
            while (i >= flow.end(block)) {
                block++;
            }
            int written = Effects.written(operation);
            if (written < 0 || !definitions.single(written) || !SpillRegisters.repeatable(operation)) {
                continue;
            }
            int range = intervals.first(written);
            boolean local = range != 0 && intervals.next(range) == 0 && intervals.end(range) <= 2 * flow.end(block) - 1
                    && intervals.end(range) > 2 * i + 3;
            if (local || intervals.meets(written, lost)) {
                sink = sink == null ? new boolean[function.registers()] : sink;
                sink[written] = true;
            }
        }
        return sink;
    }
}
