package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.spec.MapSpec;
import dev.sonde.types.Aggregation;
import dev.sonde.types.Type;
import java.util.function.Supplier;

/**
 * Updates and reads aggregations. A map without keys has a block for each CPU in one array value, addressed without a helper call; a keyed one is a
 * per-CPU hash whose entry is looked up and made when it is missing.
 */
final class LowerAggregation {
    private final Body body;
    private final IrBuilder ir;
    private final boolean atomic;

    LowerAggregation(Body body, boolean atomic) {
        this.body = body;
        this.ir = body.ir();
        this.atomic = atomic;
    }

    /** Updates this CPU's block of a map without keys. */
    void updateSingle(int map, Aggregation aggregation, Operand value) {
        int block = MapSpec.Storage.blockSize(aggregation.words());
        Operand.Register cpu = ir.call(BpfHelper.GET_SMP_PROCESSOR_ID);
        Operand.Register slot = ir.alu(AluOperation.AND, cpu, body.module().cpuSlots() - 1);
        Operand.Register offset = ir.alu(AluOperation.LSH, slot, Integer.numberOfTrailingZeros(block));
        Operand.Register base = ir.alu(AluOperation.ADD, ir.mapValue(map, 0), offset);
        var start = new Address.AtRegister(base, 0);
        if (!(aggregation instanceof Aggregation.Count)) {
            ir.store(start, 8, Operand.of(1));
        }
        update(start.plus(8), aggregation, value);
    }

    /** Updates the entry of a key, made when it is missing. */
    void updateEntry(int map, Address key, Aggregation aggregation, Operand value, Supplier<Operand.Register> lookup) {
        Operation.Label found = ir.label();
        Operation.Label done = ir.label();
        Operand.Register entry = ir.register();
        Operand kept = value;
        ir.copy(entry, lookup.get());
        ir.branch(Condition.NE, entry, 0, found);
        Operand.Register failed = ir.call(BpfHelper.MAP_UPDATE_ELEM, ir.map(map), ir.addressOf(key), ir.addressOf(zeros(aggregation.words())), Operand.of(1));
        ir.copy(entry, lookup.get());
        ir.branch(Condition.NE, entry, 0, found);
        new LowerFailures(body).update(failed);
        ir.jump(done);
        ir.place(found);
        update(new Address.AtRegister(entry, 0), aggregation, kept);
        ir.place(done);
    }

    private Address zeros(int words) {
        if (words <= 2) {
            Address place = new Address.InFrame(ir.slot(8 * words, 8), 0);
            for (int i = 0; i < words; i++) {
                ir.store(place.plus(8 * i), 8, Operand.of(0));
            }
            return place;
        }
        return new Address.AtRegister(ir.mapValue(body.module().constant(new byte[8 * words]), 0), 0);
    }

    private void update(Address words, Aggregation aggregation, Operand value) {
        switch (aggregation) {
            case Aggregation.Count _ -> add(words, Operand.of(1));
            case Aggregation.Sum _ -> add(words, value);
            case Aggregation.Avg _, Aggregation.Stats _ -> {
                add(words, value);
                add(words.plus(8), Operand.of(1));
            }
            case Aggregation.Min(boolean signed) -> extreme(words, value, signed ? Condition.SGE : Condition.GE);
            case Aggregation.Max(boolean signed) -> extreme(words, value, signed ? Condition.SLE : Condition.LE);
            case Aggregation.Hist hist -> addAt(words, histogramBucket(hist, ir.inRegister(value)), hist.words());
            case Aggregation.Lhist lhist -> addAt(words, linearBucket(lhist, ir.inRegister(value)), lhist.words());
            case Aggregation.Tseries tseries -> new LowerTseries(ir).update(words, tseries, value);
        }
    }

    private void add(Address word, Operand value) {
        if (atomic) {
            ir.add(new Operation.AtomicAdd(word, 8, ir.inRegister(value)));
        } else {
            ir.store(word, 8, ir.alu(AluOperation.ADD, ir.load(word, 8, false), value));
        }
    }

    /** Keeps the value in word 0 unless the one there is {@code keep}-related to it; word 1 says that there is one. */
    private void extreme(Address words, Operand value, Condition worse) {
        Operation.Label put = ir.label();
        Operation.Label done = ir.label();
        Operand.Register candidate = ir.inRegister(value);
        ir.branch(Condition.EQ, ir.load(words.plus(8), 8, false), 0, put);
        ir.branch(worse, candidate, ir.load(words, 8, false), done);
        ir.place(put);
        ir.store(words, 8, candidate);
        ir.store(words.plus(8), 8, Operand.of(1));
        ir.place(done);
    }

    private void addAt(Address words, Operand.Register bucket, int count) {
        Operation.Label outside = ir.label();
        // Never taken: it tells the verifier the range.
        ir.branch(Condition.GT, bucket, count - 1, outside);
        Operand.Register place = ir.alu(AluOperation.ADD, ir.addressOf(words), ir.alu(AluOperation.LSH, bucket, 3));
        add(new Address.AtRegister(place, 0), Operand.of(1));
        ir.place(outside);
    }

    /** {@link Aggregation.Hist#bucketOf} in code, without branches on the value's size. */
    private Operand.Register histogramBucket(Aggregation.Hist hist, Operand.Register value) {
        Operand.Register bucket = ir.constant(0);
        Operation.Label done = ir.label();
        Operation.Label large = ir.label();
        int bits = hist.bits();
        ir.branch(Condition.SLT, value, 0, done);
        ir.branch(Condition.GE, value, 1L << bits, large);
        ir.copy(bucket, ir.alu(AluOperation.ADD, value, 1));
        ir.jump(done);
        ir.place(large);
        Operand.Register power = log2(value);
        Operand.Register down = ir.alu(AluOperation.SUB, power, bits);
        if (bits == 0) {
            ir.copy(bucket, ir.alu(AluOperation.ADD, power, 2));
        } else {
            Operand.Register part = ir.alu(AluOperation.AND, ir.alu(AluOperation.RSH, value, down), (1 << bits) - 1);
            Operand.Register row = ir.alu(AluOperation.LSH, ir.alu(AluOperation.ADD, down, 1), bits);
            ir.copy(bucket, ir.alu(AluOperation.ADD, ir.alu(AluOperation.ADD, row, part), 1));
        }
        ir.place(done);
        return bucket;
    }

    /** The position of the highest set bit of a positive number: five halvings, each without a branch. */
    private Operand.Register log2(Operand.Register value) {
        Operand.Register rest = value;
        Operand.Register result = null;
        for (int step = 5; step >= 0; step--) {
            // The sign of (2^(2^step) - 1 - rest) says whether rest needs more than 2^step bits.
            Operand.Register limit = ir.constant((1L << (1 << step)) - 1);
            Operand.Register sign = ir.alu(AluOperation.RSH, ir.alu(AluOperation.SUB, limit, rest), 63);
            Operand.Register shift = step == 0 ? sign : ir.alu(AluOperation.LSH, sign, step);
            rest = step == 0 ? rest : ir.alu(AluOperation.RSH, rest, shift);
            result = result == null ? shift : ir.alu(AluOperation.ADD, result, shift);
        }
        return result;
    }

    private Operand.Register linearBucket(Aggregation.Lhist lhist, Operand.Register value) {
        Operand.Register bucket = ir.constant(0);
        Operation.Label done = ir.label();
        Operation.Label inside = ir.label();
        ir.branch(Condition.SLT, value, lhist.min(), done);
        ir.copy(bucket, Operand.of(lhist.words() - 1));
        ir.branch(Condition.SGE, value, lhist.max(), done);
        ir.place(inside);
        Operand.Register steps = ir.alu(AluOperation.DIV, ir.alu(AluOperation.SUB, value, lhist.min()), lhist.step());
        ir.copy(bucket, ir.alu(AluOperation.ADD, steps, 1));
        ir.place(done);
        return bucket;
    }

    /** The value of a map without keys, over all CPUs. */
    Value readSingle(int map, Aggregation aggregation) {
        int block = MapSpec.Storage.blockSize(aggregation.words());
        var reading = new Reading(aggregation);
        for (int cpu = 0; cpu < cpus(); cpu++) {
            reading.take(new Address.AtRegister(ir.mapValue(map, 0), cpu * block + 8));
        }
        return reading.value();
    }

    /** The value of an entry, over all CPUs; 0 when there is none. */
    Value readEntry(int map, Address key, Aggregation aggregation) {
        var reading = new Reading(aggregation);
        for (int cpu = 0; cpu < cpus(); cpu++) {
            Operation.Label missing = ir.label();
            Operand.Register entry = ir.call(BpfHelper.MAP_LOOKUP_PERCPU_ELEM, ir.map(map), ir.addressOf(key), Operand.of(cpu));
            if (cpu == 0) {
                new LowerFailures(body).lookup(BpfHelper.MAP_LOOKUP_PERCPU_ELEM, entry);
            }
            ir.branch(Condition.EQ, entry, 0, missing);
            reading.take(new Address.AtRegister(entry, 0));
            ir.place(missing);
        }
        return reading.value();
    }

    private int cpus() {
        return body.module().cpuSlots();
    }

    /** Removes a map without keys: every CPU's block becomes zero. */
    Operand clearSingle(int map, Aggregation aggregation) {
        int block = MapSpec.Storage.blockSize(aggregation.words());
        Operand.Register had = ir.constant(0);
        for (int cpu = 0; cpu < cpus(); cpu++) {
            var start = new Address.AtRegister(ir.mapValue(map, 0), cpu * block);
            ir.copy(had, ir.alu(AluOperation.OR, had, ir.load(start, 8, false)));
            for (int word = 0; word <= aggregation.words(); word++) {
                ir.store(start.plus(8 * word), 8, Operand.of(0));
            }
        }
        return had;
    }

    /** Gathers an aggregation from the blocks of all CPUs. */
    private final class Reading {
        private final Aggregation aggregation;
        private final Operand.Register first = ir.constant(0);
        private final Operand.Register second = ir.constant(0);

        Reading(Aggregation aggregation) {
            this.aggregation = aggregation;
        }

        void take(Address words) {
            switch (aggregation) {
                case Aggregation.Count _, Aggregation.Sum _ -> sum(first, words);
                case Aggregation.Avg _, Aggregation.Stats _ -> {
                    sum(first, words);
                    sum(second, words.plus(8));
                }
                case Aggregation.Min(boolean signed) -> best(words, signed ? Condition.SGE : Condition.GE);
                case Aggregation.Max(boolean signed) -> best(words, signed ? Condition.SLE : Condition.LE);
                case Aggregation.Hist _, Aggregation.Lhist _, Aggregation.Tseries _ -> throw new IllegalStateException("a histogram is no value");
            }
        }

        private void sum(Operand.Register into, Address word) {
            ir.copy(into, ir.alu(AluOperation.ADD, into, ir.load(word, 8, false)));
        }

        private void best(Address words, Condition worse) {
            Operation.Label put = ir.label();
            Operation.Label next = ir.label();
            ir.branch(Condition.EQ, ir.load(words.plus(8), 8, false), 0, next);
            Operand.Register candidate = ir.load(words, 8, false);
            ir.branch(Condition.EQ, second, 0, put);
            ir.branch(worse, candidate, first, next);
            ir.place(put);
            ir.copy(first, candidate);
            ir.copy(second, Operand.of(1));
            ir.place(next);
        }

        Value value() {
            Type type = Casts.readType(aggregation);
            return switch (aggregation) {
                case Aggregation.Avg(boolean signed) -> new Value.Scalar(type, average(signed));
                case Aggregation.Stats(boolean signed) -> new Value.Scalar(type, average(signed));
                case Aggregation.Count _, Aggregation.Sum _, Aggregation.Min _, Aggregation.Max _ -> new Value.Scalar(type, first);
                case Aggregation.Hist _, Aggregation.Lhist _, Aggregation.Tseries _ -> throw new IllegalStateException("a histogram is no value");
            };
        }

        private Operand average(boolean signed) {
            return signed ? SignedDivision.divide(ir, first, second) : ir.alu(AluOperation.DIV, first, second);
        }
    }
}
