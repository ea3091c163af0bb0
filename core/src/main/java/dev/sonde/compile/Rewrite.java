package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.ir.Address;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Copies of an operation with other registers, labels or places. An operation that stays as it is comes back as the same object. */
final class Rewrite {
    /** What to read instead of a register. A place that must be a register ignores a constant. */
    interface Reads {
        Operand of(Operand.Register register);
    }

    private Rewrite() {}

    /** {@code operation} reading other operands. */
    static Operation reads(Operation operation, Reads reads) {
        return switch (operation) {
            case Operation.Copy(var dst, var src) -> copy(operation, dst, src, reads.of(src));
            case Operation.Alu(var op, var dst, var left, var right) -> alu(operation, op, dst, left, right, reads);
            case Operation.Negate(var dst, var src) -> register(src, reads) == src ? operation : new Operation.Negate(dst, register(src, reads));
            case Operation.Extend(var dst, var src, int bits, boolean signed) ->
                    register(src, reads) == src ? operation : new Operation.Extend(dst, register(src, reads), bits, signed);
            case Operation.ByteSwap(var dst, var src, int bits) ->
                    register(src, reads) == src ? operation : new Operation.ByteSwap(dst, register(src, reads), bits);
            case Operation.Load(var dst, var from, int width, boolean signed) ->
                    address(from, reads) == from ? operation : new Operation.Load(dst, address(from, reads), width, signed);
            case Operation.Store(var to, int width, var value) -> new Operation.Store(address(to, reads), width, operand(value, reads));
            case Operation.AtomicAdd(var to, int width, var value) ->
                    new Operation.AtomicAdd(address(to, reads), width, register(value, reads));
            case Operation.AddressOf(var dst, var place) ->
                    address(place, reads) == place ? operation : new Operation.AddressOf(dst, address(place, reads));
            case Operation.CallHelper call -> call.arguments().isEmpty() ? call
                    : new Operation.CallHelper(call.dst(), call.helper(), operands(call.arguments(), reads));
            case Operation.CallKernelFunction call ->
                    new Operation.CallKernelFunction(call.dst(), call.name(), call.btfId(), operands(call.arguments(), reads));
            case Operation.CallFunction call -> new Operation.CallFunction(call.dst(), call.function(), operands(call.arguments(), reads));
            case Operation.Branch(var condition, var left, var right, var target) ->
                    new Operation.Branch(condition, register(left, reads), operand(right, reads), target);
            case Operation.NarrowBranch(var condition, var left, var right, var target) ->
                    new Operation.NarrowBranch(condition, register(left, reads), operand(right, reads), target);
            case Operation.Return(var value) -> operand(value, reads) == value ? operation : new Operation.Return(operand(value, reads));
            case Operation.Constant _, Operation.MapHandle _, Operation.MapValue _, Operation.FunctionAddress _, Operation.Parameter _,
                    Operation.Label _, Operation.Jump _, Operation.LoopBudget _ -> operation;
        };
    }

    private static Operation copy(Operation before, Operand.Register dst, Operand.Register src, Operand read) {
        if (read instanceof Operand.Constant(long value)) {
            return new Operation.Constant(dst, value);
        }
        return read == src ? before : new Operation.Copy(dst, (Operand.Register) read);
    }

    private static Operation alu(Operation before, AluOperation op, Operand.Register dst, Operand left, Operand right, Reads reads) {
        Operand newLeft = operand(left, reads);
        Operand newRight = operand(right, reads);
        return newLeft == left && newRight == right ? before : new Operation.Alu(op, dst, newLeft, newRight);
    }

    private static List<Operand> operands(List<Operand> operands, Reads reads) {
        var changed = new ArrayList<Operand>(operands.size());
        for (int i = 0; i < operands.size(); i++) {
            changed.add(operand(operands.get(i), reads));
        }
        return changed;
    }

    private static Operand operand(Operand operand, Reads reads) {
        return operand instanceof Operand.Register register ? reads.of(register) : operand;
    }

    private static Operand.Register register(Operand.Register register, Reads reads) {
        return reads.of(register) instanceof Operand.Register other ? other : register;
    }

    private static Address address(Address address, Reads reads) {
        if (address instanceof Address.AtRegister(var base, int offset)) {
            var other = register(base, reads);
            return other == base ? address : new Address.AtRegister(other, offset);
        }
        return address;
    }

    /** {@code operation} assigning {@code dst}; it must assign something. */
    static Operation written(Operation operation, Operand.Register dst) {
        return switch (operation) {
            case Operation.Constant(_, long value) -> new Operation.Constant(dst, value);
            case Operation.Copy(_, var src) -> new Operation.Copy(dst, src);
            case Operation.Alu(var op, _, var left, var right) -> new Operation.Alu(op, dst, left, right);
            case Operation.Negate(_, var src) -> new Operation.Negate(dst, src);
            case Operation.Extend(_, var src, int bits, boolean signed) -> new Operation.Extend(dst, src, bits, signed);
            case Operation.ByteSwap(_, var src, int bits) -> new Operation.ByteSwap(dst, src, bits);
            case Operation.Load(_, var from, int width, boolean signed) -> new Operation.Load(dst, from, width, signed);
            case Operation.AddressOf(_, var place) -> new Operation.AddressOf(dst, place);
            case Operation.MapHandle(_, int map) -> new Operation.MapHandle(dst, map);
            case Operation.MapValue(_, int map, int offset) -> new Operation.MapValue(dst, map, offset);
            case Operation.FunctionAddress(_, var function) -> new Operation.FunctionAddress(dst, function);
            case Operation.Parameter(_, int index) -> new Operation.Parameter(dst, index);
            case Operation.CallHelper call -> new Operation.CallHelper(Optional.of(dst), call.helper(), call.arguments());
            case Operation.CallKernelFunction call ->
                    new Operation.CallKernelFunction(Optional.of(dst), call.name(), call.btfId(), call.arguments());
            case Operation.CallFunction call -> new Operation.CallFunction(Optional.of(dst), call.function(), call.arguments());
            case Operation.Store _, Operation.AtomicAdd _, Operation.Label _, Operation.Jump _, Operation.Branch _,
                    Operation.NarrowBranch _, Operation.LoopBudget _, Operation.Return _ ->
                    throw new IllegalArgumentException(operation + " assigns nothing");
        };
    }

    /** A call that drops its result; any other operation stays as it is. */
    static Operation withoutResult(Operation call) {
        if (call instanceof Operation.CallHelper(_, int helper, var arguments)) {
            return new Operation.CallHelper(Optional.empty(), helper, arguments);
        }
        if (call instanceof Operation.CallKernelFunction(_, var name, int id, var arguments)) {
            return new Operation.CallKernelFunction(Optional.empty(), name, id, arguments);
        }
        return call instanceof Operation.CallFunction(_, var function, var arguments)
                ? new Operation.CallFunction(Optional.empty(), function, arguments) : call;
    }

    /** {@code operation} jumping to {@code target}; one that does not jump stays as it is. */
    static Operation target(Operation operation, Operation.Label target) {
        if (operation instanceof Operation.Branch(var condition, var left, var right, _)) {
            return new Operation.Branch(condition, left, right, target);
        }
        if (operation instanceof Operation.NarrowBranch(var condition, var left, var right, _)) {
            return new Operation.NarrowBranch(condition, left, right, target);
        }
        if (operation instanceof Operation.LoopBudget) {
            return new Operation.LoopBudget(target);
        }
        return operation instanceof Operation.Jump ? new Operation.Jump(target) : operation;
    }
}
