package dev.sonde.ir;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Appends operations to one function. Every method that computes something returns a fresh register. */
public final class IrBuilder {
    private final String name;
    private final List<IrProgram.Line> lines = new ArrayList<>();
    private final List<FrameSlot> slots = new ArrayList<>();
    private Optional<Span> span = Optional.empty();
    private int registers;
    private int labels;

    /** A builder of the function {@code name}. */
    public IrBuilder(String name) {
        this.name = name;
    }

    /** The script text that the next operations are made for; returns the one before. */
    public Optional<Span> at(Optional<Span> next) {
        Optional<Span> before = span;
        span = next;
        return before;
    }

    /** A register that nothing has assigned yet. */
    public Operand.Register register() {
        return new Operand.Register(registers++);
    }

    /** A label that stands nowhere yet. */
    public Operation.Label label() {
        return new Operation.Label(labels++);
    }

    /** New frame memory of {@code size} bytes. */
    public FrameSlot slot(int size, int alignment) {
        var slot = new FrameSlot(slots.size(), size, Math.min(8, Math.max(1, alignment)));
        slots.add(slot);
        return slot;
    }

    /** Appends {@code operation}. */
    public void add(Operation operation) {
        lines.add(new IrProgram.Line(operation, span));
    }

    /** {@code value} in a register. */
    public Operand.Register constant(long value) {
        var dst = register();
        add(new Operation.Constant(dst, value));
        return dst;
    }

    /** {@code operand} in a register. */
    public Operand.Register inRegister(Operand operand) {
        return switch (operand) {
            case Operand.Register register -> register;
            case Operand.Constant(long value) -> constant(value);
        };
    }

    /** Assigns {@code src} to {@code dst}. */
    public void copy(Operand.Register dst, Operand src) {
        switch (src) {
            case Operand.Register register -> add(new Operation.Copy(dst, register));
            case Operand.Constant(long value) -> add(new Operation.Constant(dst, value));
        }
    }

    /** {@code left op right} */
    public Operand.Register alu(AluOperation operation, Operand left, Operand right) {
        var dst = register();
        add(new Operation.Alu(operation, dst, left, right));
        return dst;
    }

    /** {@code left op right} with a constant. */
    public Operand.Register alu(AluOperation operation, Operand left, long right) {
        return alu(operation, left, Operand.of(right));
    }

    /** The low {@code bits} of {@code src}, extended; {@code src} itself when that is 64. */
    public Operand extend(Operand src, int bits, boolean signed) {
        if (bits == 64) {
            return src;
        }
        if (src instanceof Operand.Constant(long value)) {
            long shifted = value << (64 - bits);
            return Operand.of(signed ? shifted >> (64 - bits) : shifted >>> (64 - bits));
        }
        var dst = register();
        add(new Operation.Extend(dst, (Operand.Register) src, bits, signed));
        return dst;
    }

    /** {@code width} bytes at {@code from}. */
    public Operand.Register load(Address from, int width, boolean signed) {
        var dst = register();
        add(new Operation.Load(dst, from, width, signed));
        return dst;
    }

    /** Stores the low {@code width} bytes of {@code value}. */
    public void store(Address to, int width, Operand value) {
        add(new Operation.Store(to, width, value));
    }

    /** The address of {@code place} as a pointer. */
    public Operand.Register addressOf(Address place) {
        if (place instanceof Address.AtRegister(var base, int offset) && offset == 0) {
            return base;
        }
        var dst = register();
        add(new Operation.AddressOf(dst, place));
        return dst;
    }

    /** The map of index {@code map} as an argument. */
    public Operand.Register map(int map) {
        var dst = register();
        add(new Operation.MapHandle(dst, map));
        return dst;
    }

    /** The address of byte {@code offset} of the single value of map {@code map}. */
    public Operand.Register mapValue(int map, int offset) {
        var dst = register();
        add(new Operation.MapValue(dst, map, offset));
        return dst;
    }

    /** The result of a helper. */
    public Operand.Register call(BpfHelper helper, Operand... arguments) {
        var dst = register();
        add(new Operation.CallHelper(Optional.of(dst), helper.number(), List.of(arguments)));
        return dst;
    }

    /** A helper called for its effect. */
    public void callFor(BpfHelper helper, Operand... arguments) {
        add(new Operation.CallHelper(Optional.empty(), helper.number(), List.of(arguments)));
    }

    /** Parameter {@code index}; the context is 0 in a main function. */
    public Operand.Register parameter(int index) {
        var dst = register();
        add(new Operation.Parameter(dst, index));
        return dst;
    }

    /** Puts {@code label} here. */
    public void place(Operation.Label label) {
        add(label);
    }

    /** {@code goto target} */
    public void jump(Operation.Label target) {
        add(new Operation.Jump(target));
    }

    /** {@code if left op right goto target} */
    public void branch(Condition condition, Operand.Register left, Operand right, Operation.Label target) {
        add(new Operation.Branch(condition, left, right, target));
    }

    /** {@code if left op right goto target} with a constant. */
    public void branch(Condition condition, Operand.Register left, long right, Operation.Label target) {
        branch(condition, left, Operand.of(right), target);
    }

    /** End of the function. */
    public void ret(long value) {
        add(new Operation.Return(Operand.of(value)));
    }

    /** The function so far. */
    public IrProgram.Function build() {
        return new IrProgram.Function(name, lines, slots, registers);
    }
}
