package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes every operation one that the instruction set can express once registers are chosen.
 * <ul>
 * <li>The left operand of arithmetic becomes a register; constants that do not fit 32 signed bits go into registers of their own.
 * <li>Shift amounts are cut to 6 bits; divisions by the constants the verifier refuses or machines disagree about are done away with.
 * <li>Offsets beyond 16 bits are added to the base first.
 * </ul>
 * Leaves call arguments, which may be constants of any size, and everything about which physical register or stack byte is used.
 */
final class Legalise {
    private final IrProgram.Function function;
    private final List<IrProgram.Line> result;
    private Optional<Span> span = Optional.empty();
    private int registers;

    private Legalise(IrProgram.Function function) {
        this.function = function;
        registers = function.registers();
        result = new ArrayList<>(function.lines().size() + 8);
    }

    /** {@code function} in operations that can be encoded. */
    static IrProgram.Function apply(IrProgram.Function function) {
        return new Legalise(function).legalise();
    }

    private IrProgram.Function legalise() {
        for (var line : function.lines()) {
            span = line.span();
            var operation = legal(line.operation());
            result.add(operation == line.operation() ? line : new IrProgram.Line(operation, span));
        }
        return new IrProgram.Function(function.name(), result, function.slots(), registers);
    }

    private Operation legal(Operation operation) {
        return switch (operation) {
            case Operation.Alu alu -> alu(alu);
            case Operation.Branch(var condition, var left, var right, var target) when !fits(right) ->
                    new Operation.Branch(condition, left, inRegister(right), target);
            case Operation.Load(var dst, var from, int width, boolean signed) when far(from) -> new Operation.Load(dst, near(from), width, signed);
            case Operation.Store(var to, int width, var value) when far(to) || width == 8 && !fits(value) ->
                    new Operation.Store(far(to) ? near(to) : to, width, width == 8 && !fits(value) ? inRegister(value) : value);
            case Operation.AtomicAdd(var to, int width, var value) when far(to) -> new Operation.AtomicAdd(near(to), width, value);
            case Operation.AddressOf(var dst, Address.AtRegister(var base, int offset)) when offset == 0 -> new Operation.Copy(dst, base);
            case Operation.Constant _, Operation.Copy _, Operation.Negate _, Operation.Extend _, Operation.ByteSwap _, Operation.Load _,
                    Operation.Store _, Operation.AtomicAdd _, Operation.AddressOf _, Operation.MapHandle _, Operation.MapValue _,
                    Operation.FunctionAddress _, Operation.Parameter _, Operation.CallHelper _, Operation.CallKernelFunction _,
                    Operation.CallFunction _, Operation.Label _, Operation.Jump _, Operation.Branch _, Operation.NarrowBranch _,
                    Operation.LoopBudget _, Operation.Return _ -> operation;
        };
    }

    private Operation alu(Operation.Alu alu) {
        var operation = alu.operation();
        if (alu.left() instanceof Operand.Constant) {
            return alu.right() instanceof Operand.Register right && SimplifyArithmetic.commutes(operation)
                    ? alu(new Operation.Alu(operation, alu.dst(), right, alu.left()))
                    : alu(new Operation.Alu(operation, alu.dst(), inRegister(alu.left()), alu.right()));
        }
        var left = (Operand.Register) alu.left();
        if (!(alu.right() instanceof Operand.Constant(long value))) {
            return apart(alu);
        }
        return switch (operation) {
            case LSH, RSH, ARSH -> shift(alu, left, value & 63);
            case DIV, MOD -> divide(alu, left, value);
            case AND -> value == 0xffff_ffffL ? new Operation.Extend(alu.dst(), left, 32, false) : withConstant(alu, left);
            case ADD, SUB, MUL, OR, XOR -> withConstant(alu, left);
            case NEG, MOV -> throw new IllegalArgumentException(alu + " is no arithmetic");
        };
    }

    /** {@code x = y - x} computes into a register of its own, for the result takes the left operand's place before the right one is read. */
    private Operation apart(Operation.Alu alu) {
        if (SimplifyArithmetic.commutes(alu.operation()) || !Effects.same(alu.dst(), alu.right()) || Effects.same(alu.left(), alu.right())) {
            return alu;
        }
        var register = new Operand.Register(registers++);
        result.add(new IrProgram.Line(new Operation.Alu(alu.operation(), register, alu.left(), alu.right()), span));
        return new Operation.Copy(alu.dst(), register);
    }

    private Operation shift(Operation.Alu alu, Operand.Register left, long amount) {
        return amount == 0 ? new Operation.Copy(alu.dst(), left) : new Operation.Alu(alu.operation(), alu.dst(), left, Operand.of(amount));
    }

    private Operation divide(Operation.Alu alu, Operand.Register left, long divisor) {
        if (divisor == 0) {
            return alu.operation() == AluOperation.DIV ? new Operation.Constant(alu.dst(), 0) : new Operation.Copy(alu.dst(), left);
        }
        return divisor > 0 && fits(alu.right()) ? alu : new Operation.Alu(alu.operation(), alu.dst(), left, inRegister(alu.right()));
    }

    private Operation withConstant(Operation.Alu alu, Operand.Register left) {
        return fits(alu.right()) ? alu : new Operation.Alu(alu.operation(), alu.dst(), left, inRegister(alu.right()));
    }

    private static boolean fits(Operand operand) {
        return !(operand instanceof Operand.Constant(long value)) || value == (int) value;
    }

    private Operand.Register inRegister(Operand operand) {
        var register = new Operand.Register(registers++);
        result.add(new IrProgram.Line(new Operation.Constant(register, ((Operand.Constant) operand).value()), span));
        return register;
    }

    private static boolean far(Address address) {
        return address instanceof Address.AtRegister(_, int offset) && offset != (short) offset;
    }

    private Address near(Address address) {
        var register = new Operand.Register(registers++);
        result.add(new IrProgram.Line(new Operation.AddressOf(register, address), span));
        return new Address.AtRegister(register, 0);
    }
}
