package dev.sonde.compile;

import dev.sonde.ir.Address;
import dev.sonde.ir.FrameSlot;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * Decides where each frame slot lies below R10. A slot lives from the first to the last line that names it or touches a register that may hold its
 * address, and through every loop that it meets; once its address is stored in memory other than one slot it lives to the end. Slots that do not live
 * together share bytes. Larger slots are placed first, each as near to R10 as it fits, in steps of 8 bytes.
 */
final class LayOutFrame {
    /** Bytes of stack that the kernel gives a program. */
    static final int MOST_STACK = 512;

    private static final int WORD = 8;
    private static final int NONE = -1;
    private static final int SEVERAL = -2;

    private final IrProgram.Function function;
    private final FrameSlot[] slots;
    private final int[] first;
    private final int[] last;
    private final int[] pointsTo;
    private final int[] holds;
    private final int[] offsets;
    private boolean changed;
    private int size;

    private LayOutFrame(IrProgram.Function function) {
        this.function = function;
        int highest = -1;
        for (var slot : function.slots()) {
            highest = Math.max(highest, slot.number());
        }
        slots = new FrameSlot[highest + 1];
        for (var slot : function.slots()) {
            slots[slot.number()] = slot;
        }
        first = filled(slots.length, Integer.MAX_VALUE);
        last = filled(slots.length, -1);
        pointsTo = filled(function.registers(), NONE);
        holds = filled(slots.length, NONE);
        offsets = new int[slots.length];
    }

    private static int[] filled(int length, int value) {
        int[] array = new int[length];
        Arrays.fill(array, value);
        return array;
    }

    /** Lays out the frame of {@code function}. */
    static LayOutFrame of(IrProgram.Function function) {
        var layout = new LayOutFrame(function);
        if (layout.slots.length > 0) {
            layout.followPointers();
            layout.findLifetimes();
            layout.extendThroughLoops();
            layout.place();
        }
        return layout;
    }

    /** The offset of {@code slot} from R10, negative. */
    int offset(FrameSlot slot) {
        return offsets[slot.number()];
    }

    /** Bytes in use below R10. */
    int size() {
        return size;
    }

    /** The largest slot in use, or null. */
    FrameSlot largest() {
        FrameSlot largest = null;
        for (var slot : slots) {
            if (slot != null && last[slot.number()] >= 0 && (largest == null || slot.size() > largest.size())) {
                largest = slot;
            }
        }
        return largest;
    }

    private void followPointers() {
        do {
            changed = false;
            for (var line : function.lines()) {
                follow(line.operation());
            }
        } while (changed);
    }

    private void follow(Operation operation) {
        switch (operation) {
            case Operation.AddressOf(var dst, var place) -> point(dst, target(place));
            case Operation.Copy(var dst, var src) -> point(dst, pointsTo[src.number()]);
            case Operation.Alu(_, var dst, var left, var right) -> {
                point(dst, target(left));
                point(dst, target(right));
            }
            case Operation.Load(var dst, var from, _, _) -> point(dst, from instanceof Address.InFrame(var slot, _) ? holds[slot.number()] : NONE);
            case Operation.Store(var to, _, var value) -> store(to, target(value));
            case Operation.CallFunction(var dst, _, var arguments) -> {
                for (var argument : arguments) {
                    dst.ifPresent(register -> point(register, target(argument)));
                }
            }
            case Operation.Constant _, Operation.Negate _, Operation.Extend _, Operation.ByteSwap _, Operation.AtomicAdd _, Operation.MapHandle _,
                    Operation.MapValue _, Operation.FunctionAddress _, Operation.Parameter _, Operation.CallHelper _,
                    Operation.CallKernelFunction _, Operation.Label _, Operation.Jump _, Operation.Branch _,
                    Operation.NarrowBranch _, Operation.LoopBudget _, Operation.Return _ -> { }
        }
    }

    private int target(Operand operand) {
        return operand instanceof Operand.Register(int number) ? pointsTo[number] : NONE;
    }

    private int target(Address place) {
        return place instanceof Address.AtRegister(var base, _) ? pointsTo[base.number()] : ((Address.InFrame) place).slot().number();
    }

    private void point(Operand.Register register, int target) {
        pointsTo[register.number()] = joined(pointsTo[register.number()], target);
    }

    private int joined(int before, int target) {
        if (target == NONE || before == target || before == SEVERAL) {
            return before;
        }
        changed = true;
        int result = before == NONE ? target : SEVERAL;
        if (result == SEVERAL) {
            keepToEnd(before);
            keepToEnd(target);
        }
        return result;
    }

    /** A pointer stored through another pointer may be read anywhere; one stored in a slot is read from there. */
    private void store(Address to, int target) {
        if (target == NONE) {
            return;
        }
        if (to instanceof Address.InFrame(var slot, _)) {
            holds[slot.number()] = joined(holds[slot.number()], target);
        }
        if (!(to instanceof Address.InFrame(var slot, _)) || slot.number() >= 0 && shown(slot)) {
            keepToEnd(target);
        }
    }

    /** Whether anything may read {@code slot} through a pointer. */
    private boolean shown(FrameSlot slot) {
        for (int target : pointsTo) {
            if (target == slot.number() || target == SEVERAL) {
                return true;
            }
        }
        return false;
    }

    private void keepToEnd(int slot) {
        if (slot >= 0) {
            first[slot] = 0;
            last[slot] = function.lines().size();
        }
    }

    private void findLifetimes() {
        int[] read = new int[Effects.MOST_READS];
        for (int i = 0; i < function.lines().size(); i++) {
            var operation = function.lines().get(i).operation();
            touch(named(operation), i);
            for (int k = Effects.reads(operation, read) - 1; k >= 0; k--) {
                touch(pointsTo[read[k]], i);
            }
            int written = Effects.written(operation);
            touch(written < 0 ? NONE : pointsTo[written], i);
        }
    }

    private static int named(Operation operation) {
        return Effects.place(operation) instanceof Address.InFrame(var slot, _) ? slot.number() : NONE;
    }

    private void touch(int slot, int line) {
        if (slot >= 0) {
            first[slot] = Math.min(first[slot], line);
            last[slot] = Math.max(last[slot], line);
        }
    }

    private void extendThroughLoops() {
        var flow = ControlFlow.of(function);
        do {
            changed = false;
            for (int block = 0; block < flow.blocks(); block++) {
                if (flow.loopEnd(block) >= 0) {
                    extend(flow.start(block), flow.end(flow.loopEnd(block)) - 1);
                }
            }
        } while (changed);
    }

    private void extend(int loopFirst, int loopLast) {
        for (int slot = 0; slot < slots.length; slot++) {
            if (first[slot] <= loopLast && last[slot] >= loopFirst && (first[slot] > loopFirst || last[slot] < loopLast)) {
                first[slot] = Math.min(first[slot], loopFirst);
                last[slot] = Math.max(last[slot], loopLast);
                changed = true;
            }
        }
    }

    private void place() {
        var order = new ArrayList<FrameSlot>();
        for (var slot : slots) {
            if (slot != null && last[slot.number()] >= 0) {
                order.add(slot);
            }
        }
        order.sort((a, b) -> a.size() != b.size() ? Integer.compare(b.size(), a.size()) : Integer.compare(a.number(), b.number()));
        if (!order.isEmpty() && order.getFirst().size() > MOST_STACK) {
            size = order.getFirst().size();
            return;
        }
        var words = new ArrayList<PositionSet>();
        for (var slot : order) {
            int count = (slot.size() + WORD - 1) / WORD;
            int at = fit(words, slot.number(), count);
            for (int word = at; word < at + count; word++) {
                words.get(word).add(first[slot.number()], last[slot.number()] + 1);
            }
            offsets[slot.number()] = -WORD * (at + count);
        }
        size = WORD * words.size();
    }

    /** The first of {@code count} words that are free while {@code slot} lives; words are added as needed. */
    private int fit(ArrayList<PositionSet> words, int slot, int count) {
        int at = 0;
        for (int word = 0; word < at + count; word++) {
            if (word == words.size()) {
                words.add(new PositionSet(function.lines().size() + 1));
            } else if (words.get(word).meets(first[slot], last[slot] + 1)) {
                at = word + 1;
            }
        }
        return at;
    }
}
