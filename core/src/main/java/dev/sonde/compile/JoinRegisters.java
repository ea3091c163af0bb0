package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;

/**
 * Joins registers that one copies from the other, or that the two-address form of an instruction wants to be the same, when they are never live
 * together; they then share a physical register and the move between them is gone. Copies go first and inner loops before outer ones. Also adds up,
 * for each joined register, what it would gain from each of R0 to R5 and how dear it would be to spill. Chooses no physical register.
 */
final class JoinRegisters {
    /** How many physical registers have uses of their own in calls: R0 to R5. */
    static final int CALL_REGISTERS = 6;

    private static final int MOST_RANGES = 256;
    private static final int MOST_DEPTH = 3;

    private final IrProgram.Function function;
    private final ControlFlow flow;
    private final LiveIntervals intervals;
    private final PositionSet lostAtCalls;
    private final int[] parents;
    private final int[] gains;
    private final float[] accesses;
    private int[] pairs = new int[64];
    private int pairCount;

    private JoinRegisters(IrProgram.Function function, ControlFlow flow, LiveIntervals intervals, PositionSet lostAtCalls) {
        this.function = function;
        this.flow = flow;
        this.intervals = intervals;
        this.lostAtCalls = lostAtCalls;
        parents = new int[function.registers()];
        gains = new int[CALL_REGISTERS * parents.length];
        accesses = new float[parents.length];
        for (int i = 0; i < parents.length; i++) {
            parents[i] = i;
        }
    }

    /** Joins registers of {@code function}; the ranges of joined ones move to one of them in {@code intervals}. */
    static JoinRegisters of(IrProgram.Function function, ControlFlow flow, LiveIntervals intervals, PositionSet lostAtCalls) {
        var joined = new JoinRegisters(function, flow, intervals, lostAtCalls);
        joined.weigh();
        joined.join();
        return joined;
    }

    private void weigh() {
        int[] read = new int[Effects.MOST_READS];
        for (int block = 0; block < flow.blocks(); block++) {
            int weight = weight(flow.depth(block));
            for (int i = flow.start(block); i < flow.end(block); i++) {
                var operation = function.lines().get(i).operation();
                int written = Effects.written(operation);
                if (written >= 0) {
                    accesses[written] += weight;
                }
                for (int k = Effects.reads(operation, read) - 1; k >= 0; k--) {
                    accesses[read[k]] += weight;
                }
                gain(operation, written, weight);
            }
        }
    }

    private static int weight(int depth) {
        int weight = 1;
        for (int i = 0; i < Math.min(depth, MOST_DEPTH); i++) {
            weight *= 10;
        }
        return weight;
    }

    private void gain(Operation operation, int written, int weight) {
        var arguments = Effects.arguments(operation);
        if (arguments != null) {
            for (int i = 0; i < arguments.size(); i++) {
                if (arguments.get(i) instanceof Operand.Register(int number)) {
                    gains[number * CALL_REGISTERS + 1 + i] += weight;
                }
            }
            if (written >= 0) {
                gains[written * CALL_REGISTERS] += weight;
            }
        } else if (operation instanceof Operation.Return(Operand.Register(int number))) {
            gains[number * CALL_REGISTERS] += weight;
        } else if (operation instanceof Operation.Parameter(var dst, int index)) {
            gains[dst.number() * CALL_REGISTERS + 1 + index] += weight;
        }
    }

    private void join() {
        int deepest = 0;
        for (int block = 0; block < flow.blocks(); block++) {
            deepest = Math.max(deepest, Math.min(MOST_DEPTH, flow.depth(block)));
        }
        for (int depth = deepest; depth >= 0; depth--) {
            for (int block = 0; block < flow.blocks(); block++) {
                if (Math.min(MOST_DEPTH, flow.depth(block)) == depth) {
                    joinCopies(block);
                }
            }
            for (int i = 0; i < pairCount; i += 2) {
                joinOperands(pairs[i], pairs[i + 1]);
            }
            pairCount = 0;
        }
    }

    /** Joins the copies of {@code block} at once and notes its other pairs. */
    private void joinCopies(int block) {
        for (int i = flow.start(block); i < flow.end(block); i++) {
            var operation = function.lines().get(i).operation();
            if (operation instanceof Operation.Copy(var dst, var src)) {
                join(dst.number(), src.number());
            } else {
                notePairs(operation);
            }
        }
    }

    private void notePairs(Operation operation) {
        if (operation instanceof Operation.Alu(var op, var dst, Operand.Register left, var right)) {
            note(dst, left);
            if (right instanceof Operand.Register register && SimplifyArithmetic.commutes(op) && op != AluOperation.ADD) {
                note(dst, register);
            }
        } else if (operation instanceof Operation.Negate(var dst, var src)) {
            note(dst, src);
        } else if (operation instanceof Operation.Extend(var dst, var src, int bits, boolean signed) && (signed || bits != 32)) {
            note(dst, src);
        } else if (operation instanceof Operation.ByteSwap(var dst, var src, _)) {
            note(dst, src);
        } else if (operation instanceof Operation.AddressOf(var dst, Address.AtRegister(var base, _))) {
            note(dst, base);
        }
    }

    private void note(Operand.Register first, Operand.Register second) {
        if (pairCount == pairs.length) {
            pairs = java.util.Arrays.copyOf(pairs, 2 * pairCount);
        }
        pairs[pairCount++] = first.number();
        pairs[pairCount++] = second.number();
    }

    /** Joins unless one register must survive calls and the other has a place in a call: then the move is wanted. */
    private void joinOperands(int first, int second) {
        int a = find(first);
        int b = find(second);
        if (a == b) {
            return;
        }
        boolean survivesA = intervals.meets(a, lostAtCalls);
        boolean survivesB = intervals.meets(b, lostAtCalls);
        if (survivesA == survivesB || mostGain(survivesA ? b : a) == 0) {
            join(a, b);
        }
    }

    private int mostGain(int register) {
        int most = 0;
        for (int i = 0; i < CALL_REGISTERS; i++) {
            most = Math.max(most, gains[register * CALL_REGISTERS + i]);
        }
        return most;
    }

    private void join(int first, int second) {
        int a = find(first);
        int b = find(second);
        if (a == b || intervals.overlap(a, b, MOST_RANGES)) {
            return;
        }
        intervals.join(a, b);
        parents[b] = a;
        accesses[a] += accesses[b];
        for (int i = 0; i < CALL_REGISTERS; i++) {
            gains[a * CALL_REGISTERS + i] += gains[b * CALL_REGISTERS + i];
        }
    }

    /** The register that stands for all that {@code register} is joined with. */
    int find(int register) {
        int at = register;
        while (parents[at] != at) {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }

    /** How many moves the joined register saves in physical register {@code number} (0 to 5), weighted by loops. */
    int gain(int register, int number) {
        return gains[register * CALL_REGISTERS + number];
    }

    /** How many times the joined register is read and assigned, weighted by loops. */
    float accesses(int register) {
        return accesses[register];
    }
}
