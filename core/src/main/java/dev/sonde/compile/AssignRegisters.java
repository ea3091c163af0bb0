package dev.sonde.compile;

import dev.sonde.asm.Register;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.Arrays;

/**
 * Gives each joined register a physical register that is free wherever it is live, the dearest to spill first. One that is live across a call
 * fits only R6 to R9. Among those free it takes where most moves are saved, then one that nothing else near would rather have, then one of R0 to
 * R5. What finds none is marked to be split; nothing is changed here.
 */
final class AssignRegisters {
    private static final int PHYSICAL = 10;
    private static final int[] ORDER = {1, 2, 3, 4, 5, 0, 6, 7, 8, 9};

    private final SpillRegisters.Pieces pieces;
    private final LiveIntervals intervals;
    private final JoinRegisters joined;
    private final Definitions definitions;
    private final PositionSet[] taken = new PositionSet[PHYSICAL];
    private final PositionSet[] wanted = new PositionSet[JoinRegisters.CALL_REGISTERS];
    private final byte[] assigned;
    private boolean[] failed;

    private AssignRegisters(SpillRegisters.Pieces pieces, LiveIntervals intervals, JoinRegisters joined, Definitions definitions) {
        this.pieces = pieces;
        this.intervals = intervals;
        this.joined = joined;
        this.definitions = definitions;
        int positions = 2 * pieces.function().lines().size() + 2;
        for (int i = 0; i < PHYSICAL; i++) {
            taken[i] = new PositionSet(positions);
        }
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = new PositionSet(positions);
        }
        assigned = new byte[pieces.levels().length];
        Arrays.fill(assigned, (byte) -1);
    }

    /** Assigns all registers of {@code pieces}. */
    static AssignRegisters of(SpillRegisters.Pieces pieces, LiveIntervals intervals, JoinRegisters joined, Definitions definitions) {
        var pass = new AssignRegisters(pieces, intervals, joined, definitions);
        pass.reserve(pieces.function());
        pass.assign(pass.order());
        return pass;
    }

    /** The positions at which calls lose R0 to R5. */
    static PositionSet lostAtCalls(IrProgram.Function function) {
        var positions = new PositionSet(2 * function.lines().size() + 2);
        for (int i = 0; i < function.lines().size(); i++) {
            if (Effects.isCall(function.lines().get(i).operation())) {
                positions.add(2 * i + 1, 2 * i + 2);
            }
        }
        return positions;
    }

    /** Takes R0 to R5 at calls, and a parameter's register until it is read. */
    private void reserve(IrProgram.Function function) {
        for (int i = 0; i < function.lines().size(); i++) {
            var operation = function.lines().get(i).operation();
            if (operation instanceof Operation.Parameter(_, int index)) {
                taken[index + 1].add(0, 2 * i + 1);
            } else if (Effects.isCall(operation)) {
                for (int k = 0; k < JoinRegisters.CALL_REGISTERS; k++) {
                    taken[k].add(2 * i + 1, 2 * i + 2);
                }
            }
        }
    }

    /** The joined registers by falling cost of spilling, as keys with the register in the low half. */
    private long[] order() {
        int[] shortest = leastLevels();
        long[] keys = new long[assigned.length];
        int count = 0;
        for (int register = 0; register < assigned.length; register++) {
            if (joined.find(register) == register && intervals.first(register) != 0) {
                float cost = shortest[register] == SpillRegisters.Pieces.SMALLEST ? Float.MAX_VALUE : cost(register);
                keys[count++] = (long) ~Float.floatToIntBits(cost) << 32 | register;
                noteWanted(register);
            }
        }
        keys = Arrays.copyOf(keys, count);
        Arrays.sort(keys);
        return keys;
    }

    private int[] leastLevels() {
        int[] least = new int[assigned.length];
        Arrays.fill(least, Integer.MAX_VALUE);
        for (int register = 0; register < assigned.length; register++) {
            int root = joined.find(register);
            if (intervals.first(root) != 0) {
                least[root] = Math.min(least[root], pieces.levels()[register]);
            }
        }
        return least;
    }

    private float cost(int register) {
        float cost = joined.accesses(register) / (intervals.length(register) + 4);
        return SpillRegisters.repeatable(definitions.of(register)) ? cost / 2 : cost;
    }

    private void noteWanted(int register) {
        for (int k = 0; k < wanted.length; k++) {
            if (joined.gain(register, k) > 0) {
                intervals.addTo(register, wanted[k]);
            }
        }
    }

    private void assign(long[] order) {
        for (long key : order) {
            int register = (int) key;
            int best = best(register);
            if (best >= 0) {
                assigned[register] = (byte) best;
                intervals.addTo(register, taken[best]);
            } else {
                fail(register);
            }
        }
    }

    private int best(int register) {
        int best = -1;
        long bestScore = -1;
        for (int candidate : ORDER) {
            if (!intervals.meets(register, taken[candidate])) {
                long score = score(register, candidate);
                if (score > bestScore) {
                    best = candidate;
                    bestScore = score;
                }
            }
        }
        return best;
    }

    private long score(int register, int candidate) {
        if (candidate >= JoinRegisters.CALL_REGISTERS) {
            return 1;
        }
        int gain = joined.gain(register, candidate);
        return gain > 0 ? 4L * gain + 4 : intervals.meets(register, wanted[candidate]) ? 2 : 3;
    }

    private void fail(int root) {
        failed = failed == null ? new boolean[assigned.length] : failed;
        boolean any = false;
        for (int register = 0; register < assigned.length; register++) {
            if (joined.find(register) == root && pieces.levels()[register] < SpillRegisters.Pieces.SMALLEST) {
                failed[register] = true;
                any = true;
            }
        }
        if (!any) {
            throw new IllegalStateException("no register for v" + root + " of " + pieces.function().name());
        }
    }

    /** The registers to split, or null when all have been assigned. */
    boolean[] failed() {
        return failed;
    }

    /** The physical register of {@code register}, or null when it is never read. */
    Register of(Operand.Register register) {
        int number = assigned[joined.find(register.number())];
        return number < 0 ? null : Register.of(number);
    }
}
