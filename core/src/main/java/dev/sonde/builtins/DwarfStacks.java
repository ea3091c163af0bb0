package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.probes.ProbeContext;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.EventSpec;
import dev.sonde.target.Feature;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;

/** Reads user stacks by unwind tables. A process without tables is walked by frame pointers, and asked for. */
final class DwarfStacks {
    /** BPF_NOEXIST */
    private static final int CREATE_ONLY = 1;

    private DwarfStacks() {}

    /** Whether the target has what that takes; else a mistake is added. */
    static boolean check(Checking call) {
        if (call.context().userRegister("ip").isEmpty() && !call.target().has(Feature.TASK_PT_REGS)) {
            call.report(call.span(), DiagnosticCode.NOT_COMPILED, "the registers of the user program cannot be had here before kernel "
                    + Feature.TASK_PT_REGS.since(), "Use ustack(fp), or a user probe.");
            return false;
        }
        return true;
    }

    /** Reads the frames into {@code buffer}; gives the address of the word with their number, which the addresses follow. */
    static Operand.Register read(Lowering call, Type.Stack stack, Address buffer) {
        IrBuilder ir = call.ir();
        Operand.Register first = ir.register();
        Operation.Label known = ir.label();
        Operation.Label done = ir.label();
        Operand pid = ir.alu(AluOperation.RSH, call.pidTgid(), 32);
        Address key = call.temporary(8);
        ir.store(key, 8, pid);
        Operand.Register process = ir.call(BpfHelper.MAP_LOOKUP_ELEM, ir.map(call.internalMap(Lowering.Internal.UNWIND_PROCESSES)),
                ir.addressOf(key));
        walk(call, stack, buffer, process);
        ir.copy(first, ir.addressOf(buffer));
        ir.branch(Condition.NE, process, 0, known);
        askOnce(call, pid, key);
        ir.branch(Condition.EQ, ir.load(buffer.plus(UnwindWalk.UNKNOWN), 8, false), 0, done);
        ir.copy(first, Stacks.read(call, stack, buffer));
        ir.jump(done);
        ir.place(known);
        ir.branch(Condition.EQ, ir.load(buffer.plus(UnwindWalk.MISSED), 8, false), 0, done);
        ask(call, pid);
        ir.place(done);
        return first;
    }

    private static void walk(Lowering call, Type.Stack stack, Address buffer, Operand.Register process) {
        IrBuilder ir = call.ir();
        call.zero(buffer, 8 * (stack.limit() <= Stacks.FEW ? stack.limit() + 2 : 1));
        UnwindStep processor = UnwindStep.of(call.target().architecture());
        registers(call, processor, buffer);
        ir.store(buffer.plus(UnwindWalk.EXACT), 8, Operand.of(1));
        ir.store(buffer.plus(UnwindWalk.LIMIT), 8, Operand.of(stack.limit()));
        ir.store(buffer.plus(UnwindWalk.MISSED), 8, Operand.of(0));
        ir.store(buffer.plus(UnwindWalk.UNKNOWN), 8, Operand.of(0));
        // So bpftrace has it: dw_ustack shows calls, ustack the addresses behind them.
        ir.store(buffer.plus(UnwindWalk.CALLS), 8, Operand.of(Stacks.showsCalls(call) ? 1 : 0));
        Optional<MappedFile> file = call.target().has(Feature.FIND_VMA)
                ? MappedFile.of(call.kernelTypes(), call.target().pageSize()) : Optional.empty();
        file.ifPresent(f -> call.defineFunction(MappedFile.NAME, f::callback));
        var maps = new UnwindWalk.Maps(call.internalMap(Lowering.Internal.UNWIND_ROWS), call.internalMap(Lowering.Internal.UNWIND_FILES), file,
                call.target().has(Feature.MAY_GOTO));
        call.defineFunction(UnwindWalk.NAME, function -> UnwindWalk.make(function, processor, maps));
        ir.add(new Operation.CallFunction(Optional.empty(), UnwindWalk.NAME, List.of(ir.addressOf(buffer), process)));
    }

    private static void registers(Lowering call, UnwindStep processor, Address buffer) {
        IrBuilder ir = call.ir();
        ProbeContext context = call.context();
        if (context.userRegister("ip").isPresent()) {
            for (UnwindStep.Start register : processor.registers()) {
                ir.store(buffer.plus(register.place()), 8, call.scalar(call.read(context.userRegister(register.name()).orElseThrow())));
            }
            return;
        }
        Operand.Register saved = ir.call(BpfHelper.TASK_PT_REGS, ir.call(BpfHelper.GET_CURRENT_TASK_BTF));
        for (UnwindStep.Start register : processor.registers()) {
            int offset = call.target().architecture().offsetOf(register.name()).orElseThrow();
            ir.store(buffer.plus(register.place()), 8, ir.load(new Address.AtRegister(saved, offset), 8, false));
        }
    }

    /** Asks for a process that was not asked for before. */
    private static void askOnce(Lowering call, Operand pid, Address key) {
        IrBuilder ir = call.ir();
        Operation.Label asked = ir.label();
        Operand.Register failed = ir.call(BpfHelper.MAP_UPDATE_ELEM, ir.map(call.internalMap(Lowering.Internal.UNWIND_ASKED)), ir.addressOf(key),
                ir.addressOf(key), Operand.of(CREATE_ONLY));
        ir.branch(Condition.NE, failed, 0, asked);
        ask(call, pid);
        ir.place(asked);
    }

    private static void ask(Lowering call, Operand pid) {
        call.send(List.of(Type.UINT32), _ -> new Value.Scalar(Type.UINT32, pid), fields -> new EventSpec.Action.LoadUnwindTables(fields.getFirst()));
    }
}
