package dev.sonde.compile;

import dev.sonde.asm.Condition;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * Decides the order of blocks and the shape of jumps.
 * <ul>
 * <li>A jump to a jump goes to the last target; every {@code return 5} but the last of the function becomes a jump to that.
 * <li>What no path reaches is removed (the verifier rejects it), and so are labels that nothing names.
 * <li>A block that only one jump reaches takes the place of that jump when it ends in a jump or return of its own.
 * <li>A jump to the next line is removed, and a branch around a jump is turned over.
 * </ul>
 * Leaves all values alone. Jumps backwards lead where they led before.
 */
final class SimplifyBranches {
    private static final int MOST_HOPS = 16;
    private static final int MOST_ROUNDS = 4;

    private List<IrProgram.Line> lines;
    private int labels;

    private SimplifyBranches(List<IrProgram.Line> lines) {
        this.lines = lines;
        labels = ControlFlow.labels(lines);
    }

    /** {@code function} with simpler jumps. */
    static IrProgram.Function apply(IrProgram.Function function) {
        var pass = new SimplifyBranches(function.lines());
        int before = -1;
        for (int round = 0; round < MOST_ROUNDS && pass.lines.size() != before; round++) {
            before = pass.lines.size();
            pass.lines = pass.shareReturns();
            pass.lines = pass.thread();
            pass.lines = placeBlocks(new IrProgram.Function(function.name(), pass.lines, function.slots(), function.registers()));
            pass.lines = dropJumps(pass.lines);
            pass.lines = pass.dropLabels();
        }
        return new IrProgram.Function(function.name(), pass.lines, function.slots(), function.registers());
    }

    /** Makes every return of a constant jump to the last such return. A second exit is a jump to the first in machine code, too. */
    private List<IrProgram.Line> shareReturns() {
        var lastReturns = new HashMap<Long, Integer>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).operation() instanceof Operation.Return(Operand.Constant(long value))) {
                lastReturns.put(value, i);
            }
        }
        var shared = new HashMap<Long, Operation.Label>();
        var result = new ArrayList<IrProgram.Line>(lines.size() + 4);
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (!(line.operation() instanceof Operation.Return(Operand.Constant(long value)))) {
                result.add(line);
            } else if (i != lastReturns.get(value)) {
                result.add(new IrProgram.Line(new Operation.Jump(shared.computeIfAbsent(value, _ -> new Operation.Label(labels++))), line.span()));
            } else {
                if (shared.containsKey(value)) {
                    result.add(new IrProgram.Line(shared.get(value), line.span()));
                }
                result.add(line);
            }
        }
        return result;
    }

    /** Gives every jump its last target. */
    private List<IrProgram.Line> thread() {
        int[] places = new int[labels];
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).operation() instanceof Operation.Label(int number)) {
                places[number] = i;
            }
        }
        var result = new ArrayList<IrProgram.Line>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            var target = Effects.target(line.operation());
            var last = target == null ? null : lastTarget(target, i, places);
            boolean same = target == null || last.number() == target.number();
            result.add(same ? line : new IrProgram.Line(Rewrite.target(line.operation(), last), line.span()));
        }
        return result;
    }

    private Operation.Label lastTarget(Operation.Label target, int from, int[] places) {
        var label = target;
        for (int hop = 0; hop < MOST_HOPS; hop++) {
            int at = places[label.number()];
            while (lines.get(at).operation() instanceof Operation.Label) {
                at++;
            }
            if (!(lines.get(at).operation() instanceof Operation.Jump(var next)) || places[next.number()] <= from && at > from) {
                return firstOfRun(at - 1);
            }
            label = next;
        }
        return label;
    }

    private Operation.Label firstOfRun(int last) {
        int at = last;
        while (at > 0 && lines.get(at - 1).operation() instanceof Operation.Label) {
            at--;
        }
        return (Operation.Label) lines.get(at).operation();
    }

    /** Removes unreachable blocks and moves each block that only one jump reaches after that jump. */
    private static List<IrProgram.Line> placeBlocks(IrProgram.Function function) {
        var flow = ControlFlow.of(function);
        boolean[] reachable = flow.reachable();
        boolean[] placed = new boolean[flow.blocks()];
        var result = new ArrayList<IrProgram.Line>(function.lines().size());
        for (int first = 0; first < flow.blocks(); first++) {
            for (int block = first; block >= 0 && reachable[block] && !placed[block]; block = follower(function, flow, reachable, block)) {
                placed[block] = true;
                result.addAll(function.lines().subList(flow.start(block), flow.end(block)));
            }
        }
        return result;
    }

    /** The block to place after {@code block} in place of its closing jump, or -1. */
    private static int follower(IrProgram.Function function, ControlFlow flow, boolean[] reachable, int block) {
        int target = flow.successor(block, 1);
        boolean jumps = function.lines().get(flow.end(block) - 1).operation() instanceof Operation.Jump;
        if (!jumps || target <= block || flow.successor(target, 0) >= 0) {
            return -1;
        }
        int entries = 0;
        for (int i = 0; i < flow.predecessorCount(target); i++) {
            entries += reachable[flow.predecessor(target, i)] ? 1 : 0;
        }
        return entries == 1 ? target : -1;
    }

    /** Removes jumps and branches to the next line and turns branches around a jump over. */
    private static List<IrProgram.Line> dropJumps(List<IrProgram.Line> lines) {
        var result = new ArrayList<IrProgram.Line>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            var target = Effects.target(line.operation());
            if (target != null && standsAt(lines, i + 1, target)) {
                continue;
            }
            var inverted = inverted(lines, i);
            if (inverted != null) {
                result.add(new IrProgram.Line(inverted, line.span()));
                i++;
            } else {
                result.add(line);
            }
        }
        return result;
    }

    /** The branch at {@code i} turned over to take the place of the jump it leads around, or null. */
    private static Operation inverted(List<IrProgram.Line> lines, int i) {
        var operation = lines.get(i).operation();
        if (i + 2 >= lines.size() || !(lines.get(i + 1).operation() instanceof Operation.Jump(var other))) {
            return null;
        }
        if (operation instanceof Operation.Branch(var condition, var left, var right, var target) && condition != Condition.SET
                && standsAt(lines, i + 2, target)) {
            return new Operation.Branch(condition.negated(), left, right, other);
        }
        return operation instanceof Operation.NarrowBranch(var condition, var left, var right, var target) && condition != Condition.SET
                && standsAt(lines, i + 2, target) ? new Operation.NarrowBranch(condition.negated(), left, right, other) : null;
    }

    private static boolean standsAt(List<IrProgram.Line> lines, int from, Operation.Label target) {
        for (int i = from; i < lines.size() && lines.get(i).operation() instanceof Operation.Label label; i++) {
            if (label.number() == target.number()) {
                return true;
            }
        }
        return false;
    }

    private List<IrProgram.Line> dropLabels() {
        boolean[] named = new boolean[labels];
        for (int i = 0; i < lines.size(); i++) {
            var target = Effects.target(lines.get(i).operation());
            if (target != null) {
                named[target.number()] = true;
            }
        }
        var result = new ArrayList<IrProgram.Line>(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            if (!(lines.get(i).operation() instanceof Operation.Label(int number)) || named[number]) {
                result.add(lines.get(i));
            }
        }
        return result;
    }
}
