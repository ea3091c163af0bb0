package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.AtomicOperation;
import dev.sonde.asm.Code;
import dev.sonde.asm.Condition;
import dev.sonde.asm.Instruction;
import dev.sonde.asm.Register;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.List;
import java.util.Map;

/**
 * Writes the instructions of one function whose registers and frame are laid out: two-address form, extensions by moves, masks and shifts (so that
 * kernels before 6.6 run them), moves of call arguments. Decides nothing that another pass could see.
 */
final class AssembleFunction {
    private final IrProgram.Function function;
    private final AssignRegisters registers;
    private final LayOutFrame frame;
    private final Code.Builder code;
    private final Map<String, Instruction.Label> functions;
    private final int firstLabel;

    private AssembleFunction(AllocateRegisters.Allocation allocation, LayOutFrame frame, Code.Builder code,
            Map<String, Instruction.Label> functions, int firstLabel) {
        function = allocation.function();
        registers = allocation.registers();
        this.frame = frame;
        this.code = code;
        this.functions = functions;
        this.firstLabel = firstLabel;
    }

    /** Appends the instructions to {@code code}; its labels get numbers from {@code firstLabel}. */
    static void apply(AllocateRegisters.Allocation allocation, LayOutFrame frame, Code.Builder code, Map<String, Instruction.Label> functions,
            int firstLabel) {
        new AssembleFunction(allocation, frame, code, functions, firstLabel).assemble();
    }

    private void assemble() {
        for (var line : function.lines()) {
            code.at(line.span());
            assemble(line.operation());
        }
    }

    private void assemble(Operation operation) {
        switch (operation) {
            case Operation.Constant(var dst, long value) -> constant(at(dst), value);
            case Operation.Copy(var dst, var src) -> move(at(dst), at(src));
            case Operation.Alu alu -> alu(alu);
            case Operation.Negate(var dst, var src) -> {
                move(at(dst), at(src));
                code.add(new Instruction.AluImmediate(AluOperation.NEG, true, at(dst), 0));
            }
            case Operation.Extend(var dst, var src, int bits, boolean signed) -> extend(at(dst), at(src), bits, signed);
            case Operation.ByteSwap(var dst, var src, int bits) -> {
                move(at(dst), at(src));
                code.add(new Instruction.ByteSwap(at(dst), bits, true));
            }
            case Operation.Load(var dst, var from, int width, boolean signed) -> load(at(dst), from, width, signed);
            case Operation.Store(var to, int width, var value) -> store(to, width, value);
            case Operation.AtomicAdd(var to, int width, var value) ->
                    code.add(new Instruction.Atomic(AtomicOperation.ADD, width, base(to), offset(to), at(value)));
            case Operation.AddressOf(var dst, var place) -> addressOf(at(dst), place);
            case Operation.MapHandle(var dst, int map) -> code.add(new Instruction.LoadMap(at(dst), map));
            case Operation.MapValue(var dst, int map, int offset) -> code.add(new Instruction.LoadMapValue(at(dst), map, offset));
            case Operation.FunctionAddress(var dst, var name) -> code.add(new Instruction.LoadFunction(at(dst), functions.get(name)));
            case Operation.Parameter(var dst, int index) -> moveIfRead(dst, Register.of(index + 1));
            case Operation.CallHelper call -> call(call, new Instruction.CallHelper(call.helper()));
            case Operation.CallKernelFunction call -> call(call, new Instruction.CallKernelFunction(call.name(), call.btfId()));
            case Operation.CallFunction call -> call(call, new Instruction.CallLocal(functions.get(call.function())));
            case Operation.Label label -> code.add(label(label));
            case Operation.Jump(var target) -> code.add(new Instruction.Jump(label(target)));
            case Operation.Branch(var condition, var left, var right, var target) -> branch(condition, true, at(left), right, label(target));
            case Operation.NarrowBranch(var condition, var left, var right, var target) ->
                    branch(condition, false, at(left), right, label(target));
            case Operation.LoopBudget(var target) -> code.add(new Instruction.MayGoto(label(target)));
            case Operation.Return(var value) -> {
                bring(Register.R0, value);
                code.add(new Instruction.Exit());
            }
        }
    }

    private Register at(Operand register) {
        return registers.of((Operand.Register) register);
    }

    private Instruction.Label label(Operation.Label label) {
        return new Instruction.Label(firstLabel + label.number());
    }

    private void move(Register to, Register from) {
        if (to != from) {
            code.add(new Instruction.Alu(AluOperation.MOV, true, to, from));
        }
    }

    private void moveIfRead(Operand.Register dst, Register from) {
        if (at(dst) != null) {
            move(at(dst), from);
        }
    }

    private void bring(Register to, Operand value) {
        if (value instanceof Operand.Constant(long constant)) {
            constant(to, constant);
        } else {
            move(to, at(value));
        }
    }

    private void constant(Register to, long value) {
        if (value == (int) value) {
            code.add(new Instruction.AluImmediate(AluOperation.MOV, true, to, (int) value));
        } else if (value >>> 32 == 0) {
            code.add(new Instruction.AluImmediate(AluOperation.MOV, false, to, (int) value));
        } else {
            code.add(new Instruction.LoadConstant(to, value));
        }
    }

    private void alu(Operation.Alu alu) {
        var dst = at(alu.dst());
        var left = at(alu.left());
        if (alu.right() instanceof Operand.Constant(long value)) {
            move(dst, left);
            code.add(new Instruction.AluImmediate(alu.operation(), true, dst, (int) value));
            return;
        }
        var right = at(alu.right());
        boolean exchange = dst == right && dst != left;
        move(dst, exchange ? right : left);
        code.add(new Instruction.Alu(alu.operation(), true, dst, exchange ? left : right));
    }

    private void extend(Register dst, Register src, int bits, boolean signed) {
        if (signed) {
            move(dst, src);
            signExtend(dst, bits);
        } else if (bits == 32) {
            code.add(new Instruction.Alu(AluOperation.MOV, false, dst, src));
        } else {
            move(dst, src);
            code.add(new Instruction.AluImmediate(AluOperation.AND, true, dst, (1 << bits) - 1));
        }
    }

    private void signExtend(Register register, int bits) {
        code.add(new Instruction.AluImmediate(AluOperation.LSH, true, register, 64 - bits));
        code.add(new Instruction.AluImmediate(AluOperation.ARSH, true, register, 64 - bits));
    }

    private Register base(Address place) {
        return place instanceof Address.AtRegister(var base, _) ? at(base) : Register.R10;
    }

    private int offset(Address place) {
        if (place instanceof Address.AtRegister(_, int offset)) {
            return offset;
        }
        var inFrame = (Address.InFrame) place;
        return frame.offset(inFrame.slot()) + inFrame.offset();
    }

    private void load(Register dst, Address from, int width, boolean signed) {
        code.add(new Instruction.Load(width, false, dst, base(from), offset(from)));
        if (signed && width < 8) {
            signExtend(dst, 8 * width);
        }
    }

    private void store(Address to, int width, Operand value) {
        code.add(value instanceof Operand.Constant(long constant)
                ? new Instruction.StoreImmediate(width, base(to), offset(to), (int) constant)
                : new Instruction.Store(width, base(to), offset(to), at(value)));
    }

    private void addressOf(Register dst, Address place) {
        move(dst, base(place));
        if (offset(place) != 0) {
            code.add(new Instruction.AluImmediate(AluOperation.ADD, true, dst, offset(place)));
        }
    }

    private void branch(Condition condition, boolean wide, Register left, Operand right, Instruction.Label target) {
        code.add(right instanceof Operand.Constant(long value)
                ? new Instruction.JumpIfImmediate(condition, wide, left, (int) value, target)
                : new Instruction.JumpIf(condition, wide, left, at(right), target));
    }

    /** Registers are moved first, since a constant needs no register that another argument may still be read from. */
    private void call(Operation operation, Instruction call) {
        List<Operand> arguments = Effects.arguments(operation);
        var sources = new Register[arguments.size()];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = arguments.get(i) instanceof Operand.Register register ? at(register) : null;
        }
        MoveArguments.apply(sources, this::move);
        for (int i = 0; i < sources.length; i++) {
            if (arguments.get(i) instanceof Operand.Constant(long value)) {
                constant(Register.of(i + 1), value);
            }
        }
        code.add(call);
        int written = Effects.written(operation);
        if (written >= 0) {
            moveIfRead(new Operand.Register(written), Register.R0);
        }
    }
}
