package dev.sonde.compile;

import java.util.Arrays;

/** Which blocks every path to a block leads through. Found by iteration over the reverse postorder (Cooper, Harvey and Kennedy, 2001). */
final class Dominators {
    private final ControlFlow flow;
    private final int[] order;
    private final int[] rank;
    private final int[] immediate;
    private int reached;

    private Dominators(ControlFlow flow) {
        this.flow = flow;
        order = new int[flow.blocks()];
        rank = new int[flow.blocks()];
        immediate = new int[flow.blocks()];
        Arrays.fill(rank, -1);
        Arrays.fill(immediate, -1);
        number();
        solve();
    }

    /** The dominators of {@code flow}. */
    static Dominators of(ControlFlow flow) {
        return new Dominators(flow);
    }

    /** Numbers the reachable blocks in reverse postorder. */
    private void number() {
        int[] stack = new int[flow.blocks()];
        int[] side = new int[flow.blocks()];
        boolean[] seen = new boolean[flow.blocks()];
        int depth = 0;
        int last = flow.blocks();
        stack[depth++] = 0;
        seen[0] = true;
        while (depth > 0) {
            int block = stack[depth - 1];
            if (side[block] == 2) {
                depth--;
                order[--last] = block;
                continue;
            }
            int successor = flow.successor(block, side[block]++);
            if (successor >= 0 && !seen[successor]) {
                seen[successor] = true;
                stack[depth++] = successor;
            }
        }
        reached = flow.blocks() - last;
        System.arraycopy(order, last, order, 0, reached);
        for (int i = 0; i < reached; i++) {
            rank[order[i]] = i;
        }
    }

    private void solve() {
        immediate[order[0]] = order[0];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 1; i < reached; i++) {
                int found = common(order[i]);
                changed |= immediate[order[i]] != found;
                immediate[order[i]] = found;
            }
        }
    }

    private int common(int block) {
        int found = -1;
        for (int i = 0; i < flow.predecessorCount(block); i++) {
            int predecessor = flow.predecessor(block, i);
            if (immediate[predecessor] >= 0) {
                found = found < 0 ? predecessor : meet(found, predecessor);
            }
        }
        return found;
    }

    private int meet(int first, int second) {
        int a = first;
        int b = second;
        while (a != b) {
            if (rank[a] > rank[b]) {
                a = immediate[a];
            } else {
                b = immediate[b];
            }
        }
        return a;
    }

    /** How many blocks are reachable. */
    int reached() {
        return reached;
    }

    /** Reachable block {@code index} in reverse postorder: a block comes after its dominators. */
    int block(int index) {
        return order[index];
    }

    /** Whether every path to {@code block} leads through {@code over}; both reachable. */
    boolean dominates(int over, int block) {
        int at = block;
        while (rank[at] > rank[over]) {
            at = immediate[at];
        }
        return at == over;
    }
}
