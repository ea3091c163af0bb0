package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Field;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Makes the code of expressions. Types are known; what a builtin does, its entry in the table says. */
final class LowerExpressions {
    private final LowerProbe probe;
    private final Body body;
    private final IrBuilder ir;
    private final LowerOperators operators;

    LowerExpressions(LowerProbe probe) {
        this.probe = probe;
        this.body = probe.body();
        this.ir = body.ir();
        this.operators = new LowerOperators(probe, this);
    }

    /** The value of {@code expression}; a value that is not scalar may be built anywhere. */
    Value value(Expression expression) {
        return value(expression, Optional.empty());
    }

    /** The same; {@code wish} is where a value that has to be built in memory is wanted. */
    Value value(Expression expression, Optional<Address> wish) {
        var before = ir.at(Optional.of(expression.span()));
        Value value = lower(expression, wish);
        ir.at(before);
        return value;
    }

    /** The value of {@code expression}; of a string only the first {@code looked} bytes are looked at, as far as its NUL. */
    Value compared(Expression expression, int looked) {
        if (!(expression instanceof Expression.Call call && type(call) instanceof Type.Text)) {
            return value(expression);
        }
        var before = ir.at(Optional.of(call.span()));
        var use = new LoweredCall(probe, this, call, type(call), Optional.empty()).lookingAt(looked);
        Value value = Builtins.find(call.name()).orElseThrow().lower().lower(use);
        ir.at(before);
        return value;
    }

    /** {@code expression} as 64 bits. */
    Operand scalar(Expression expression) {
        return probe.memory().scalar(value(expression));
    }

    Type type(Expression expression) {
        return probe.unit().facts().of(expression);
    }

    private Value lower(Expression expression, Optional<Address> wish) {
        Type type = type(expression);
        if (type.isInteger()) {
            OptionalLong constant = probe.expressionTypes().constant(expression);
            if (constant.isPresent()) {
                return Value.constant(type, constant.getAsLong());
            }
        }
        return switch (expression) {
            case Expression.IntegerLiteral l -> Value.constant(type, l.value());
            case Expression.BooleanLiteral l -> Value.constant(type, l.value() ? 1 : 0);
            case Expression.StringLiteral l -> literal(l, type, l.value());
            case Expression.Identifier i -> identifier(i, type, wish);
            case Expression.Variable v -> variable(v);
            case Expression.Positional p when type instanceof Type.Text ->
                    new Value.Literal(type, StringBytes.of(probe.expressionTypes().text(p).orElseThrow()));
            case Expression.Positional _, Expression.PositionalCount _, Expression.Sizeof _, Expression.Offsetof _ ->
                    Value.constant(type, probe.expressionTypes().constant(expression).orElse(0));
            case Expression.MapReference m -> probe.maps().read(m.name(), null);
            case Expression.MapAccess m -> probe.maps().read(m.map().name(), key(m));
            case Expression.Unary u -> operators.unary(u, type);
            case Expression.Increment i -> operators.increment(i, true);
            case Expression.Binary b when type instanceof Type.Text ->
                    literal(b, type, probe.expressionTypes().text(b).orElseThrow());
            case Expression.Binary b -> operators.binary(b, type);
            case Expression.Ternary t -> ternary(t, type);
            case Expression.IfValue i when i.comptime() ->
                    block(probe.expressionTypes().taken(i).orElseThrow());
            case Expression.IfValue i -> choose(i.condition(), type, () -> block(i.yes()), () -> block(i.no()));
            case Expression.BlockValue b -> block(b.block());
            case Expression.Call c -> call(c, type, wish);
            case Expression.Cast c -> cast(c, type);
            case Expression.Field f -> field(f, type);
            case Expression.Element e -> element(e, type);
            case Expression.Index i -> index(i, type);
            case Expression.Tuple t -> tuple(t.elements(), ((Type.Tuple) type).elements(), type, wish);
            case Expression.OfRecord r -> tuple(r.values(), ((Type.Named) type).elements(), type, wish);
            case Expression.Comptime c -> value(c.expression(), wish);
        };
    }

    private Value literal(Expression expression, Type type, String text) {
        int most = probe.environment().settings().maxStringLength();
        byte[] bytes = StringBytes.of(text);
        if (bytes.length >= most) {
            probe.environment().diagnostics().add(expression.span(), DiagnosticCode.TOO_LARGE, "String is too long (over " + most + " bytes)",
                    "config = { max_strlen = " + (bytes.length + 1) + " } makes room for it.");
        }
        return new Value.Literal(type, bytes);
    }

    /** The key of a map entry, in memory. */
    Address key(Expression.MapAccess access) {
        // Of a key every byte counts, even of one that is looked up for an event.
        boolean before = probe.enterEvent(false);
        Address key = probe.maps().key(access.map().name(), access.keys(), this::value, probe::storeInto);
        probe.enterEvent(before);
        return key;
    }

    private Value identifier(Expression.Identifier identifier, Type type, Optional<Address> wish) {
        Optional<Expression> define = probe.environment().constants().define(identifier.name());
        if (define.isPresent()) {
            return value(define.get(), wish);
        }
        Optional<Builtin> builtin = Builtins.find(identifier.name());
        if (builtin.isPresent()) {
            return builtin.get().lower().lower(new LoweredCall(probe, this, identifier, type, wish));
        }
        return Value.constant(type, probe.environment().constants().value(identifier.name()).orElseThrow());
    }

    private Value call(Expression.Call call, Type type, Optional<Address> wish) {
        return Builtins.find(call.name()).orElseThrow().lower().lower(new LoweredCall(probe, this, call, type, wish));
    }

    private Value variable(Expression.Variable use) {
        Variable variable = probe.unit().scopes().of(use).orElseThrow();
        return read(variable);
    }

    /** The value of a variable. */
    Value read(Variable variable) {
        Type type = probe.unit().facts().of(variable);
        return switch (body.home(variable)) {
            // A copy: the variable may be assigned before this value is used.
            case Body.Home.InRegister(var register) -> {
                Operand.Register copy = ir.register();
                ir.copy(copy, register);
                yield new Value.Scalar(type, copy);
            }
            case Body.Home.InPlace(Address place) when type.isScalar() -> new Value.Scalar(type, ir.load(place, type.size(), type.isSigned()));
            case Body.Home.InPlace(Address place) -> new Value.InMemory(type, place);
        };
    }

    private Value block(Script.Block block) {
        return probe.statements().blockValue(block);
    }

    private Value ternary(Expression.Ternary ternary, Type type) {
        OptionalLong decided = probe.expressionTypes().literalTruth(ternary.condition());
        if (decided.isPresent()) {
            return value(decided.getAsLong() != 0 ? ternary.yes().orElse(ternary.condition()) : ternary.no());
        }
        if (ternary.yes().isPresent()) {
            return choose(ternary.condition(), type, () -> value(ternary.yes().get()), () -> value(ternary.no()));
        }
        Operand.Register result = ir.register();
        Operation.Label done = ir.label();
        ir.copy(result, scalar(ternary.condition()));
        ir.branch(Condition.NE, result, 0, done);
        ir.copy(result, scalar(ternary.no()));
        ir.place(done);
        return new Value.Scalar(type, result);
    }

    private Value choose(Expression condition, Type type, Supplier<Value> yes, Supplier<Value> no) {
        Operation.Label otherwise = ir.label();
        Operation.Label done = ir.label();
        boolean scalar = type.isScalar();
        Operand.Register result = ir.register();
        Address place = scalar || type == Type.NONE ? null : body.temporary(type.size());
        branchUnless(condition, otherwise);
        keep(yes.get(), type, scalar, result, place);
        ir.jump(done);
        ir.place(otherwise);
        keep(no.get(), type, scalar, result, place);
        ir.place(done);
        if (type == Type.NONE) {
            return new Value.Nothing(type);
        }
        return scalar ? new Value.Scalar(type, result) : new Value.InMemory(type, place);
    }

    private void keep(Value value, Type type, boolean scalar, Operand.Register result, Address place) {
        if (scalar) {
            ir.copy(result, probe.memory().scalar(value));
        } else if (type != Type.NONE) {
            probe.memory().store(place, type, value);
        }
    }

    /** Goes to {@code target} when {@code condition} is false. */
    void branchUnless(Expression condition, Operation.Label target) {
        operators.branch(condition, target, false);
    }

    private Value cast(Expression.Cast cast, Type type) {
        Value operand = value(cast.operand());
        if (operand.type() instanceof Type.Array && type.isInteger()) {
            Address bytes = probe.memory().inMemory(operand);
            return new Value.Scalar(type, probe.memory().load(bytes, type.size(), type.isSigned()));
        }
        return switch (type) {
            case Type.Bool _ when operand.type() instanceof Type.Text -> operators.truth(ir.load(probe.memory().inMemory(operand), 1, false));
            case Type.Bool _ -> operators.truth(probe.memory().scalar(operand));
            case Type.Int(int size, boolean signed) -> new Value.Scalar(type, ir.extend(probe.memory().scalar(operand), 8 * size, signed));
            case Type.Enumeration e -> new Value.Scalar(type, ir.extend(probe.memory().scalar(operand), 8 * e.size(), e.signed()));
            case Type.Struct _ when operand.type().isScalar() ->
                    new Value.Remote(type, probe.memory().scalar(operand), probe.unit().group().context().space());
            case Type.Pointer _ when operand.type() instanceof Type.Array -> new Value.Scalar(type, address(operand));
            case Type.Pointer _, Type.Username _, Type.KernelSymbol _, Type.CgroupPath _, Type.Timestamp _, Type.SiteName _ ->
                    new Value.Scalar(type, probe.memory().scalar(operand));
            case Type.Array _ when operand.type().isScalar() -> {
                Address place = body.temporary(8);
                ir.store(place, 8, probe.memory().scalar(operand));
                yield new Value.InMemory(type, place);
            }
            case Type.Array _, Type.Text _, Type.Buffer _, Type.Tuple _, Type.Named _, Type.Struct _ -> {
                Address place = body.temporary(type.size());
                probe.memory().zero(place, type.size());
                probe.memory().store(place, type, operand);
                yield new Value.InMemory(type, place);
            }
            case Type.None _, Type.Void _, Type.Inet _, Type.Mac _, Type.UserSymbol _, Type.Stack _, Type.Aggregate _ -> operand;
        };
    }

    private Operand address(Value value) {
        return switch (value) {
            case Value.Remote(_, Operand address, _) -> address;
            case Value.InMemory(_, Address place) -> ir.addressOf(place);
            case Value.Scalar(_, Operand operand) -> operand;
            case Value.Literal _, Value.Nothing _ -> ir.addressOf(probe.memory().inMemory(value));
        };
    }

    private Value field(Expression.Field field, Type type) {
        if (field.operand() instanceof Expression.Identifier(_, String name) && name.equals(Builtins.ARGS)
                && probe.environment().constants().define(name).isEmpty()) {
            return probe.read(probe.unit().group().context().argument(field.name()).orElseThrow());
        }
        Value operand = value(field.operand());
        Type of = operand.type() instanceof Type.Pointer(Type target, _) ? target : operand.type();
        if (of instanceof Type.Named named) {
            return tupleElement(operand, named.elements(), named.names().indexOf(field.name()));
        }
        Field found = ((Type.Struct) of).fields().find(field.name()).orElseThrow();
        return member(operand, found, type);
    }

    /** A field of a struct or behind a pointer to one. */
    private Value member(Value operand, Field field, Type type) {
        Value whole = switch (operand) {
            case Value.InMemory(Type.Struct _, Address place) -> new Value.InMemory(type, place.plus(field.offset()));
            case Value.Remote(Type.Struct _, Operand address, AddressSpace space) -> new Value.Remote(type, plus(address, field.offset()), space);
            case Value.InMemory(Type.Pointer pointer, Address _) -> behind(pointer, probe.memory().scalar(operand), field, type);
            case Value.Remote(Type.Pointer pointer, Operand _, AddressSpace _) -> behind(pointer, probe.memory().scalar(operand), field, type);
            case Value.Scalar(Type.Pointer pointer, Operand address) -> behind(pointer, address, field, type);
            case Value.InMemory _, Value.Remote _, Value.Scalar _, Value.Literal _, Value.Nothing _ ->
                    throw new IllegalStateException("no struct: " + operand);
        };
        return field.isBitField() ? bits(whole, field, type) : whole;
    }

    private Value behind(Type.Pointer pointer, Operand address, Field field, Type type) {
        return pointer.space() == AddressSpace.PROGRAM
                ? new Value.InMemory(type, new Address.AtRegister(ir.inRegister(address), field.offset()))
                : new Value.Remote(type, plus(address, field.offset()), pointer.space());
    }

    private Operand plus(Operand address, long offset) {
        if (offset == 0) {
            return address;
        }
        return address instanceof Operand.Constant(long value) ? Operand.of(value + offset) : ir.alu(AluOperation.ADD, address, offset);
    }

    private Value bits(Value whole, Field field, Type type) {
        Operand unit = probe.memory().scalar(whole);
        int left = 64 - field.bitShift() - field.bitWidth();
        Operand up = ir.alu(AluOperation.LSH, unit, left);
        boolean signed = field.type().isSigned();
        return new Value.Scalar(type, ir.alu(signed ? AluOperation.ARSH : AluOperation.RSH, up, 64 - field.bitWidth()));
    }

    private Value element(Expression.Element element, Type type) {
        Value operand = value(element.operand());
        List<Type> elements = operand.type() instanceof Type.Named n ? n.elements() : ((Type.Tuple) operand.type()).elements();
        return tupleElement(operand, elements, element.index());
    }

    private Value tupleElement(Value operand, List<Type> elements, int index) {
        Address place = probe.memory().inMemory(operand).plus(Layout.tupleOffset(elements, index));
        Type type = elements.get(index);
        return type.isScalar() ? new Value.Scalar(type, ir.load(place, type.size(), type.isSigned())) : new Value.InMemory(type, place);
    }

    private Value index(Expression.Index index, Type type) {
        Value operand = value(index.operand());
        OptionalLong constant = probe.expressionTypes().constant(index.index());
        if (operand.type() instanceof Type.Tuple(List<Type> elements)) {
            return tupleElement(operand, elements, (int) constant.orElseThrow());
        }
        if (operand.type() instanceof Type.Pointer(_, AddressSpace space)) {
            Operand base = probe.memory().scalar(operand);
            Operand address = constant.isPresent() ? plus(base, constant.getAsLong() * type.size())
                    : scaled(base, scalar(index.index()), type.size());
            return space == AddressSpace.PROGRAM
                    ? new Value.InMemory(type, new Address.AtRegister(ir.inRegister(address), 0))
                    : new Value.Remote(type, address, space);
        }
        return inside(operand, index, constant, type);
    }

    /** An element of an array, string or buffer that is at hand; 0 outside its bounds. */
    private Value inside(Value operand, Expression.Index index, OptionalLong constant, Type type) {
        int start = operand.type() instanceof Type.Buffer ? 4 : 0;
        if (operand instanceof Value.Remote(_, Operand address, AddressSpace space)) {
            Operand at = constant.isPresent() ? plus(address, start + constant.getAsLong() * type.size())
                    : scaled(plus(address, start), scalar(index.index()), type.size());
            return new Value.Remote(type, at, space);
        }
        Address place = probe.memory().inMemory(operand).plus(start);
        if (constant.isPresent()) {
            return new Value.InMemory(type, place.plus((int) constant.getAsLong() * type.size()));
        }
        place = probe.memory().addressable(place, operand.type().size() - start);
        if (type.isScalar() && !LowerMemory.isAligned(place, type)) {
            Address straight = body.temporary(operand.type().size() - start);
            probe.memory().copy(straight, place, operand.type().size() - start);
            place = straight;
        }
        int count = (operand.type().size() - start) / Math.max(1, type.size());
        Operand.Register by = ir.inRegister(scalar(index.index()));
        Operation.Label inside = ir.label();
        Operation.Label done = ir.label();
        Operand.Register result = ir.constant(0);
        if (!type.isScalar()) {
            Operand.Register at = ir.register();
            ir.copy(at, by);
            Operation.Label fine = ir.label();
            ir.branch(Condition.LT, at, count, fine);
            outOfBounds();
            ir.copy(at, Operand.of(0));
            ir.place(fine);
            Operand element = scaled(ir.addressOf(place), bounded(at, count), type.size());
            if (!LowerMemory.isAligned(place, type)) {
                return new Value.Remote(type, element, AddressSpace.KERNEL);
            }
            return new Value.InMemory(type, new Address.AtRegister((Operand.Register) element, 0));
        }
        ir.branch(Condition.LT, by, count, inside);
        outOfBounds();
        ir.jump(done);
        ir.place(inside);
        Operand.Register at = (Operand.Register) scaled(ir.addressOf(place), bounded(by, count), type.size());
        ir.copy(result, ir.load(new Address.AtRegister(at, 0), type.size(), type.isSigned()));
        ir.place(done);
        return new Value.Scalar(type, result);
    }

    private void outOfBounds() {
        new LowerFailures(body).mistake("Array access out of bounds. This can lead to unexpected results.");
    }

    /** An index below {@code count} in a register of which the verifier knows that: of a spilled one it forgets it, in loops also after 6.8. */
    private Operand.Register bounded(Operand.Register index, int count) {
        int mask = count <= 1 ? 0 : Integer.highestOneBit(count - 1) * 2 - 1;
        Operand.Register bounded = ir.register();
        ir.copy(bounded, ir.alu(AluOperation.AND, index, mask));
        if (mask + 1 != count) {
            Operation.Label fine = ir.label();
            ir.branch(Condition.LT, bounded, count, fine);
            ir.copy(bounded, Operand.of(0));
            ir.place(fine);
        }
        return bounded;
    }

    private Operand scaled(Operand base, Operand index, int size) {
        return ir.alu(AluOperation.ADD, base, size == 1 ? index : ir.alu(AluOperation.MUL, index, size));
    }

    private Value tuple(List<Expression> expressions, List<Type> types, Type type, Optional<Address> wish) {
        Address place = wish.orElseGet(() -> body.temporary(Math.max(1, type.size())));
        probe.memory().zeroPadding(place, types, type.size());
        for (int i = 0; i < types.size(); i++) {
            Address at = place.plus(Layout.tupleOffset(types, i));
            probe.storeInto(at, types.get(i), expressions.get(i));
        }
        return new Value.InMemory(type, place);
    }
}
