package dev.sonde.compile;

import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operation;
import java.util.Arrays;
import java.util.List;

/**
 * The control-flow graph of one function: basic blocks in the order of the code, their edges, and the loops as ranges of blocks. A block begins
 * at the first of a run of labels or after an operation that may jump.
 */
final class ControlFlow {
    private final int blocks;
    private final int[] starts;
    private final int[] next;
    private final int[] taken;
    private final int[] predecessorStarts;
    private final int[] predecessors;
    private final int[] loopEnds;
    private final int[] depths;

    private ControlFlow(int[] starts, int blocks, List<IrProgram.Line> lines) {
        this.blocks = blocks;
        this.starts = starts;
        next = new int[blocks];
        taken = new int[blocks];
        connect(lines, labelBlocks(lines));
        predecessorStarts = new int[blocks + 2];
        predecessors = predecessors();
        loopEnds = loopEnds();
        depths = depths();
    }

    /** The graph of {@code function}. */
    static ControlFlow of(IrProgram.Function function) {
        var lines = function.lines();
        int[] starts = new int[lines.size() + 1];
        int blocks = 0;
        boolean first = true;
        boolean labelsOnly = false;
        for (int i = 0; i < lines.size(); i++) {
            var operation = lines.get(i).operation();
            boolean label = operation instanceof Operation.Label;
            if (first || label && !labelsOnly) {
                starts[blocks++] = i;
            }
            labelsOnly = label;
            first = Effects.target(operation) != null || operation instanceof Operation.Return;
        }
        starts[blocks] = lines.size();
        return new ControlFlow(Arrays.copyOf(starts, blocks + 1), blocks, lines);
    }

    private int[] labelBlocks(List<IrProgram.Line> lines) {
        int[] labelBlocks = new int[labels(lines)];
        for (int block = 0; block < blocks; block++) {
            for (int i = starts[block]; i < starts[block + 1]; i++) {
                if (lines.get(i).operation() instanceof Operation.Label(int number)) {
                    labelBlocks[number] = block;
                }
            }
        }
        return labelBlocks;
    }

    /** One more than the highest label number in {@code lines}. */
    static int labels(List<IrProgram.Line> lines) {
        int highest = -1;
        for (int i = 0; i < lines.size(); i++) {
            var operation = lines.get(i).operation();
            var named = operation instanceof Operation.Label label ? label : Effects.target(operation);
            highest = named == null ? highest : Math.max(highest, named.number());
        }
        return highest + 1;
    }

    private void connect(List<IrProgram.Line> lines, int[] labelBlocks) {
        for (int block = 0; block < blocks; block++) {
            var last = lines.get(starts[block + 1] - 1).operation();
            var target = Effects.target(last);
            taken[block] = target == null ? -1 : labelBlocks[target.number()];
            next[block] = Effects.endsPath(last) || block + 1 == blocks ? -1 : block + 1;
        }
    }

    private int[] predecessors() {
        for (int block = 0; block < blocks; block++) {
            for (int side = 0; side < 2; side++) {
                if (successor(block, side) >= 0) {
                    predecessorStarts[successor(block, side) + 2]++;
                }
            }
        }
        for (int block = 0; block < blocks; block++) {
            predecessorStarts[block + 2] += predecessorStarts[block + 1];
        }
        int[] found = new int[predecessorStarts[blocks + 1]];
        for (int block = 0; block < blocks; block++) {
            for (int side = 0; side < 2; side++) {
                if (successor(block, side) >= 0) {
                    found[predecessorStarts[successor(block, side) + 1]++] = block;
                }
            }
        }
        return found;
    }

    private int[] loopEnds() {
        int[] ends = new int[blocks];
        Arrays.fill(ends, -1);
        for (int block = 0; block < blocks; block++) {
            int target = taken[block];
            if (target >= 0 && target <= block) {
                ends[target] = Math.max(ends[target], block);
            }
        }
        return ends;
    }

    private int[] depths() {
        int[] change = new int[blocks + 1];
        for (int block = 0; block < blocks; block++) {
            if (loopEnds[block] >= 0) {
                change[block]++;
                change[loopEnds[block] + 1]--;
            }
        }
        for (int block = 1; block < blocks; block++) {
            change[block] += change[block - 1];
        }
        return change;
    }

    /** How many blocks there are; 0 is the entry. */
    int blocks() {
        return blocks;
    }

    /** The index of the block's first line. */
    int start(int block) {
        return starts[block];
    }

    /** The index after the block's last line. */
    int end(int block) {
        return starts[block + 1];
    }

    /** The block that follows on side 0 (going on) or 1 (the jump's target), or -1. */
    int successor(int block, int side) {
        return side == 0 ? next[block] : taken[block];
    }

    /** How many edges lead to the block. */
    int predecessorCount(int block) {
        return predecessorStarts[block + 1] - predecessorStarts[block];
    }

    /** Predecessor {@code index} of the block. */
    int predecessor(int block, int index) {
        return predecessors[predecessorStarts[block] + index];
    }

    /** The last block that jumps back to {@code block}, or -1 when no loop begins there. */
    int loopEnd(int block) {
        return loopEnds[block];
    }

    /** In how many loops the block stands. */
    int depth(int block) {
        return depths[block];
    }

    /** Which blocks the entry leads to. */
    boolean[] reachable() {
        boolean[] reached = new boolean[blocks];
        int[] pending = new int[2 * blocks + 1];
        int count = 0;
        pending[count++] = 0;
        while (count > 0) {
            int block = pending[--count];
            if (reached[block]) {
                continue;
            }
            reached[block] = true;
            for (int side = 0; side < 2; side++) {
                int successor = successor(block, side);
                if (successor >= 0 && !reached[successor]) {
                    pending[count++] = successor;
                }
            }
        }
        return reached;
    }
}
