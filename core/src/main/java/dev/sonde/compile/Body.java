package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.types.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The state of one function while it is lowered: its code so far, where its variables are, its loops, its temporaries. */
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

    private final Module module;
    private final IrBuilder ir;
    private final Operand.Register context;
    private final Operand.Register scratch;
    private final Operand.Register pidTgid;
    private final Operation.Label leave;
    private final int stackLimit;
    private final Map<Variable, Home> homes = new IdentityHashMap<>();
    private final Deque<Loop> loops = new ArrayDeque<>();
    private final List<IrProgram.Function> callbacks;
    private boolean usesPid;
    private int scratchSize;

    Body(Module module, String name, int stackLimit) {
        this.module = module;
        this.ir = new IrBuilder(name);
        this.stackLimit = stackLimit;
        this.context = ir.register();
        this.scratch = ir.register();
        this.pidTgid = ir.register();
        this.leave = ir.label();
        this.callbacks = new ArrayList<>();
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

    /** Where the probe's run ends. */
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
        return homes.get(variable);
    }

    void place(Variable variable, Home home) {
        homes.put(variable, home);
    }

    /** A temporary of {@code size} bytes: on the stack when it is small, else in this program's per-CPU block. */
    Address temporary(int size) {
        int rounded = Math.max(8, (size + 7) & -8);
        if (rounded <= stackLimit) {
            return new Address.InFrame(ir.slot(rounded, 8), 0);
        }
        int offset = scratchSize;
        scratchSize += rounded;
        return new Address.AtRegister(scratch, offset);
    }

    /** A home for a variable of {@code type} that is not captured. */
    Home newHome(Type type) {
        return type.isScalar() ? new Home.InRegister(ir.register()) : new Home.InPlace(temporary(type.size()));
    }

    void callback(IrProgram.Function function) {
        callbacks.add(function);
    }

    /** The address of a callback that goes on with every entry, so that the walk's result is their number. */
    Operand.Register countingCallback() {
        String name = "next_entry";
        if (callbacks.stream().noneMatch(f -> f.name().equals(name))) {
            var callback = new IrBuilder(name);
            callback.ret(0);
            callbacks.add(callback.build());
        }
        var address = ir.register();
        ir.add(new Operation.FunctionAddress(address, name));
        return address;
    }

    /** The main function, its start put before what was lowered, and its callbacks. */
    IrProgram finish() {
        IrProgram.Function body = ir.build();
        List<IrProgram.Line> lines = new ArrayList<>();
        add(lines, new Operation.Parameter(context, 0));
        if (usesPid) {
            add(lines, new Operation.CallHelper(java.util.Optional.of(pidTgid), BpfHelper.GET_CURRENT_PID_TGID.number(), List.of()));
        }
        int registers = body.registers();
        if (scratchSize > 0) {
            registers = scratchStart(lines, registers);
        }
        lines.addAll(body.lines());
        List<IrProgram.Function> functions = new ArrayList<>();
        functions.add(new IrProgram.Function(body.name(), lines, body.slots(), registers));
        functions.addAll(callbacks);
        return new IrProgram(functions);
    }

    private int scratchStart(List<IrProgram.Line> lines, int registers) {
        int size = 64;
        while (size < scratchSize) {
            size <<= 1;
        }
        int map = module.scratch(size);
        var cpu = new Operand.Register(registers);
        var slot = new Operand.Register(registers + 1);
        var offset = new Operand.Register(registers + 2);
        var base = new Operand.Register(registers + 3);
        add(lines, new Operation.CallHelper(java.util.Optional.of(cpu), BpfHelper.GET_SMP_PROCESSOR_ID.number(), List.of()));
        add(lines, new Operation.Alu(AluOperation.AND, slot, cpu, Operand.of(module.cpuSlots() - 1)));
        add(lines, new Operation.Alu(AluOperation.LSH, offset, slot, Operand.of(Integer.numberOfTrailingZeros(size))));
        add(lines, new Operation.MapValue(base, map, 0));
        add(lines, new Operation.Alu(AluOperation.ADD, scratch, base, offset));
        return registers + 4;
    }

    private static void add(List<IrProgram.Line> lines, Operation operation) {
        lines.add(new IrProgram.Line(operation, java.util.Optional.empty()));
    }
}
