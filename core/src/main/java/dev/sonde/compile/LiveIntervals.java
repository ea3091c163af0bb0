package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.Arrays;

/**
 * Where each virtual register holds a value that is still read, as ranges of positions with the holes between them. Line {@code i} reads at position
 * {@code 2i} and writes at {@code 2i + 1}, so that a register read for the last time and the one assigned there may be the same. A call's result
 * begins after the position at which the call loses R0 to R5.
 */
final class LiveIntervals {
    private final int[] heads;
    private int[] starts;
    private int[] ends;
    private int[] nexts;
    private int count = 1;

    private LiveIntervals(IrProgram.Function function) {
        int expected = 2 * function.lines().size() + 16;
        heads = new int[function.registers()];
        starts = new int[expected];
        ends = new int[expected];
        nexts = new int[expected];
    }

    /** The intervals of {@code function}. */
    static LiveIntervals of(IrProgram.Function function, ControlFlow flow, Liveness liveness) {
        var intervals = new LiveIntervals(function);
        int[] until = new int[function.registers()];
        int[] border = new int[liveness.most()];
        for (int block = flow.blocks() - 1; block >= 0; block--) {
            int live = liveness.liveOut(block, border);
            for (int i = 0; i < live; i++) {
                until[border[i]] = 2 * flow.end(block);
            }
            intervals.walk(function, flow, block, until);
            live = liveness.liveIn(block, border);
            for (int i = 0; i < live; i++) {
                intervals.prepend(border[i], 2 * flow.start(block), until[border[i]]);
                until[border[i]] = 0;
            }
        }
        return intervals;
    }

    private void walk(IrProgram.Function function, ControlFlow flow, int block, int[] until) {
        int[] read = new int[Effects.MOST_READS];
        for (int i = flow.end(block) - 1; i >= flow.start(block); i--) {
            var operation = function.lines().get(i).operation();
            int written = Effects.written(operation);
            if (written >= 0) {
                int from = Effects.isCall(operation) ? 2 * i + 2 : 2 * i + 1;
                prepend(written, from, Math.max(until[written], 2 * i + 2));
                until[written] = 0;
            }
            int late = readLate(operation);
            for (int k = Effects.reads(operation, read) - 1; k >= 0; k--) {
                int end = read[k] == late ? 2 * i + 2 : 2 * i + 1;
                until[read[k]] = Math.max(until[read[k]], end);
            }
        }
    }

    /**
     * The register that is read after the result has begun to be written, or -1: the right side of {@code dst = left - right}. Also that of a sum:
     * when a number gets a pointer added to it, the verifier takes the pointer for one into the outermost function's stack.
     */
    private static int readLate(Operation operation) {
        boolean late = operation instanceof Operation.Alu(var op, _, var left, var right)
                && (!SimplifyArithmetic.commutes(op) || op == AluOperation.ADD)
                && right instanceof Operand.Register && !Effects.same(left, right);
        return late ? ((Operand.Register) ((Operation.Alu) operation).right()).number() : -1;
    }

    private void prepend(int register, int from, int to) {
        int head = heads[register];
        if (head != 0 && starts[head] <= to) {
            starts[head] = Math.min(from, starts[head]);
            ends[head] = Math.max(to, ends[head]);
        } else if (from < to) {
            heads[register] = range(from, to, head);
        }
    }

    private int range(int from, int to, int next) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            nexts = Arrays.copyOf(nexts, 2 * count);
        }
        starts[count] = from;
        ends[count] = to;
        nexts[count] = next;
        return count++;
    }

    /** The first range of {@code register}, or 0 for none. */
    int first(int register) {
        return heads[register];
    }

    /** The range after {@code range}, or 0. */
    int next(int range) {
        return nexts[range];
    }

    /** The first position of {@code range}. */
    int start(int range) {
        return starts[range];
    }

    /** The position after the last one of {@code range}. */
    int end(int range) {
        return ends[range];
    }

    /** How many positions {@code register} is live at. */
    int length(int register) {
        int length = 0;
        for (int range = heads[register]; range != 0; range = nexts[range]) {
            length += ends[range] - starts[range];
        }
        return length;
    }

    /** Whether {@code register} is live at a position of {@code set}. */
    boolean meets(int register, PositionSet set) {
        for (int range = heads[register]; range != 0; range = nexts[range]) {
            if (set.meets(starts[range], ends[range])) {
                return true;
            }
        }
        return false;
    }

    /** Adds all positions of {@code register} to {@code set}. */
    void addTo(int register, PositionSet set) {
        for (int range = heads[register]; range != 0; range = nexts[range]) {
            set.add(starts[range], ends[range]);
        }
    }

    /** Whether two registers are live at one position, or have more than {@code mostRanges} ranges together. */
    boolean overlap(int first, int second, int mostRanges) {
        int a = heads[first];
        int b = heads[second];
        int steps = 0;
        while (a != 0 && b != 0) {
            if (++steps > mostRanges || starts[a] < ends[b] && starts[b] < ends[a]) {
                return true;
            }
            if (ends[a] <= ends[b]) {
                a = nexts[a];
            } else {
                b = nexts[b];
            }
        }
        for (int rest = a + b; rest != 0; rest = nexts[rest]) {
            if (++steps > mostRanges) {
                return true;
            }
        }
        return false;
    }

    /** Gives {@code into} the ranges of {@code from} too; they must not overlap. */
    void join(int into, int from) {
        int a = heads[into];
        int b = heads[from];
        int last = 0;
        heads[into] = 0;
        heads[from] = 0;
        while (a != 0 || b != 0) {
            boolean takeA = b == 0 || a != 0 && starts[a] < starts[b];
            int range = takeA ? a : b;
            a = takeA ? nexts[a] : a;
            b = takeA ? b : nexts[b];
            if (last != 0 && ends[last] == starts[range]) {
                ends[last] = ends[range];
                continue;
            }
            nexts[range] = 0;
            heads[into] = last == 0 ? range : heads[into];
            nexts[last] = last == 0 ? 0 : range;
            last = range;
        }
    }
}
