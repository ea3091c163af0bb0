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
 * <li>Calls of the given helpers without arguments, loads from the context of a main function, multiplications and divisions: wherever the first
 * stands on every path to the second.
 * <li>Cheap arithmetic, addresses and map references: within one block and with no call between, since keeping their result costs a register.
 * </ul>
 * Only singly assigned registers take part. Leaves other memory and other helpers alone.
 */
final class ShareComputations {
    private record Available(Operand.Register register, int block, int calls) {}

    private static final Operand.Register ANY = new Operand.Register(Integer.MAX_VALUE);

    private final IrProgram.Function function;
    private final boolean main;
    private final Set<Integer> helpers;
    private final Definitions definitions;
    private final Map<Operation, Available> available = new HashMap<>();
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

    private Operation shared(Operation operation, int block, int calls) {
        int written = Effects.written(operation);
        if (written < 0 || !definitions.single(written) || !repeatable(operation)) {
            return operation;
        }
        var key = Rewrite.written(operation, ANY);
        var before = available.get(key);
        var register = new Operand.Register(written);
        if (before != null && usable(before, operation, block, calls)) {
            return new Operation.Copy(register, before.register());
        }
        available.put(key, new Available(register, block, calls));
        return operation;
    }

    private boolean usable(Available before, Operation operation, int block, int calls) {
        return dear(operation) ? dominators.dominates(before.block(), block) : before.block() == block && before.calls() == calls;
    }

    /** Whether {@code operation} gives the same result wherever it stands. */
    private boolean repeatable(Operation operation) {
        return switch (operation) {
            case Operation.Alu(_, _, var left, var right) -> definitions.steady(left) && definitions.steady(right);
            case Operation.Negate(_, var src) -> definitions.steady(src);
            case Operation.Extend(_, var src, _, _) -> definitions.steady(src);
            case Operation.ByteSwap(_, var src, _) -> definitions.steady(src);
            case Operation.AddressOf(_, var place) -> definitions.steady(place);
            case Operation.Load(_, Address.AtRegister(var base, _), _, _) -> main && definitions.of(base) instanceof Operation.Parameter;
            case Operation.CallHelper(_, int helper, var arguments) -> arguments.isEmpty() && helpers.contains(helper);
            case Operation.MapHandle _, Operation.MapValue _, Operation.FunctionAddress _ -> true;
            case Operation.Load _, Operation.Constant _, Operation.Copy _, Operation.Parameter _, Operation.CallKernelFunction _,
                    Operation.CallFunction _, Operation.Store _, Operation.AtomicAdd _, Operation.Label _, Operation.Jump _, Operation.Branch _,
                    Operation.LoopBudget _, Operation.Return _ -> false;
        };
    }

    private static boolean dear(Operation operation) {
        if (operation instanceof Operation.Alu(var op, _, _, _)) {
            return op == AluOperation.MUL || op == AluOperation.DIV || op == AluOperation.MOD;
        }
        return operation instanceof Operation.CallHelper || operation instanceof Operation.Load;
    }
}
