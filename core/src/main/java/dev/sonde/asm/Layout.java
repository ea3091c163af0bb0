package dev.sonde.asm;

import java.util.HashMap;
import java.util.Map;

/**
 * The slot of every line and label of a code. A jump starts as one slot with a 16-bit offset; one that turns out too far takes its long form, which
 * may push others too far, so this repeats until nothing grows.
 */
final class Layout {
    private final Code code;
    private final int[] starts;
    private final boolean[] far;
    private final Map<Integer, Integer> labels = new HashMap<>();

    private Layout(Code code) {
        this.code = code;
        int lines = code.lines().size();
        this.starts = new int[lines + 1];
        this.far = new boolean[lines];
    }

    static Layout of(Code code) {
        var layout = new Layout(code);
        layout.place();
        if (layout.labels.size() != layout.countLabels()) {
            throw new IllegalArgumentException("a label that stands in two places");
        }
        while (layout.slots() > Short.MAX_VALUE && layout.grow()) {
            layout.place();
        }
        return layout;
    }

    /** Slots in all. */
    int slots() {
        return starts[starts.length - 1];
    }

    /** The slot that line {@code line} starts at. */
    int start(int line) {
        return starts[line];
    }

    /** Whether the jump in that line needs its long form. */
    boolean far(int line) {
        return far[line];
    }

    /** The slot of a label. */
    int target(Instruction.Label label) {
        Integer slot = labels.get(label.number());
        if (slot == null) {
            throw new IllegalArgumentException("label " + label.number() + " stands nowhere");
        }
        return slot;
    }

    private void place() {
        int slot = 0;
        for (int i = 0; i < far.length; i++) {
            starts[i] = slot;
            Instruction instruction = code.lines().get(i).instruction();
            if (instruction instanceof Instruction.Label label) {
                labels.put(label.number(), slot);
            }
            slot += far[i] ? farSlots(instruction) : instruction.slots();
        }
        starts[far.length] = slot;
    }

    private int countLabels() {
        int count = 0;
        for (Code.Line line : code.lines()) {
            count += line.instruction() instanceof Instruction.Label ? 1 : 0;
        }
        return count;
    }

    private boolean grow() {
        boolean grown = false;
        for (int i = 0; i < far.length; i++) {
            Instruction.Label label = far[i] ? null : jumpTarget(code.lines().get(i).instruction());
            if (label != null && !fits(target(label) - starts[i] - 1)) {
                far[i] = true;
                grown = true;
            }
        }
        return grown;
    }

    private static boolean fits(int distance) {
        return distance == (short) distance;
    }

    /** Conditions without a negation, and may_goto, jump over a jump over the long jump. */
    private static int farSlots(Instruction instruction) {
        return switch (jumpCondition(instruction)) {
            case null -> instruction instanceof Instruction.MayGoto ? 3 : 1;
            case SET -> 3;
            case EQ, NE, GT, GE, LT, LE, SGT, SGE, SLT, SLE -> 2;
        };
    }

    private static Condition jumpCondition(Instruction instruction) {
        if (instruction instanceof Instruction.JumpIf jump) {
            return jump.condition();
        }
        return instruction instanceof Instruction.JumpIfImmediate jump ? jump.condition() : null;
    }

    /** The label of an instruction with a 16-bit offset; calls and function addresses have 32 bits. */
    private static Instruction.Label jumpTarget(Instruction instruction) {
        if (instruction instanceof Instruction.Jump jump) {
            return jump.target();
        }
        if (instruction instanceof Instruction.JumpIf jump) {
            return jump.target();
        }
        if (instruction instanceof Instruction.JumpIfImmediate jump) {
            return jump.target();
        }
        return instruction instanceof Instruction.MayGoto jump ? jump.target() : null;
    }
}
