package dev.sonde.compile;

import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operation;
import java.util.List;

/**
 * Leads a jump to a branch past it when what is known at the jump decides the branch: the shape that the value of {@code a && b} leaves when it is
 * tested. Makes labels behind such branches; leaves jumps backwards alone.
 */
final class ThreadJumps {
    /** Whether a branch is taken with what is known now, or null. */
    interface Decision {
        Boolean holds(Operation.Branch branch);
    }

    private final List<IrProgram.Line> lines;
    private final Decision decision;
    private final int[] places;
    private final int[] labelsAfter;
    private int labels;
    private int now;

    ThreadJumps(List<IrProgram.Line> lines, Decision decision) {
        this.lines = lines;
        this.decision = decision;
        labels = ControlFlow.labels(lines);
        places = new int[labels];
        labelsAfter = new int[lines.size()];
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).operation() instanceof Operation.Label(int number)) {
                places[number] = i;
            }
        }
    }

    /** {@code operation} of line {@code index}, or when it jumps to a decided branch the jump past that. */
    Operation jump(Operation operation, int index) {
        now = index;
        var jump = operation instanceof Operation.Jump(var target) ? past(target) : null;
        return jump == null ? operation : jump;
    }

    /** The jump past a decided branch at {@code label}, or null. */
    Operation.Jump past(Operation.Label label) {
        int at = places[label.number()];
        if (at <= now) {
            return null;
        }
        while (at < lines.size() && lines.get(at).operation() instanceof Operation.Label) {
            at++;
        }
        if (at == lines.size() || !(lines.get(at).operation() instanceof Operation.Branch branch)) {
            return null;
        }
        Boolean holds = decision.holds(branch);
        if (holds == null) {
            return null;
        }
        return new Operation.Jump(holds ? branch.target() : labelAfter(at));
    }

    private Operation.Label labelAfter(int index) {
        if (labelsAfter[index] == 0) {
            labelsAfter[index] = ++labels;
        }
        return new Operation.Label(labelsAfter[index] - 1);
    }

    /** Puts the label that a jump asked for behind line {@code index}. */
    void placeAfter(int index, List<IrProgram.Line> result) {
        now = index;
        if (labelsAfter[index] != 0) {
            result.add(new IrProgram.Line(new Operation.Label(labelsAfter[index] - 1), lines.get(index).span()));
        }
    }
}
