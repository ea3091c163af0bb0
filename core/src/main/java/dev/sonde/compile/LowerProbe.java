package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.probes.ProbeContext;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.syntax.Expression;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;

/** Makes the code of one unit: its predicate, then its body. Holds what the lowering of statements, expressions and calls shares. */
final class LowerProbe {
    /** Functions that may call one another (MAX_CALL_FRAMES). */
    private static final int MOST_FRAMES = 8;
    /** Functions of a program (BPF_MAX_SUBPROGS). */
    private static final int MOST_FUNCTIONS = 256;

    private final Environment environment;
    private final TypedScript script;
    private final TypedScript.Unit unit;
    private final Body body;
    private final LowerMemory memory;
    private final LowerMaps maps;
    private final LowerExpressions expressions;
    private final LowerStatements statements;
    private final TypeExpressions expressionTypes;
    private final int firstSite;
    private final int cookieShift;
    private Operand site;
    private boolean event;

    /**
     * @param site index of the unit's first place
     * @param stackLimit bytes above which a temporary does not go on the stack
     */
    LowerProbe(Environment environment, TypedScript script, TypedScript.Unit unit, Module module, int site, int stackLimit) {
        this(environment, script, unit, new Body(module, "probe", stackLimit), site, 0);
    }

    /** Of a unit that shares {@code body}; {@code cookieShift} is how far a place's site is from its attachment's cookie. */
    LowerProbe(Environment environment, TypedScript script, TypedScript.Unit unit, Body body, int site, int cookieShift) {
        this.environment = environment;
        this.script = script;
        this.unit = unit;
        this.firstSite = site;
        this.cookieShift = cookieShift;
        this.site = Operand.of(site);
        this.body = body;
        this.memory = new LowerMemory(body, unit.group().context().space());
        this.maps = new LowerMaps(body, memory, unit.group().context().reentrant());
        var typing = new TypeStatements(environment, unit, script.maps(), false);
        this.expressionTypes = typing.expressions();
        this.expressions = new LowerExpressions(this);
        this.statements = new LowerStatements(this, expressions);
    }

    /**
     * The same unit in a function that is called back for each round of a loop.
     *
     * @param captures which of its parameters is the pointer to the captured variables
     * @param loop where the loop stands
     */
    LowerProbe callback(int captures, Span loop) {
        if (body.depth() == MOST_FRAMES) {
            environment.diagnostics().add(loop, DiagnosticCode.TOO_LARGE,
                    "More than " + (MOST_FRAMES - 1) + " loops in one another are called back by the kernel",
                    "Loops of at most 16 rounds, with both ends written as numbers, are not.");
        }
        if (body.functions() == MOST_FUNCTIONS) {
            environment.diagnostics().add(loop, DiagnosticCode.TOO_LARGE,
                    "More than " + (MOST_FUNCTIONS - 1) + " loops are called back by the kernel", "Unroll fewer of them, or split the probe.");
        }
        var inner = new LowerProbe(environment, script, unit, body.callback(captures), firstSite, cookieShift);
        new LowerEntry(inner).select();
        return inner;
    }

    /** The unit's code. */
    IrProgram lower() {
        new LowerEntry(this).filter(body.leave());
        run();
        body.ir().place(body.leave());
        body.ir().ret(0);
        return body.finish();
    }

    /** What one run does, up to its end: it goes on behind this, or leaves. */
    void run() {
        List<Variable> captured = unit.scopes().captured();
        if (!captured.isEmpty()) {
            body.capture(captured, unit.facts()::of);
        }
        new LowerEntry(this).select();
        unit.scopes().declaredIn(unit.probe().body()).forEach(this::home);
        unit.probe().predicate().ifPresent(predicate -> {
            body.ir().at(Optional.of(predicate.span()));
            expressions.branchUnless(predicate, body.leave());
        });
        statements.block(unit.probe().body());
    }

    /** The end of such a function: goes on with the next round from {@code next}, and makes it the last one from {@code stop}. */
    void endCallback(Operation.Label next, Operation.Label stop) {
        IrBuilder ir = body.ir();
        ir.place(next);
        ir.ret(0);
        ir.place(body.leave());
        body.markLeaving();
        ir.place(stop);
        ir.ret(1);
    }

    Environment environment() {
        return environment;
    }

    TypedScript.Unit unit() {
        return unit;
    }

    Body body() {
        return body;
    }

    LowerMemory memory() {
        return memory;
    }

    LowerMaps maps() {
        return maps;
    }

    LowerExpressions expressions() {
        return expressions;
    }

    LowerStatements statements() {
        return statements;
    }

    TypeExpressions expressionTypes() {
        return expressionTypes;
    }

    /** The index of the place that this run was made for, where one attachment does not serve several. */
    Operand site() {
        return site;
    }

    /** The same from the cookie of the attachment. */
    Operand siteOfCookie() {
        Operand.Register cookie = body.ir().call(BpfHelper.GET_ATTACH_COOKIE, body.context());
        return cookieShift == 0 ? cookie : body.ir().alu(AluOperation.ADD, cookie, cookieShift);
    }

    /** The index of the unit's first place. */
    int firstSite() {
        return firstSite;
    }

    /** The index of the first place in the function that place {@code at} is in. */
    Operand functionSite(Operand at) {
        return new LowerFunctionName(this).of(at);
    }

    /** Gives a variable its home, when it has none yet, and its start as zero. */
    void home(Variable variable) {
        Type type = unit.facts().of(variable);
        if (type == Type.NONE) {
            return;
        }
        if (body.home(variable) == null) {
            body.place(variable, body.newHome(variable, type));
        }
        if (variable.zeroed()) {
            zero(variable);
        }
    }

    /** Makes a variable zero. */
    void zero(Variable variable) {
        switch (body.home(variable)) {
            case Body.Home.InRegister(var register) -> body.ir().copy(register, Operand.of(0));
            case Body.Home.InPlace(Address place) -> memory.zero(place, unit.facts().of(variable).size());
        }
    }

    /** Assigns to a variable; integers are cut to its width. */
    void assign(Variable variable, Value value) {
        Type type = unit.facts().of(variable);
        if (body.home(variable) == null) {
            home(variable);
        }
        switch (body.home(variable)) {
            case Body.Home.InRegister(var register) -> {
                Operand operand = memory.converted(type, value.type(), memory.scalar(value));
                boolean narrower = type instanceof Type.Int(int size, _) && size < 8 && !(value.type() instanceof Type.Int(int from, boolean signed)
                        && from <= size && (signed == type.isSigned() || from < size));
                body.ir().copy(register, narrower ? body.ir().extend(operand, 8 * type.size(), type.isSigned()) : operand);
            }
            case Body.Home.InPlace(Address place) -> memory.store(place, type, value);
        }
    }

    /** Lowers {@code expression} and puts it at {@code place} as {@code type}. */
    void storeInto(Address place, Type type, Expression expression) {
        boolean same = expressions.type(expression).equals(type);
        Value value = expressions.value(expression, same ? Optional.of(place) : Optional.empty());
        if (!(value instanceof Value.InMemory(Type made, Address at) && at.equals(place) && made.equals(type))) {
            memory.store(place, type, value);
        }
    }

    /** Sets it, where one attachment serves several places. */
    void setSite(Operand found) {
        site = found;
    }

    /** Whether the value being lowered goes straight into an event, where bytes after a string's NUL do not count. */
    boolean inEvent() {
        return event;
    }

    /** Says so; gives what was said before. */
    boolean enterEvent(boolean now) {
        boolean before = event;
        event = now;
        return before;
    }

    /** A value of the context. */
    Value read(ProbeContext.Source source) {
        return switch (source) {
            case ProbeContext.Source.Slot(Type type, int offset, int width, boolean signed) -> slot(type, offset, width, signed);
            case ProbeContext.Source.Inline(Type type, int offset) -> new Value.InMemory(type, new Address.AtRegister(body.context(), offset));
            case ProbeContext.Source.DataLocation(Type type, int offset, boolean relative) -> elsewhere(type, offset, relative);
            case ProbeContext.Source.OnStack(Type type, int stackPointer, int offset, AddressSpace space) ->
                    remote(type, body.ir().alu(AluOperation.ADD, word(stackPointer), offset), space);
            case ProbeContext.Source.InRegisters(Type type, List<Integer> slots) -> pieces(type, slots);
            case ProbeContext.Source.InMemory memoryOperand -> operand(memoryOperand);
            case ProbeContext.Source.Constant(Type type, long value) -> Value.constant(type, value);
        };
    }

    private Value remote(Type type, Operand address, AddressSpace space) {
        return type.isScalar() ? new Value.Scalar(type, memory.loadRemote(type, address, space)) : new Value.Remote(type, address, space);
    }

    /** A struct that is passed in registers, put together. */
    private Value pieces(Type type, List<Integer> slots) {
        Address place = body.temporary(8 * slots.size());
        for (int i = 0; i < slots.size(); i++) {
            body.ir().store(place.plus(8 * i), 8, word(slots.get(i)));
        }
        return new Value.InMemory(type, place);
    }

    private Operand.Register word(int offset) {
        return body.ir().load(new Address.AtRegister(body.context(), offset), 8, false);
    }

    /** Data elsewhere in the record: the context pointer and an offset that is only known now. */
    private Value elsewhere(Type type, int offset, boolean relative) {
        IrBuilder ir = body.ir();
        Operand.Register location = ir.load(new Address.AtRegister(body.context(), offset), 4, false);
        Operand.Register base = ir.alu(AluOperation.ADD, body.context(), ir.alu(AluOperation.AND, location, 0xffff));
        Operand address = relative ? ir.alu(AluOperation.ADD, base, offset + 4L) : base;
        return type instanceof Type.Pointer ? new Value.Scalar(type, address) : new Value.Remote(type, address, AddressSpace.KERNEL);
    }

    /** An operand such as {@code 8@-4(%rbp,%rax,4)}. */
    private Value operand(ProbeContext.Source.InMemory source) {
        IrBuilder ir = body.ir();
        Operand address = Operand.of(source.displacement());
        if (source.base() >= 0) {
            address = ir.alu(AluOperation.ADD, word(source.base()), address);
        }
        if (source.index() >= 0) {
            address = ir.alu(AluOperation.ADD, ir.alu(AluOperation.MUL, word(source.index()), source.scale()), address);
        }
        if (!source.type().isScalar()) {
            return new Value.Remote(source.type(), address, source.space());
        }
        Type width = new Type.Int(source.width(), source.signed());
        return new Value.Scalar(source.type(), memory.loadRemote(width, address, source.space()));
    }

    private Value slot(Type type, int offset, int width, boolean signed) {
        Operand value = body.ir().load(new Address.AtRegister(body.context(), offset), width, signed);
        boolean wider = type instanceof Type.Int(int size, _) && size < width;
        return new Value.Scalar(type, wider ? body.ir().extend(value, 8 * type.size(), type.isSigned()) : value);
    }

    /** A jump to the end of the run. */
    void leave() {
        body.ir().add(new Operation.Jump(body.leave()));
        body.ir().place(body.ir().label());
    }
}
