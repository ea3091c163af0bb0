package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;

/** Arguments as strings and bytes that a program can look into. */
final class Texts {
    /** Up to here a string is measured byte by byte. */
    private static final int SHORT = 32;

    private Texts() {}

    /** How many bytes {@link #read} of argument {@code index} has with its NUL. */
    static int capacity(Checking call, int index) {
        return call.type(index) instanceof Type.Pointer ? call.settings().maxStringLength() : call.type(index).size();
    }

    /** Argument {@code index} as a string: one that a pointer points to is read; an array is taken as it is. */
    static Value read(Lowering call, int index) {
        Value value = call.value(index);
        if (!(call.type(index) instanceof Type.Pointer(_, AddressSpace space))) {
            return value;
        }
        Type.Text type = new Type.Text(call.settings().maxStringLength());
        Address to = call.temporary(type.capacity());
        call.zero(to, type.capacity());
        call.readString(to, Operand.of(type.capacity()), call.scalar(value), space);
        return new Value.InMemory(type, to);
    }

    /** How many bytes {@code text} has before its NUL, all of them when it has none. */
    static Operand length(Lowering call, Value text) {
        IrBuilder ir = call.ir();
        if (text instanceof Value.Literal(_, byte[] bytes)) {
            return Operand.of(untilNul(bytes));
        }
        Address start = call.inMemory(text);
        return text.type().size() > SHORT ? measured(call, start, text.type().size()) : counted(ir, start, text.type().size());
    }

    private static Operand counted(IrBuilder ir, Address text, int size) {
        Operand.Register start = ir.addressOf(text);
        Operand.Register length = ir.constant(0);
        Operation.Label next = ir.label();
        Operation.Label end = ir.label();
        ir.place(next);
        ir.branch(Condition.GE, length, size, end);
        ir.branch(Condition.EQ, ir.load(new Address.AtRegister(ir.alu(AluOperation.ADD, start, length), 0), 1, false), 0, end);
        ir.copy(length, ir.alu(AluOperation.ADD, length, 1));
        ir.jump(next);
        ir.place(end);
        return length;
    }

    /** The helper that copies a string tells its length with the NUL, which it also puts at the end of one that has none. */
    private static Operand measured(Lowering call, Address text, int size) {
        IrBuilder ir = call.ir();
        Address copy = call.temporary(size);
        Operand.Register length = ir.register();
        Operation.Label ended = ir.label();
        ir.copy(length, ir.alu(AluOperation.SUB, ir.call(BpfHelper.PROBE_READ_KERNEL_STR, ir.addressOf(copy), Operand.of(size), ir.addressOf(text)),
                1));
        ir.branch(Condition.LT, length, size - 1L, ended);
        ir.copy(length, Operand.of(size - 1L));
        ir.branch(Condition.EQ, ir.load(text.plus(size - 1), 1, false), 0, ended);
        ir.copy(length, Operand.of(size));
        ir.place(ended);
        return length;
    }

    private static int untilNul(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return length;
    }

    /** The address of {@code size} bytes of argument {@code index}: its own, or a copy of those it points to. */
    static Operand.Register bytes(Lowering call, int index, int size) {
        Value value = call.value(index);
        if (!(call.type(index) instanceof Type.Pointer(_, AddressSpace space))) {
            return call.ir().addressOf(call.inMemory(value));
        }
        Address to = call.temporary(Math.max(1, size));
        call.read(to, Math.max(1, size), call.scalar(value), space);
        return call.ir().addressOf(to);
    }

    /** {@code number}, or {@code most} when it is greater or negative. */
    static Operand.Register limited(Lowering call, Operand number, int most) {
        IrBuilder ir = call.ir();
        Operand.Register limited = ir.register();
        Operation.Label fits = ir.label();
        ir.copy(limited, number);
        ir.branch(Condition.LE, limited, most, fits);
        ir.copy(limited, Operand.of(most));
        ir.place(fits);
        return limited;
    }
}
