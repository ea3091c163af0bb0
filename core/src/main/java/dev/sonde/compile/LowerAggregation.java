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
    /** BPF_ANY */
    private static final long ANY = 0;
    /** BPF_NOEXIST */
    private static final long NOEXIST = 1;
    private static final int FEW_WORDS = 2;

    private final Body body;
    private final IrBuilder ir;
    private final LowerHistogram histograms;
    private final LowerFailures failures;
    private final boolean atomic;

    LowerAggregation(Body body, boolean atomic) {
        this.body = body;
        this.ir = body.ir();
        this.histograms = new LowerHistogram(body);
        this.failures = new LowerFailures(body);
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
        ir.copy(entry, lookup.get());
        ir.branch(Condition.NE, entry, 0, found);
        boolean slots = !body.module().spec(map).kind().perCpu();
        if (aggregation.words() <= FEW_WORDS && !atomic && !slots) {
            // No one else on this CPU can have made its part of the entry in between.
            failures.update(create(map, key, first(aggregation, value), ANY));
        } else {
            int words = slots ? body.module().spec(map).valueSize() / 8 : aggregation.words();
            Operand.Register failed = create(map, key, histograms.zeros(words), NOEXIST);
            ir.copy(entry, lookup.get());
            ir.branch(Condition.NE, entry, 0, found);
            failures.update(failed);
        }
        ir.jump(done);
        ir.place(found);
        update(new Address.AtRegister(slots ? slot(entry, aggregation) : entry, 0), aggregation, value);
        ir.place(done);
    }

    /** Where this CPU's words are in the value at {@code entry}. */
    private Operand.Register slot(Operand.Register entry, Aggregation aggregation) {
        Operand.Register cpu = ir.alu(AluOperation.AND, ir.call(BpfHelper.GET_SMP_PROCESSOR_ID), cpus() - 1);
        return ir.alu(AluOperation.ADD, entry, ir.alu(AluOperation.MUL, cpu, MapSpec.Storage.slotSize(aggregation.words())));
    }

    private Operand.Register create(int map, Address key, Address value, long flags) {
        return ir.call(BpfHelper.MAP_UPDATE_ELEM, ir.map(map), ir.addressOf(key), ir.addressOf(value), Operand.of(flags));
    }

    /** The words of an entry that has seen {@code value} alone. */
    private Address first(Aggregation aggregation, Operand value) {
        Address place = new Address.InFrame(ir.slot(8 * aggregation.words(), 8), 0);
        ir.store(place, 8, aggregation instanceof Aggregation.Count ? Operand.of(1) : value);
        if (aggregation.words() == 2) {
            ir.store(place.plus(8), 8, Operand.of(1));
        }
        return place;
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
            case Aggregation.Hist hist -> addAt(words, histograms.bucket(hist, ir.inRegister(value)), hist.words());
            case Aggregation.Lhist lhist -> addAt(words, histograms.bucket(lhist, ir.inRegister(value)), lhist.words());
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
        if (!body.module().spec(map).kind().perCpu()) {
            readSlots(map, key, reading, MapSpec.Storage.slotSize(aggregation.words()));
            return reading.value();
        }
        for (int cpu = 0; cpu < cpus(); cpu++) {
            Operation.Label missing = ir.label();
            Operand.Register entry = ir.call(BpfHelper.MAP_LOOKUP_PERCPU_ELEM, ir.map(map), ir.addressOf(key), Operand.of(cpu));
            if (cpu == 0) {
                failures.lookup(BpfHelper.MAP_LOOKUP_PERCPU_ELEM, entry);
            }
            ir.branch(Condition.EQ, entry, 0, missing);
            reading.take(new Address.AtRegister(entry, 0));
            ir.place(missing);
        }
        return reading.value();
    }

    private void readSlots(int map, Address key, Reading reading, int size) {
        Operation.Label missing = ir.label();
        Operand.Register entry = ir.call(BpfHelper.MAP_LOOKUP_ELEM, ir.map(map), ir.addressOf(key));
        failures.lookup(BpfHelper.MAP_LOOKUP_ELEM, entry);
        ir.branch(Condition.EQ, entry, 0, missing);
        for (int cpu = 0; cpu < cpus(); cpu++) {
            reading.take(new Address.AtRegister(entry, cpu * size));
        }
        ir.place(missing);
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
