package dev.sonde.compile;

import dev.sonde.ir.Address;
import dev.sonde.ir.FrameSlot;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.ArrayList;

/**
 * Reads a value that was just stored in the frame from the register it came from, and drops stores into slots that nothing reads. Only slots whose
 * address is never taken take part; what is known ends at the next label. Leaves all other memory alone.
 */
final class ForwardStores {
    private record Stored(FrameSlot slot, int offset, int width, Operand value) {}

    private static final int MOST_KNOWN = 32;

    private final IrProgram.Function function;
    private final Definitions definitions;
    private final boolean[] shown;
    private final boolean[] loaded;
    private final ArrayList<Stored> known = new ArrayList<>();

    private ForwardStores(IrProgram.Function function) {
        this.function = function;
        definitions = Definitions.of(function);
        shown = new boolean[slots(function)];
        loaded = new boolean[shown.length];
        for (var line : function.lines()) {
            inspect(line.operation());
        }
    }

    /** {@code function} with fewer loads and stores of its frame. */
    static IrProgram.Function apply(IrProgram.Function function) {
        return function.slots().isEmpty() ? function : new ForwardStores(function).forward();
    }

    private static int slots(IrProgram.Function function) {
        int highest = -1;
        for (var slot : function.slots()) {
            highest = Math.max(highest, slot.number());
        }
        return highest + 1;
    }

    private void inspect(Operation operation) {
        if (operation instanceof Operation.AddressOf(_, Address.InFrame(var slot, _))) {
            shown[slot.number()] = true;
        } else if (operation instanceof Operation.AtomicAdd(Address.InFrame(var slot, _), _, _)) {
            shown[slot.number()] = true;
        } else if (operation instanceof Operation.Load(_, Address.InFrame(var slot, _), _, _)) {
            loaded[slot.number()] = true;
        }
    }

    private IrProgram.Function forward() {
        var result = new ArrayList<IrProgram.Line>(function.lines().size());
        for (var line : function.lines()) {
            var operation = forward(line.operation());
            if (operation != null) {
                result.add(operation == line.operation() ? line : new IrProgram.Line(operation, line.span()));
            }
        }
        return new IrProgram.Function(function.name(), result, function.slots(), function.registers());
    }

    private Operation forward(Operation operation) {
        if (operation instanceof Operation.Label) {
            known.clear();
        }
        if (operation instanceof Operation.Store(Address.InFrame(var slot, int offset), int width, var value) && !shown[slot.number()]) {
            return store(operation, new Stored(slot, offset, width, value));
        }
        if (operation instanceof Operation.Load(var dst, Address.InFrame(var slot, int offset), int width, boolean signed)) {
            return load(operation, dst, new Stored(slot, offset, width, dst), signed);
        }
        return operation;
    }

    private Operation store(Operation operation, Stored stored) {
        if (!loaded[stored.slot().number()]) {
            return null;
        }
        known.removeIf(before -> overlap(before, stored));
        if (definitions.steady(stored.value()) && known.size() < MOST_KNOWN) {
            known.add(stored);
        }
        return operation;
    }

    private static boolean overlap(Stored first, Stored second) {
        return first.slot().number() == second.slot().number() && first.offset() < second.offset() + second.width()
                && second.offset() < first.offset() + first.width();
    }

    private Operation load(Operation operation, Operand.Register dst, Stored wanted, boolean signed) {
        for (var stored : known) {
            if (stored.slot().number() == wanted.slot().number() && stored.offset() == wanted.offset() && stored.width() == wanted.width()) {
                return value(dst, stored.value(), 8 * stored.width(), signed);
            }
        }
        return operation;
    }

    private static Operation value(Operand.Register dst, Operand value, int bits, boolean signed) {
        if (value instanceof Operand.Constant(long constant)) {
            return new Operation.Constant(dst, SimplifyArithmetic.extend(constant, bits, signed));
        }
        var src = (Operand.Register) value;
        return bits == 64 ? new Operation.Copy(dst, src) : new Operation.Extend(dst, src, bits, signed);
    }
}
