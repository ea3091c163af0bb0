package dev.sonde.compile;

import dev.sonde.ir.IrProgram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Removes operations that only assign a register nothing reads afterwards, whole chains of them, and the unread results of calls. Helpers
 * without effect go with their result. Leaves stores, other calls, and the shape of jumps.
 */
final class RemoveDeadCode {
    private static final int MOST_ROUNDS = 2;

    private final IrProgram.Function function;
    private final ControlFlow flow;
    private final Liveness liveness;
    private final boolean[] live;
    private final int[] read = new int[Effects.MOST_READS];

    private RemoveDeadCode(IrProgram.Function function) {
        this.function = function;
        flow = ControlFlow.of(function);
        liveness = Liveness.of(flow, function);
        live = new boolean[function.registers()];
    }

    /** {@code function} without dead assignments. */
    static IrProgram.Function apply(IrProgram.Function function) {
        var result = removeUnread(function);
        int before = -1;
        for (int round = 0; round < MOST_ROUNDS && result.lines().size() != before; round++) {
            before = result.lines().size();
            result = new RemoveDeadCode(result).remove();
        }
        return result;
    }

    /** Removes assignments of registers that nothing at all reads, last line first, which is cheap and gets most. */
    private static IrProgram.Function removeUnread(IrProgram.Function function) {
        int[] read = new int[Effects.MOST_READS];
        int[] uses = new int[function.registers()];
        for (var line : function.lines()) {
            for (int k = Effects.reads(line.operation(), read) - 1; k >= 0; k--) {
                uses[read[k]]++;
            }
        }
        var kept = new ArrayList<IrProgram.Line>(function.lines().size());
        for (int i = function.lines().size() - 1; i >= 0; i--) {
            var operation = function.lines().get(i).operation();
            int written = Effects.written(operation);
            if (written < 0 || uses[written] > 0 || !Effects.onlyAssigns(operation)) {
                kept.add(function.lines().get(i));
                continue;
            }
            for (int k = Effects.reads(operation, read) - 1; k >= 0; k--) {
                uses[read[k]]--;
            }
        }
        Collections.reverse(kept);
        return new IrProgram.Function(function.name(), kept, function.slots(), function.registers());
    }

    private IrProgram.Function remove() {
        var kept = new ArrayList<IrProgram.Line>(function.lines().size());
        int[] border = new int[liveness.most()];
        for (int block = flow.blocks() - 1; block >= 0; block--) {
            int count = liveness.liveOut(block, border);
            for (int i = 0; i < count; i++) {
                live[border[i]] = true;
            }
            removeIn(block, kept);
            count = liveness.liveIn(block, border);
            for (int i = 0; i < count; i++) {
                live[border[i]] = false;
            }
        }
        Collections.reverse(kept);
        return new IrProgram.Function(function.name(), kept, function.slots(), function.registers());
    }

    private void removeIn(int block, List<IrProgram.Line> kept) {
        for (int i = flow.end(block) - 1; i >= flow.start(block); i--) {
            var line = function.lines().get(i);
            var operation = line.operation();
            int written = Effects.written(operation);
            if (written >= 0 && !live[written]) {
                if (Effects.onlyAssigns(operation)) {
                    continue;
                }
                operation = Rewrite.withoutResult(operation);
                line = new IrProgram.Line(operation, line.span());
            }
            if (written >= 0) {
                live[written] = false;
            }
            for (int k = Effects.reads(operation, read) - 1; k >= 0; k--) {
                live[read[k]] = true;
            }
            kept.add(line);
        }
    }
}
