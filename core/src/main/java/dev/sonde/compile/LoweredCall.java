package dev.sonde.compile;

import dev.sonde.asm.Condition;
import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.builtins.Lowering;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.probes.ProbeContext;
import dev.sonde.spec.EventSpec;
import dev.sonde.syntax.BinaryOperator;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/** One use of a builtin as its code maker sees it. */
final class LoweredCall extends CheckedCall implements Lowering {
    private final LowerProbe probe;
    private final LowerExpressions expressions;
    private final Expression use;
    private final Type type;
    private final Optional<Address> wish;
    private final boolean inEvent;
    private final IrBuilder ir;
    private Optional<Address> field = Optional.empty();
    private int looked = Integer.MAX_VALUE;

    LoweredCall(LowerProbe probe, LowerExpressions expressions, Expression use, Type type, Optional<Address> wish) {
        super(probe.environment(), probe.unit(), probe.expressionTypes().maps(), probe.expressionTypes(), use);
        this.probe = probe;
        this.expressions = expressions;
        this.use = use;
        this.type = type;
        this.wish = wish;
        this.inEvent = wish.isPresent() && probe.inEvent();
        this.ir = probe.body().ir();
    }

    /** This use, of whose resulting string only the first {@code bytes} are looked at. */
    LoweredCall lookingAt(int bytes) {
        looked = bytes;
        return this;
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public IrBuilder ir() {
        return ir;
    }

    private Expression expression(int index) {
        return ((Expression.Argument.Value) argument(index)).expression();
    }

    @Override
    public Value value(int index) {
        Optional<Address> to = field;
        field = Optional.empty();
        return expressions.value(expression(index), to);
    }

    @Override
    public Operand scalar(int index) {
        return probe.memory().scalar(value(index));
    }

    @Override
    public Address destination() {
        return wish.orElseGet(() -> probe.body().temporary(Math.max(1, type.size())));
    }

    @Override
    public Address temporary(int size) {
        return probe.body().temporary(size);
    }

    @Override
    public void store(Address to, Type as, Value value) {
        probe.memory().store(to, as, value);
    }

    @Override
    public Address inMemory(Value value) {
        return probe.memory().addressable(probe.memory().inMemory(value), value.type().size());
    }

    @Override
    public Operand scalar(Value value) {
        return probe.memory().scalar(value);
    }

    @Override
    public void zero(Address at, int size) {
        probe.memory().zero(at, size);
    }

    @Override
    public void copy(Address to, Address from, int size) {
        probe.memory().copy(to, from, size);
    }

    @Override
    public Operand read(Address to, int size, Operand from, AddressSpace space) {
        return probe.memory().read(to, size, from, space);
    }

    @Override
    public Operand read(Address to, Operand size, Operand from, AddressSpace space) {
        return probe.memory().read(to, size, from, space);
    }

    @Override
    public Operand readString(Address to, Operand size, Operand from, AddressSpace space) {
        return probe.memory().readString(to, size, from, space);
    }

    @Override
    public Operand.Register contextPointer() {
        return probe.body().context();
    }

    @Override
    public Value read(ProbeContext.Source source) {
        return probe.read(source);
    }

    @Override
    public Operand.Register pidTgid() {
        return probe.body().pidTgid();
    }

    @Override
    public Operand site() {
        if (probe().sites().size() == 1 || !probe().cookies()) {
            return probe.site();
        }
        return probe.siteOfCookie();
    }

    @Override
    public Operand functionSite() {
        return probe.functionSite(site());
    }

    private Expression.MapReference reference(int index) {
        Expression argument = expression(index);
        if (argument instanceof Expression.MapReference m) {
            return m;
        }
        if (argument instanceof Expression.MapAccess m) {
            return m.map();
        }
        throw new IllegalStateException("no map: " + use);
    }

    @Override
    public int mapIndex(int index) {
        return probe.body().module().map(reference(index).name());
    }

    @Override
    public Address mapKey(int index) {
        return expressions.key((Expression.MapAccess) expression(index));
    }

    /** The key of the entry that argument {@code index}, or the next one, gives; null for a map without keys. */
    private Address entryKey(int index) {
        if (expression(index) instanceof Expression.MapAccess access) {
            return expressions.key(access);
        }
        return index + 1 < count() ? probe.maps().key(reference(index).name(), List.of(expression(index + 1)), expressions::value,
                probe::storeInto) : null;
    }

    @Override
    public Operand deleteEntry(int index) {
        return probe.maps().delete(reference(index).name(), entryKey(index));
    }

    @Override
    public Operand hasEntry(int index) {
        return probe.maps().has(reference(index).name(), entryKey(index));
    }

    @Override
    public Operand findEntry(int index, int variable) {
        String map = reference(index).name();
        Address key = entryKey(index);
        Operand.Register found = ir.register();
        Operation.Label none = ir.label();
        ir.copy(found, probe.maps().has(map, key));
        ir.branch(Condition.EQ, found, 0, none);
        probe.assign(probe.unit().scopes().of(expression(variable)).orElseThrow(), probe.maps().read(map, key));
        ir.place(none);
        return found;
    }

    @Override
    public Operand mapLength(int index) {
        return probe.maps().length(reference(index).name());
    }

    @Override
    public boolean padded() {
        return !inEvent && looked == Integer.MAX_VALUE;
    }

    @Override
    public int looked() {
        return looked;
    }

    @Override
    public Value compared(int index, int bytes) {
        return expressions.compared(expression(index), bytes);
    }

    @Override
    public void compareLiteral(Address a, byte[] bytes, int limit, Operation.Label differ) {
        probe.memory().compareLiteral(a, bytes, limit, differ);
    }

    @Override
    public void compareStrings(Address a, Address b, int limit, Operation.Label differ) {
        probe.memory().compareStrings(a, b, limit, differ);
    }

    @Override
    public int internalMap(Internal map) {
        return probe.body().module().internal(map);
    }

    @Override
    public int constantMap(byte[] bytes) {
        return probe.body().module().constant(bytes);
    }

    @Override
    public void send(List<Type> types, IntFunction<Value> values, Function<List<EventSpec.Field>, EventSpec.Action> action) {
        List<EventSpec.Field> fields = new ArrayList<>();
        int offset = EventSpec.HEADER;
        for (Type field : types) {
            offset = Layout.align(offset, field.alignment());
            fields.add(new EventSpec.Field(offset, field));
            offset += field.size();
        }
        int size = Layout.align(offset, 8);
        int event = probe.body().module().event(new EventSpec(size, action.apply(fields), span()));
        List<Value> early = effects() ? lowered(types.size(), values) : List.of();
        LowerFailures.send(ir, event, size, record -> {
            for (int i = 0; i < types.size(); i++) {
                fill(new Address.AtRegister(record, fields.get(i).offset()), types.get(i), early.isEmpty() ? null : early.get(i), values, i);
            }
        });
    }

    /** Whether an argument changes something, so that it must be evaluated even when no record can be had, or may send a record of its own before. */
    private boolean effects() {
        return Children.any(use, e -> e instanceof Expression.Increment || e instanceof Expression.BlockValue
                || e instanceof Expression.IfValue || mayFail(e)
                || e instanceof Expression.Call c && e != use && Builtins.find(c.name()).filter(b -> b.is(Builtin.Trait.EFFECT)).isPresent());
    }

    private boolean mayFail(Expression expression) {
        if (expression instanceof Expression.Binary b) {
            return b.operator() == BinaryOperator.DIV || b.operator() == BinaryOperator.MOD;
        }
        boolean calls = expression instanceof Expression.MapAccess || expression instanceof Expression.Unary || expression instanceof Expression.Field
                || expression instanceof Expression.Call;
        return expression instanceof Expression.Index || calls && expression != use && probe.body().module().tellsHelperErrors();
    }

    private List<Value> lowered(int count, IntFunction<Value> values) {
        List<Value> early = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            early.add(values.apply(i));
        }
        return early;
    }

    private void fill(Address to, Type type, Value early, IntFunction<Value> values, int index) {
        if (early != null) {
            probe.memory().store(to, type, early);
            return;
        }
        // A value built in memory is built in the record itself.
        field = type.isScalar() ? Optional.empty() : Optional.of(to);
        boolean before = probe.enterEvent(true);
        Value value = values.apply(index);
        probe.enterEvent(before);
        field = Optional.empty();
        if (!(value instanceof Value.InMemory(Type made, Address at) && at.equals(to) && made.equals(type))) {
            probe.memory().store(to, type, value);
        }
    }

    @Override
    public void defineFunction(String name, Consumer<IrBuilder> body) {
        probe.body().define(name, Optional.of(span()), body);
    }

    @Override
    public void leave() {
        probe.leave();
    }
}
