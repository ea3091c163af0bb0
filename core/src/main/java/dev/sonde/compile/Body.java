package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Address;
import dev.sonde.ir.FrameSlot;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.source.Span;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The state of one function while it is lowered: its code so far, where its variables are, its loops, its temporaries.
 *
 * <p>The body of a loop over a map, and on some kernels of one over numbers, is a function of its own, called back by the kernel with a pointer to
 * the outer function's capture slot. That slot holds the program's context, the address of the outer temporaries, the outer function's own captures,
 * whether the probe is to be left, and then the outer variables that a loop uses.
 */
final class Body {
    /** Where a variable is. */
    sealed interface Home {
        /** In a register of this function. */
        record InRegister(Operand.Register register) implements Home {}

        /** In memory. */
        record InPlace(Address place) implements Home {}
    }

    /** Where break and continue go. */
    record Loop(Operation.Label next, Operation.Label end) {}

    static final int CAPTURED_CONTEXT = 0;
    private static final int CAPTURED_SCRATCH = 8;
    private static final int CAPTURED_OUTER = 16;
    private static final int CAPTURED_LEAVE = 24;
    private static final int CAPTURES_START = 32;
    private static final int LARGE_CAPTURE = 64;

    private final Module module;
    private final Optional<Body> outer;
    private final int capturesParameter;
    private final IrBuilder ir;
    private final Operand.Register context;
    private final Operand.Register scratch;
    private final Operand.Register pidTgid;
    private final Operand.Register captures;
    private final Operation.Label leave;
    private final int stackLimit;
    private final Map<Variable, Home> homes = new IdentityHashMap<>();
    private final Deque<Loop> loops = new ArrayDeque<>();
    private final List<IrProgram.Function> callbacks;
    private final List<IrProgram.Line> parameters = new ArrayList<>();
    private final List<IrProgram.Line> start = new ArrayList<>();
    private Optional<FrameSlot> captureSlot = Optional.empty();
    private int captureSize = CAPTURES_START;
    private boolean usesPid;
    private boolean usesScratch;
    private int scratchSize;

    /** The main function of a program. */
    Body(Module module, String name, int stackLimit) {
        this(module, name, stackLimit, Optional.empty(), 0, new ArrayList<>());
    }

    private Body(Module module, String name, int stackLimit, Optional<Body> outer, int capturesParameter, List<IrProgram.Function> callbacks) {
        this.module = module;
        this.outer = outer;
        this.capturesParameter = capturesParameter;
        this.ir = new IrBuilder(name);
        this.stackLimit = stackLimit;
        this.callbacks = callbacks;
        this.context = ir.register();
        this.scratch = ir.register();
        this.pidTgid = ir.register();
        this.captures = ir.register();
        this.leave = ir.label();
    }

    /** A function that the kernel calls for each round of a loop, inside this one; {@code captures} is its parameter for the captured variables. */
    Body callback(int captures) {
        return new Body(module, "entry_" + callbacks.size() + "_" + depth(), stackLimit, Optional.of(this), captures, callbacks);
    }

    /** How many functions are under way in this one, with itself. */
    int depth() {
        return outer.map(Body::depth).orElse(0) + 1;
    }

    /** How many functions are made, with those under way. */
    int functions() {
        return callbacks.size() + depth();
    }

    Module module() {
        return module;
    }

    IrBuilder ir() {
        return ir;
    }

    Operand.Register context() {
        return context;
    }

    /** Where the function's run ends: the probe's run in a main function. */
    Operation.Label leave() {
        return leave;
    }

    Deque<Loop> loops() {
        return loops;
    }

    Operand.Register pidTgid() {
        usesPid = true;
        return pidTgid;
    }

    Home home(Variable variable) {
        Home own = homes.get(variable);
        return own != null || outer.isEmpty() ? own : captured(variable);
    }

    /** Where a variable of an outer function is, seen from here. */
    private Home captured(Variable variable) {
        Body owner = outer.get();
        Operand.Register pointer = captures;
        while (owner.homes.get(variable) == null) {
            if (owner.outer.isEmpty()) {
                return null;
            }
            pointer = ir.load(new Address.AtRegister(pointer, CAPTURED_OUTER), 8, false);
            owner = owner.outer.get();
        }
        return switch (owner.homes.get(variable)) {
            case Home.InPlace(Address.InFrame(_, int offset)) -> new Home.InPlace(new Address.AtRegister(pointer, offset));
            case Home.InPlace(Address.AtRegister(_, int offset)) ->
                    new Home.InPlace(new Address.AtRegister(ir.load(new Address.AtRegister(pointer, CAPTURED_SCRATCH), 8, false), offset));
            case Home.InRegister register -> throw new IllegalStateException(variable + " is captured and in " + register);
        };
    }

    void place(Variable variable, Home home) {
        homes.put(variable, home);
    }

    /** Lays out the slot that callbacks reach outer variables through. */
    void capture(List<Variable> variables, Function<Variable, Type> typeOf) {
        int offset = CAPTURES_START;
        captureSize = CAPTURES_START;
        List<Variable> small = new ArrayList<>();
        for (Variable variable : variables) {
            int size = (typeOf.apply(variable).size() + 7) & -8;
            if (size <= LARGE_CAPTURE && !hidden(variable, typeOf.apply(variable)) && !offStack(typeOf.apply(variable))) {
                small.add(variable);
                captureSize += size;
            } else {
                place(variable, new Home.InPlace(scratchPlace(size)));
            }
        }
        FrameSlot slot = ir.slot(captureSize, 8);
        captureSlot = Optional.of(slot);
        for (Variable variable : small) {
            place(variable, new Home.InPlace(new Address.InFrame(slot, offset)));
            offset += (typeOf.apply(variable).size() + 7) & -8;
        }
    }

    /** Fills the capture slot before a callback is used; gives its address. */
    Operand.Register captures() {
        if (captureSlot.isEmpty()) {
            captureSlot = Optional.of(ir.slot(CAPTURES_START, 8));
        }
        Address slot = new Address.InFrame(captureSlot.get(), 0);
        ir.store(slot.plus(CAPTURED_CONTEXT), 8, context);
        if (usesScratch) {
            ir.store(slot.plus(CAPTURED_SCRATCH), 8, scratch);
        }
        if (outer.isPresent()) {
            ir.store(slot.plus(CAPTURED_OUTER), 8, captures);
        }
        ir.store(slot.plus(CAPTURED_LEAVE), 8, Operand.of(0));
        return ir.addressOf(slot);
    }

    /** Whether a callback wants the probe to be left. */
    Operand.Register leaving() {
        return ir.load(new Address.InFrame(captureSlot.orElseThrow(), CAPTURED_LEAVE), 8, false);
    }

    /** In a callback: tells the outer function that the probe is to be left. */
    void markLeaving() {
        ir.store(new Address.AtRegister(captures, CAPTURED_LEAVE), 8, Operand.of(1));
    }

    /** A temporary of {@code size} bytes: on the stack when it is small, else in this program's per-CPU block. */
    Address temporary(int size) {
        int rounded = Math.max(8, (size + 7) & -8);
        return rounded <= stackLimit ? new Address.InFrame(ir.slot(rounded, 8), 0) : scratchPlace(rounded);
    }

    private Address scratchPlace(int rounded) {
        int offset = scratchSize;
        scratchSize += rounded;
        usesScratch = true;
        return new Address.AtRegister(scratch, offset);
    }

    /** A word that functions called back by this one can reach with {@link #outerShared}. */
    Address shared() {
        return scratchPlace(8);
    }

    /** In a callback: a word that the function that calls it has shared. */
    Address outerShared(Address place) {
        return new Address.AtRegister(ir.load(new Address.AtRegister(captures, CAPTURED_SCRATCH), 8, false), ((Address.AtRegister) place).offset());
    }

    /**
     * Whether a variable has to be in a map's memory, of which the verifier does not know the content: in a register or on the stack it would look
     * different in each round of a loop. Pointers to the program's own memory have to be known.
     */
    private static boolean hidden(Variable variable, Type type) {
        return variable.carried() && mayBeHidden(type);
    }

    private static boolean mayBeHidden(Type type) {
        return !(type instanceof Type.Pointer(_, AddressSpace space) && space == AddressSpace.PROGRAM);
    }

    /** Whether a variable may take neither a register, which might end up on the stack, nor the stack. */
    private boolean offStack(Type type) {
        return stackLimit < 0 && mayBeHidden(type);
    }

    /** A home for a variable of {@code type} that is not captured. */
    Home newHome(Variable variable, Type type) {
        if (hidden(variable, type) || offStack(type)) {
            return new Home.InPlace(scratchPlace((type.size() + 7) & -8));
        }
        return type.isScalar() ? new Home.InRegister(ir.register()) : new Home.InPlace(temporary(type.size()));
    }

    /** The address of a callback that goes on with every entry, so that the walk's result is their number. */
    Operand.Register countingCallback() {
        String name = "next_entry";
        if (callbacks.stream().noneMatch(f -> f.name().equals(name))) {
            var callback = new IrBuilder(name);
            callback.ret(0);
            callbacks.add(callback.build());
        }
        return address(name);
    }

    /** Adds the function {@code name} to the program, when it has none of that name. */
    void define(String name, Optional<Span> span, Consumer<IrBuilder> body) {
        for (IrProgram.Function function : callbacks) {
            if (function.name().equals(name)) {
                return;
            }
        }
        var builder = new IrBuilder(name);
        builder.at(span);
        body.accept(builder);
        callbacks.add(builder.build());
    }

    private Operand.Register address(String function) {
        var address = ir.register();
        ir.add(new Operation.FunctionAddress(address, function));
        return address;
    }

    /** Ends {@code callback}, which was made for this function; gives its address. */
    Operand.Register finish(Body callback) {
        callbacks.add(callback.function());
        return address(callback.function().name());
    }

    /** The main function and all callbacks. */
    IrProgram finish() {
        List<IrProgram.Function> functions = new ArrayList<>();
        functions.add(function());
        functions.addAll(callbacks);
        return new IrProgram(functions);
    }

    /** The function, its start put before what was lowered. */
    private IrProgram.Function function() {
        if (!start.isEmpty()) {
            return build(start);
        }
        if (outer.isEmpty()) {
            add(new Operation.Parameter(context, 0));
        } else {
            add(new Operation.Parameter(captures, capturesParameter));
            add(new Operation.Load(context, new Address.AtRegister(captures, CAPTURED_CONTEXT), 8, false));
        }
        if (usesPid) {
            readPid();
        }
        if (scratchSize > 0) {
            scratchStart();
        }
        return build(start);
    }

    /** In the pid namespace of this process, when that is not the machine's first; tasks outside of it have number 0. */
    private void readPid() {
        var namespace = module.pidNamespace();
        if (namespace.isEmpty()) {
            add(new Operation.CallHelper(Optional.of(pidTgid), BpfHelper.GET_CURRENT_PID_TGID.number(), List.of()));
            return;
        }
        Address numbers = new Address.InFrame(ir.slot(8, 8), 0);
        var pointer = ir.register();
        add(new Operation.AddressOf(pointer, numbers));
        add(new Operation.CallHelper(Optional.empty(), BpfHelper.GET_NS_CURRENT_PID_TGID.number(),
                List.of(Operand.of(namespace.get().device()), Operand.of(namespace.get().inode()), pointer, Operand.of(8))));
        add(new Operation.Load(pidTgid, numbers, 8, false));
    }

    private IrProgram.Function build(List<IrProgram.Line> first) {
        IrProgram.Function body = ir.build();
        List<IrProgram.Line> lines = new ArrayList<>(parameters);
        lines.addAll(first);
        lines.addAll(body.lines());
        return new IrProgram.Function(body.name(), lines, body.slots(), body.registers());
    }

    /** Parameter {@code index} of a callback: in a loop over a map 1 is the key's address, 2 the value's; in one over numbers 0 is the round. */
    Operand.Register parameter(int index) {
        var register = ir.register();
        parameters.add(new IrProgram.Line(new Operation.Parameter(register, index), Optional.empty()));
        return register;
    }

    private void scratchStart() {
        int size = 64;
        while (size < scratchSize) {
            size <<= 1;
        }
        int map = module.scratch(size);
        var cpu = ir.register();
        var slot = ir.register();
        var offset = ir.register();
        var base = ir.register();
        add(new Operation.CallHelper(Optional.of(cpu), BpfHelper.GET_SMP_PROCESSOR_ID.number(), List.of()));
        add(new Operation.Alu(AluOperation.AND, slot, cpu, Operand.of(module.cpuSlots() - 1)));
        add(new Operation.Alu(AluOperation.LSH, offset, slot, Operand.of(Integer.numberOfTrailingZeros(size))));
        add(new Operation.MapValue(base, map, 0));
        add(new Operation.Alu(AluOperation.ADD, scratch, base, offset));
    }

    private void add(Operation operation) {
        start.add(new IrProgram.Line(operation, Optional.empty()));
    }
}
