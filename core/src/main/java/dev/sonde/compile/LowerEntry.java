package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.probes.ProbeGroup;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Makes what stands before a probe's predicate: the check of the process, and the choice of the site where one attachment serves several. */
final class LowerEntry {
    private final LowerProbe probe;
    private final IrBuilder ir;

    LowerEntry(LowerProbe probe) {
        this.probe = probe;
        this.ir = probe.body().ir();
    }

    /** Goes to {@code others} in a process that is not traced. */
    void filter(Operation.Label others) {
        ProbeGroup group = probe.unit().group();
        if (group.filterPid() >= 0) {
            ir.branch(Condition.NE, ir.alu(AluOperation.RSH, probe.body().pidTgid(), 32), group.filterPid(), others);
        }
    }

    /** Finds the site, where one attachment serves several. */
    void select() {
        probe.unit().group().selector().ifPresent(this::select);
    }

    private void require(ProbeGroup.Condition condition) {
        Operand value = probe.memory().scalar(probe.read(condition.value()));
        ir.branch(Condition.NE, ir.alu(AluOperation.AND, value, condition.mask()), condition.expected(), probe.body().leave());
    }

    /** Looks the number up in a constant table of positions, counted from 1: 0 stands for nothing to do. */
    private void select(ProbeGroup.Selector selector) {
        selector.condition().ifPresent(this::require);
        List<Integer> sites = selector.sites();
        ByteBuffer table = ByteBuffer.allocate((2 * sites.size() + 7) & -8).order(ByteOrder.LITTLE_ENDIAN);
        sites.forEach(site -> table.putShort((short) (site + 1)));
        Operand.Register number = ir.inRegister(probe.memory().scalar(probe.read(selector.number())));
        ir.branch(Condition.GE, number, sites.size(), probe.body().leave());
        int map = probe.body().module().constant(table.array());
        Operand.Register entry = ir.alu(AluOperation.ADD, ir.mapValue(map, 0), ir.alu(AluOperation.LSH, number, 1));
        Operand.Register position = ir.load(new Address.AtRegister(entry, 0), 2, false);
        ir.branch(Condition.EQ, position, 0, probe.body().leave());
        probe.setSite(ir.alu(AluOperation.ADD, position, probe.firstSite() - 1));
    }
}
