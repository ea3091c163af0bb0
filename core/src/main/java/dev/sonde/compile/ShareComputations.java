package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Computes once what two operations compute alike: the second becomes a copy of the first one's result.
 * <ul>
 * <li>Calls of the given helpers without arguments, loads from the context of a main function, multiplications and divisions, and the only thing that
 * is computed from a register: wherever the first stands on every path to the second.
 * <li>Cheap arithmetic, addresses and map references: within one block and with no call between, since keeping their result costs a register.
 * </ul>
 * Only singly assigned registers take part. Leaves other memory and other helpers alone.
 */
final class ShareComputations {
    private record Available(Operand.Register register, int block, int calls) {}

    /** What an operation computes, without the register that it goes to. {@code kind} says how to read the other two. */
    private record Expression(int kind, long first, long second) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Expression(int k, long f, long s) && k == kind && f == first && s == second;
        }

        @Override
        public int hashCode() {
            return (kind * 31 + Long.hashCode(first)) * 31 + Long.hashCode(second);
        }
    }

    private static final int ALU = 1 << 8;
    private static final int NEGATE = 2 << 8;
    private static final int EXTEND = 3 << 8;
    private static final int SWAP = 4 << 8;
    private static final int ADDRESS = 5 << 8;
    private static final int FRAME_ADDRESS = 6 << 8;
    private static final int LOAD = 7 << 8;
    private static final int HELPER = 8 << 8;
    private static final int MAP = 9 << 8;
    private static final int MAP_VALUE = 10 << 8;

    private final IrProgram.Function function;
    private final boolean main;
    private final Set<Integer> helpers;
    private final Definitions definitions;
    private final Map<Expression, Available> available = new HashMap<>();
    private final Map<Expression, Integer> occurrences = new HashMap<>();
    private final int[] read = new int[Effects.MOST_READS];
    private Dominators dominators;

    private ShareComputations(IrProgram.Function function, boolean main, Set<Integer> helpers) {
        this.function = function;
        this.main = main;
        this.helpers = helpers;
        definitions = Definitions.of(function);
    }

    /** {@code function}, which is a program's main function or not, sharing calls of {@code helpers} too. */
    static IrProgram.Function apply(IrProgram.Function function, boolean main, Set<Integer> helpers) {
        return new ShareComputations(function, main, helpers).share();
    }

    private IrProgram.Function share() {
        var flow = ControlFlow.of(function);
        dominators = Dominators.of(flow);
        count();
        IrProgram.Line[] lines = function.lines().toArray(new IrProgram.Line[0]);
        int calls = 0;
        for (int index = 0; index < dominators.reached(); index++) {
            int block = dominators.block(index);
            for (int i = flow.start(block); i < flow.end(block); i++) {
                var operation = lines[i].operation();
                calls += Effects.isCall(operation) ? 1 : 0;
                var shared = shared(operation, block, calls);
                lines[i] = shared == operation ? lines[i] : new IrProgram.Line(shared, lines[i].span());
            }
        }
        return new IrProgram.Function(function.name(), List.of(lines), function.slots(), function.registers());
    }

    private void count() {
        for (var line : function.lines()) {
            var expression = expression(line.operation());
            if (expression != null) {
                occurrences.merge(expression, 1, Integer::sum);
            }
        }
    }

    private Operation shared(Operation operation, int block, int calls) {
        int written = Effects.written(operation);
        var key = written < 0 || !definitions.single(written) ? null : expression(operation);
        if (key == null) {
            return operation;
        }
        var before = available.get(key);
        var register = new Operand.Register(written);
        if (before != null && usable(before, key, operation, block, calls)) {
            return new Operation.Copy(register, before.register());
        }
        available.put(key, new Available(register, block, calls));
        return operation;
    }

    private boolean usable(Available before, Expression expression, Operation operation, int block, int calls) {
        return dear(operation) || consumes(operation, occurrences.get(expression)) ? dominators.dominates(before.block(), block)
                : before.block() == block && before.calls() == calls;
    }

    /** Whether the only register that {@code operation} reads is read for nothing else: then its result can be kept in its place. */
    private boolean consumes(Operation operation, int occurrences) {
        return Effects.reads(operation, read) == 1 && definitions.uses(read[0]) == occurrences;
    }

    /** What {@code operation} computes when that is the same wherever it stands, else null. */
    private Expression expression(Operation operation) {
        return switch (operation) {
            case Operation.Alu(var op, _, var left, var right) -> alu(op, left, right);
            case Operation.Negate(_, var src) -> of(src, NEGATE, 0);
            case Operation.Extend(_, var src, int bits, boolean signed) -> of(src, EXTEND + bits, signed ? 1 : 0);
            case Operation.ByteSwap(_, var src, int bits) -> of(src, SWAP + bits, 0);
            case Operation.AddressOf(_, Address.AtRegister(var base, int offset)) -> of(base, ADDRESS, offset);
            case Operation.AddressOf(_, Address.InFrame(var slot, int offset)) -> new Expression(FRAME_ADDRESS, slot.number(), offset);
            case Operation.Load(_, Address.AtRegister(var base, int offset), int width, boolean signed) ->
                    main && definitions.of(base) instanceof Operation.Parameter ? of(base, LOAD + 2 * width + (signed ? 1 : 0), offset) : null;
            case Operation.CallHelper(_, int helper, var arguments) ->
                    arguments.isEmpty() && helpers.contains(helper) ? new Expression(HELPER, helper, 0) : null;
            case Operation.MapHandle(_, int map) -> new Expression(MAP, map, 0);
            case Operation.MapValue(_, int map, int offset) -> new Expression(MAP_VALUE, map, offset);
            case Operation.Load _, Operation.FunctionAddress _, Operation.Constant _, Operation.Copy _, Operation.Parameter _,
                    Operation.CallKernelFunction _, Operation.CallFunction _, Operation.Store _, Operation.AtomicAdd _, Operation.Label _,
                    Operation.Jump _, Operation.Branch _, Operation.NarrowBranch _, Operation.LoopBudget _, Operation.Return _ -> null;
        };
    }

    private Expression of(Operand.Register src, int kind, int detail) {
        return definitions.single(src.number()) ? new Expression(kind, src.number(), detail) : null;
    }

    private Expression alu(AluOperation operation, Operand left, Operand right) {
        if (!definitions.steady(left) || !definitions.steady(right)) {
            return null;
        }
        int constants = (left instanceof Operand.Constant ? 1 : 0) + (right instanceof Operand.Constant ? 2 : 0);
        return new Expression(ALU + 4 * operation.ordinal() + constants, bits(left), bits(right));
    }

    private static long bits(Operand operand) {
        return operand instanceof Operand.Constant(long value) ? value : ((Operand.Register) operand).number();
    }

    private static boolean dear(Operation operation) {
        if (operation instanceof Operation.Alu(var op, _, _, _)) {
            return op == AluOperation.MUL || op == AluOperation.DIV || op == AluOperation.MOD;
        }
        return operation instanceof Operation.CallHelper || operation instanceof Operation.Load;
    }
}
