package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.ir.Address;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.asm.Condition;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.EventSpec;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;

/** join(): reads up to 16 strings of an array of pointers into one event. */
final class Join {
    private static final int STRINGS = 16;

    private Join() {}

    static Type check(Checking call) {
        if (!call.arguments(1, 2)) {
            return Type.NONE;
        }
        Type type = call.type(0);
        if (type != Type.NONE && !(type instanceof Type.Pointer) && !type.isInteger()) {
            return call.fail(call.span(), DiagnosticCode.BAD_ARGUMENTS, "join() only supports int or pointer arguments (" + call.kind(0)
                    + " provided)");
        }
        return OutputFunctions.nothing(call.literalText(1));
    }

    static Value lower(Lowering call) {
        int width = call.settings().maxStringLength();
        var ir = call.ir();
        AddressSpace space = call.type(0) instanceof Type.Pointer(_, var of) ? of : call.context().space();
        Operand array = call.scalar(0);
        Operand.Register count = ir.constant(0);
        List<Type> types = new ArrayList<>();
        types.add(Type.UINT32);
        for (int i = 0; i < STRINGS; i++) {
            types.add(new Type.Text(width));
        }
        Address strings = call.temporary(STRINGS * width);
        Operation.Label end = ir.label();
        for (int i = 0; i < STRINGS; i++) {
            Address slot = call.temporary(8);
            Operand at = i == 0 ? array : ir.alu(AluOperation.ADD, array, 8L * i);
            call.read(slot, 8, at, space);
            Operand.Register pointer = ir.load(slot, 8, false);
            ir.branch(Condition.EQ, pointer, 0, end);
            call.readString(strings.plus(i * width), Operand.of(width), pointer, space);
            ir.copy(count, Operand.of(i + 1));
        }
        ir.place(end);
        String delimiter = call.count() == 2 ? call.text(1).orElseThrow() : " ";
        call.send(types, i -> i == 0 ? new Value.Scalar(Type.UINT32, count) : new Value.InMemory(types.get(i), strings.plus((i - 1) * width)),
                fields -> new EventSpec.Action.Join(delimiter, fields.get(0), fields.get(1).offset(), width));
        return new Value.Nothing(Type.NONE);
    }
}
