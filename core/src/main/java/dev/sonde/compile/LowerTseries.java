package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.types.Aggregation;

/** Updates a time series: the bucket of the present interval, begun anew when its epoch has passed. */
final class LowerTseries {
    private final IrBuilder ir;

    LowerTseries(IrBuilder ir) {
        this.ir = ir;
    }

    void update(Address words, Aggregation.Tseries tseries, Operand value) {
        Operand.Register now = ir.call(BpfHelper.KTIME_GET_TAI_NS);
        Operand.Register epoch = ir.alu(AluOperation.DIV, now, tseries.interval());
        Operand.Register index = ir.alu(AluOperation.MOD, epoch, tseries.buckets());
        Operation.Label outside = ir.label();
        ir.branch(Condition.GT, index, tseries.buckets() - 1L, outside);
        Operand.Register place = ir.alu(AluOperation.ADD, ir.addressOf(words), ir.alu(AluOperation.MUL, index, 24));
        var bucket = new Address.AtRegister(place, 0);
        Operand.Register number = ir.inRegister(value);
        Operation.Label same = ir.label();
        ir.branch(Condition.EQ, ir.load(bucket, 8, false), epoch, same);
        ir.store(bucket, 8, epoch);
        ir.store(bucket.plus(8), 8, number);
        ir.store(bucket.plus(16), 8, Operand.of(1));
        ir.jump(outside);
        ir.place(same);
        merge(bucket, tseries, number);
        ir.place(outside);
    }

    private void merge(Address bucket, Aggregation.Tseries tseries, Operand.Register value) {
        Address word = bucket.plus(8);
        switch (tseries.function()) {
            case NONE -> ir.store(word, 8, value);
            case AVG, SUM -> ir.store(word, 8, ir.alu(AluOperation.ADD, ir.load(word, 8, false), value));
            case MAX -> keep(word, value, tseries.signed() ? Condition.SLE : Condition.LE);
            case MIN -> keep(word, value, tseries.signed() ? Condition.SGE : Condition.GE);
        }
        Address count = bucket.plus(16);
        ir.store(count, 8, ir.alu(AluOperation.ADD, ir.load(count, 8, false), 1));
    }

    private void keep(Address word, Operand.Register value, Condition worse) {
        Operation.Label done = ir.label();
        ir.branch(worse, value, ir.load(word, 8, false), done);
        ir.store(word, 8, value);
        ir.place(done);
    }
}
