package dev.sonde.builtins;

import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.target.Feature;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers that a loop over bytes counts. The verifier follows a number in a register value by value, and gives up after some thousand open branches;
 * so the
 * numbers of a long loop are kept in a map's memory, where any value is possible for it, and may_goto tells it that the loop ends.
 */
final class Counters {
    /** Rounds that are followed one by one. */
    private static final int FEW = 64;
    /** Rounds that can be followed one by one where there is no may_goto. */
    private static final int MOST = 2000;
    /** More than the stack takes for one temporary, so that it is in a map. */
    private static final int IN_MAP = 72;

    private final IrBuilder ir;
    private final List<Operand.Register> registers = new ArrayList<>();
    private final Address memory;

    private Counters(IrBuilder ir, Address memory) {
        this.ir = ir;
        this.memory = memory;
    }

    /** {@code count} numbers, all 0, for a loop of up to {@code rounds}. */
    static Counters zero(Lowering call, int count, long rounds) {
        boolean inMemory = rounds > FEW && call.target().has(Feature.MAY_GOTO);
        var counters = new Counters(call.ir(), inMemory ? call.temporary(IN_MAP) : null);
        for (int i = 0; i < count; i++) {
            counters.registers.add(call.ir().register());
            counters.set(i, Operand.of(0));
        }
        return counters;
    }

    /** Whether a loop of that many rounds can be compiled for the target. */
    static boolean possible(Checking call, long rounds) {
        return rounds <= MOST || call.target().has(Feature.MAY_GOTO);
    }

    /** The start of a round, at {@code next}; goes to {@code end} when there were too many. */
    void round(Operation.Label next, Operation.Label end) {
        ir.place(next);
        if (memory == null) {
            return;
        }
        ir.add(new Operation.LoopBudget(end));
        for (int i = 0; i < registers.size(); i++) {
            ir.copy(registers.get(i), ir.load(memory.plus(8 * i), 8, false));
        }
    }

    /** Number {@code index} in this round. */
    Operand.Register get(int index) {
        return registers.get(index);
    }

    /** Its value in the next round. */
    void set(int index, Operand value) {
        if (memory == null) {
            ir.copy(registers.get(index), value);
        } else {
            ir.store(memory.plus(8 * index), 8, value);
        }
    }
}
