package dev.sonde.compile;

import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.Span;
import dev.sonde.spec.MapSpec;
import dev.sonde.syntax.Expression;
import dev.sonde.types.Aggregation;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads and writes the script's maps, by the storage that each has. Aggregations are {@link LowerAggregation}'s. */
final class LowerMaps {
    /** BPF_NOEXIST */
    private static final long NOEXIST = 1;

    private final Body body;
    private final IrBuilder ir;
    private final LowerMemory memory;
    private final LowerAggregation aggregations;
    private final LowerFailures failures;

    LowerMaps(Body body, LowerMemory memory, boolean reentrant) {
        this.body = body;
        this.ir = body.ir();
        this.memory = memory;
        this.aggregations = new LowerAggregation(body, reentrant);
        this.failures = new LowerFailures(body);
    }

    /** Lowers an expression and puts its value at a place. */
    interface StoreInto {
        void store(Address place, Type type, Expression expression);
    }

    /** The key of an entry of {@code map}, laid out in memory; {@code lower} lowers a key alone, {@code into} a part of one where it belongs. */
    Address key(String map, List<Expression> keys, Function<Expression, Value> lower, StoreInto into) {
        Type type = body.module().view(map).key().orElseThrow();
        if (keys.size() == 1) {
            Value value = lower.apply(keys.getFirst());
            if (value instanceof Value.InMemory(Type from, Address place) && from.equals(type)) {
                return memory.addressable(place, type.size());
            }
            Address to = body.temporary(type.size());
            memory.store(to, type, value);
            return to;
        }
        List<Type> elements = ((Type.Tuple) type).elements();
        Address to = body.temporary(type.size());
        memory.zeroPadding(to, elements, type.size());
        for (int i = 0; i < keys.size(); i++) {
            into.store(to.plus(Layout.tupleOffset(elements, i)), elements.get(i), keys.get(i));
        }
        return to;
    }

    /** The value of an entry as a value of the program; zero when there is none. {@code key} is null for a map without keys. */
    Value read(String map, Address key) {
        MapSpec.View view = body.module().view(map);
        int index = body.module().map(map);
        return switch (view.storage()) {
            case SINGLE -> readPlace(view.value(), new Address.AtRegister(ir.mapValue(index, 8), 0));
            case ENTRY -> readEntry(index, key, view.value());
            case SINGLE_PER_CPU -> aggregations.readSingle(index, aggregation(view));
            case ENTRY_PER_CPU -> aggregations.readEntry(index, key, aggregation(view));
        };
    }

    private static Aggregation aggregation(MapSpec.View view) {
        return ((Type.Aggregate) view.value()).aggregation();
    }

    private Value readPlace(Type type, Address place) {
        return type.isScalar()
                ? new Value.Scalar(type, ir.load(place, type.size(), type.isSigned()))
                : new Value.InMemory(type, place);
    }

    private Value readEntry(int index, Address key, Type type) {
        Operand.Register found = lookup(index, key);
        failures.lookup(BpfHelper.MAP_LOOKUP_ELEM, found);
        Operation.Label missing = ir.label();
        Operation.Label done = ir.label();
        var place = new Address.AtRegister(found, 0);
        if (type.isScalar()) {
            Operand.Register result = ir.constant(0);
            ir.branch(Condition.EQ, found, 0, done);
            ir.copy(result, ir.load(place, type.size(), type.isSigned()));
            ir.place(done);
            return new Value.Scalar(type, result);
        }
        Address copy = body.temporary(type.size());
        ir.branch(Condition.EQ, found, 0, missing);
        memory.copy(copy, place, type.size());
        ir.jump(done);
        ir.place(missing);
        memory.zero(copy, type.size());
        ir.place(done);
        return new Value.InMemory(type, copy);
    }

    /** A pointer to the value of an entry, 0 when there is none. */
    Operand.Register lookup(int index, Address key) {
        return ir.call(BpfHelper.MAP_LOOKUP_ELEM, ir.map(index), ir.addressOf(key));
    }

    /** Assigns {@code value}; {@code key} is null for a map without keys. */
    void assign(String map, Address key, Value value) {
        MapSpec.View view = body.module().view(map);
        int index = body.module().map(map);
        if (view.storage() == MapSpec.Storage.SINGLE) {
            var whole = new Address.AtRegister(ir.mapValue(index, 0), 0);
            ir.store(whole, 8, Operand.of(1));
            memory.store(whole.plus(8), view.value(), value);
            return;
        }
        Address place = value instanceof Value.InMemory(Type from, Address at) && from.equals(view.value())
                ? memory.addressable(at, from.size())
                : stored(view.value(), value);
        failures.update(ir.call(BpfHelper.MAP_UPDATE_ELEM, ir.map(index), ir.addressOf(key), ir.addressOf(place), Operand.of(0)));
    }

    private Address stored(Type type, Value value) {
        Address place = body.temporary(Math.max(1, type.size()));
        memory.store(place, type, value);
        return place;
    }

    /** {@code @m += amount} when nothing uses the result: one atomic addition in place; {@code target} is where the map stands in the script. */
    void add(String map, Address key, Operand amount, Span target) {
        MapSpec.View view = body.module().view(map);
        int index = body.module().map(map);
        Operand.Register by = ir.inRegister(amount);
        if (view.storage() == MapSpec.Storage.SINGLE) {
            var whole = new Address.AtRegister(ir.mapValue(index, 0), 0);
            ir.store(whole, 8, Operand.of(1));
            ir.add(new Operation.AtomicAdd(whole.plus(8), 8, by));
            return;
        }
        Operation.Label found = ir.label();
        Operation.Label done = ir.label();
        Operand.Register entry = ir.register();
        ir.copy(entry, lookup(index, key));
        ir.branch(Condition.NE, entry, 0, found);
        Optional<Span> whole = ir.at(Optional.of(target));
        failures.lookup(BpfHelper.MAP_LOOKUP_ELEM, entry);
        ir.at(whole);
        Address first = new Address.InFrame(ir.slot(8, 8), 0);
        ir.store(first, 8, by);
        Operand.Register failed = ir.call(BpfHelper.MAP_UPDATE_ELEM, ir.map(index), ir.addressOf(key), ir.addressOf(first), Operand.of(NOEXIST));
        ir.branch(Condition.EQ, failed, 0, done);
        // Another CPU made the entry in between.
        ir.copy(entry, lookup(index, key));
        ir.branch(Condition.NE, entry, 0, found);
        failures.update(failed);
        ir.jump(done);
        ir.place(found);
        ir.add(new Operation.AtomicAdd(new Address.AtRegister(entry, 0), 8, by));
        ir.place(done);
    }

    /** {@code @m = count()} and the other aggregations; {@code arguments} as the aggregation takes them. */
    void aggregate(String map, Address key, Value argument) {
        MapSpec.View view = body.module().view(map);
        int index = body.module().map(map);
        Aggregation aggregation = aggregation(view);
        Operand operand = argument instanceof Value.Nothing ? Operand.of(1) : memory.scalar(argument);
        if (view.storage() == MapSpec.Storage.SINGLE_PER_CPU) {
            aggregations.updateSingle(index, aggregation, operand);
        } else {
            aggregations.updateEntry(index, key, aggregation, operand, () -> lookup(index, key));
        }
    }

    /** Removes an entry; gives whether there was one. */
    Operand delete(String map, Address key) {
        MapSpec.View view = body.module().view(map);
        int index = body.module().map(map);
        return switch (view.storage()) {
            case ENTRY, ENTRY_PER_CPU -> isZero(ir.call(BpfHelper.MAP_DELETE_ELEM, ir.map(index), ir.addressOf(key)));
            case SINGLE -> {
                var whole = new Address.AtRegister(ir.mapValue(index, 0), 0);
                Operand.Register had = ir.load(whole, 8, false);
                memory.zero(whole, 8 + view.value().size());
                yield had;
            }
            case SINGLE_PER_CPU -> aggregations.clearSingle(index, aggregation(view));
        };
    }

    private Operand isZero(Operand.Register value) {
        Operand.Register result = ir.constant(1);
        Operation.Label zero = ir.label();
        ir.branch(Condition.EQ, value, 0, zero);
        ir.copy(result, Operand.of(0));
        ir.place(zero);
        return result;
    }

    /** How many entries the map has: a count that the kernel takes by walking it. */
    Operand length(String map) {
        return ir.call(BpfHelper.FOR_EACH_MAP_ELEM, ir.map(body.module().map(map)), body.countingCallback(), Operand.of(0), Operand.of(0));
    }

    /** Whether the map has an entry of that key. */
    Operand has(String map, Address key) {
        int index = body.module().map(map);
        if (key == null) {
            return ir.load(new Address.AtRegister(ir.mapValue(index, 0), 0), 8, false);
        }
        Operand.Register found = lookup(index, key);
        Operand.Register result = ir.constant(1);
        Operation.Label there = ir.label();
        ir.branch(Condition.NE, found, 0, there);
        ir.copy(result, Operand.of(0));
        ir.place(there);
        return result;
    }
}
