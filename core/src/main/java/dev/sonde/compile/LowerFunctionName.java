package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes the value of {@code func}: the index of the first place that is in a function of that name. Whatever places have it in common, an entry and a
 * return, or the same function of two libraries, find the entries of each other in a map.
 */
final class LowerFunctionName {
    private final LowerProbe probe;
    private final IrBuilder ir;
    private final int first;
    private final int count;

    LowerFunctionName(LowerProbe probe) {
        this.probe = probe;
        this.ir = probe.body().ir();
        this.first = probe.firstSite();
        this.count = probe.unit().group().sites().size();
    }

    /** The value where the place has index {@code site}. */
    Operand of(Operand site) {
        int distance = named(0) - first;
        boolean same = true;
        for (int i = 1; i < count; i++) {
            same &= named(i) - first - i == distance;
        }
        if (site instanceof Operand.Constant(long index)) {
            return Operand.of(named((int) index - first));
        }
        return !same ? fromTable(site) : distance == 0 ? site : ir.alu(AluOperation.ADD, site, distance);
    }

    /** What the unit's place {@code position} has. */
    private int named(int position) {
        return probe.body().module().firstInFunction(first + position);
    }

    private Operand fromTable(Operand site) {
        ByteBuffer table = ByteBuffer.allocate((4 * count + 7) & -8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            table.putInt(named(i));
        }
        Operand.Register name = ir.constant(0);
        Operand.Register position = ir.alu(AluOperation.SUB, site, first);
        Operation.Label none = ir.label();
        ir.branch(Condition.GE, position, count, none);
        Operand.Register base = ir.mapValue(probe.body().module().constant(table.array()), 0);
        Operand.Register entry = ir.alu(AluOperation.ADD, base, ir.alu(AluOperation.LSH, position, 2));
        ir.copy(name, ir.load(new Address.AtRegister(entry, 0), 4, false));
        ir.place(none);
        return name;
    }
}
