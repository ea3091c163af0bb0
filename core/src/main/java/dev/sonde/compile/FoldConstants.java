package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces what can be computed now and reads the original instead of a copy.
 * <ul>
 * <li>Constants and copies are propagated; arithmetic and comparisons of constants are done; {@link SimplifyArithmetic} lists the identities.
 * <li>Offsets are folded into the addresses of accesses.
 * <li>A narrow store does not ask for its value to be cut first.
 * <li>A branch that is decided becomes a jump or nothing; so does one of a jump to a branch on a register known there.
 * </ul>
 * Leaves assignments in place that nothing reads any more, and the shape of jumps.
 */
final class FoldConstants {
    private final IrProgram.Function function;
    private final Definitions definitions;
    private final KnownValues values;
    private final SimplifyArithmetic arithmetic;
    private final ThreadJumps threads;
    private final List<IrProgram.Line> result;

    private FoldConstants(IrProgram.Function function) {
        this.function = function;
        definitions = Definitions.of(function);
        values = new KnownValues(definitions, function.registers());
        arithmetic = new SimplifyArithmetic(definitions, values);
        threads = new ThreadJumps(function.lines(), this::holds);
        result = new ArrayList<>(function.lines().size());
    }

    /** {@code function} with its constants folded. */
    static IrProgram.Function apply(IrProgram.Function function) {
        return new FoldConstants(function).fold();
    }

    private IrProgram.Function fold() {
        for (int i = 0; i < function.lines().size(); i++) {
            var line = function.lines().get(i);
            var operation = line.operation();
            if (operation instanceof Operation.Label label) {
                leaveBefore(label, line);
                values.meet();
            }
            var folded = simplify(Rewrite.reads(threads.jump(operation, i), values::read));
            if (folded != null) {
                values.done(folded);
                result.add(folded == operation ? line : new IrProgram.Line(folded, line.span()));
            }
            threads.placeAfter(i, result);
        }
        return new IrProgram.Function(function.name(), result, function.slots(), function.registers());
    }

    /** Where the code falls into {@code label} and the branch there is decided, jumps on. */
    private void leaveBefore(Operation.Label label, IrProgram.Line line) {
        if (!result.isEmpty() && !Effects.endsPath(result.getLast().operation()) && !(result.getLast().operation() instanceof Operation.Label)) {
            var jump = threads.past(label);
            if (jump != null) {
                result.add(new IrProgram.Line(jump, line.span()));
            }
        }
    }

    /** A cheaper operation of the same effect; null for none at all. */
    private Operation simplify(Operation operation) {
        return switch (operation) {
            case Operation.Alu alu -> arithmetic.alu(alu);
            case Operation.Negate negate -> arithmetic.negate(negate);
            case Operation.Extend extend -> arithmetic.extend(extend);
            case Operation.ByteSwap swap -> arithmetic.byteSwap(swap);
            case Operation.Copy(var dst, var src) when dst.number() == src.number() -> null;
            case Operation.Load(var dst, var from, int width, boolean signed) -> new Operation.Load(dst, fold(from), width, signed);
            case Operation.Store(var to, int width, var value) -> new Operation.Store(fold(to), width, uncut(value, 8 * width));
            case Operation.AtomicAdd(var to, int width, var value) -> new Operation.AtomicAdd(fold(to), width, value);
            case Operation.AddressOf(var dst, var place) -> addressOf(dst, fold(place));
            case Operation.Branch branch -> branch(branch);
            case Operation.Constant _, Operation.Copy _, Operation.MapHandle _, Operation.MapValue _, Operation.FunctionAddress _,
                    Operation.Parameter _, Operation.CallHelper _, Operation.CallKernelFunction _, Operation.CallFunction _, Operation.Label _,
                    Operation.Jump _, Operation.NarrowBranch _, Operation.LoopBudget _, Operation.Return _ -> operation;
        };
    }

    /** The value before its upper bits were cut off or filled, when a store of {@code bits} does not see them. */
    private Operand uncut(Operand value, int bits) {
        if (definitions.of(value) instanceof Operation.Extend(_, var src, int kept, _) && kept >= bits && definitions.steady(src)) {
            return uncut(src, bits);
        }
        return value;
    }

    /** The same place named by a base further back. */
    private Address fold(Address address) {
        if (!(address instanceof Address.AtRegister(var base, int offset))) {
            return address;
        }
        var source = definitions.of(base);
        if (source instanceof Operation.AddressOf(_, var place) && definitions.steady(place) && near(offsetOf(place), offset)) {
            return fold(place.plus(offset));
        }
        if (source instanceof Operation.Alu(var op, _, Operand.Register pointer, Operand.Constant(long more)) && op == AluOperation.ADD
                && definitions.steady(pointer) && near(more, offset)) {
            return fold(new Address.AtRegister(pointer, (int) more + offset));
        }
        return address;
    }

    private static int offsetOf(Address place) {
        return place instanceof Address.AtRegister(_, int offset) ? offset : ((Address.InFrame) place).offset();
    }

    /** Whether the sum fits the 16 bits that an access has for its offset. */
    private static boolean near(long first, long second) {
        return first == (int) first && first + second == (short) (first + second);
    }

    private Operation addressOf(Operand.Register dst, Address place) {
        if (place instanceof Address.AtRegister(var base, int offset)) {
            if (offset == 0) {
                return new Operation.Copy(dst, base);
            }
            if (definitions.of(base) instanceof Operation.MapValue(_, int map, int before)) {
                return new Operation.MapValue(dst, map, before + offset);
            }
        }
        return new Operation.AddressOf(dst, place);
    }

    private Operation branch(Operation.Branch branch) {
        var left = values.read(branch.left());
        var right = branch.right();
        Boolean holds = decided(branch.condition(), left, right);
        if (holds != null) {
            return holds ? new Operation.Jump(branch.target()) : null;
        }
        if (left instanceof Operand.Constant && right instanceof Operand.Register register) {
            return branch(new Operation.Branch(branch.condition().swapped(), register, left, branch.target()));
        }
        return bitTest(branch);
    }

    /** Whether {@code branch} is taken with what is known here, or null. */
    private Boolean holds(Operation.Branch branch) {
        var right = branch.right() instanceof Operand.Register register ? values.read(register) : branch.right();
        return values.read(branch.left()) instanceof Operand.Constant left ? decided(branch.condition(), left, right) : null;
    }

    private Boolean decided(Condition condition, Operand left, Operand right) {
        if (left instanceof Operand.Constant(long a) && right instanceof Operand.Constant(long b)) {
            return condition.holds(a, b);
        }
        if (Effects.same(left, right) && condition != Condition.SET) {
            return condition.holds(0, 0);
        }
        int width = values.width(left);
        if (!(right instanceof Operand.Constant(long bound)) || width == 64) {
            return null;
        }
        long most = (1L << width) - 1;
        return switch (condition) {
            case EQ -> bound < 0 || bound > most ? false : null;
            case NE -> bound < 0 || bound > most ? true : null;
            case GT, LE -> Long.compareUnsigned(most, bound) <= 0 ? condition == Condition.LE : null;
            case LT, GE -> bound == 0 || Long.compareUnsigned(most, bound) < 0 ? (condition == Condition.LT) == (bound != 0) : null;
            case SGT, SLE -> bound < 0 || most <= bound ? (condition == Condition.SGT) == (bound < 0) : null;
            case SLT, SGE -> bound <= 0 || most < bound ? (condition == Condition.SLT) == (bound > 0) : null;
            case SET -> (most & bound) == 0 ? false : null;
        };
    }

    /** {@code (x & m) != 0} as one jump. */
    private Operation bitTest(Operation.Branch branch) {
        if (branch.condition() == Condition.NE && branch.right() instanceof Operand.Constant(long zero) && zero == 0
                && definitions.of(branch.left()) instanceof Operation.Alu(var op, _, Operand.Register value, var mask)
                && op == AluOperation.AND && definitions.uses(branch.left().number()) == 1
                && definitions.steady(value) && definitions.steady(mask)) {
            return new Operation.Branch(Condition.SET, value, mask, branch.target());
        }
        return branch;
    }
}
