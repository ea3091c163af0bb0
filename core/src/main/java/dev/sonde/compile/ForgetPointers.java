package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.source.Span;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes numbers of the pointers that a program of kind TRACING finds in its context. To the verifier they have types: it refuses to multiply, shift
 * or mask them, to index with a variable, and, where they may be NULL, even to add a constant. To a script they are addresses. Only what is handed to
 * a function of the kernel that asks for such a pointer stays one.
 *
 * <p>The verifier forgets the type of what is negated, and two negations give the address again. Nothing after this may simplify that.
 */
final class ForgetPointers {
    private static final Set<Integer> TYPED_HELPERS = Set.of(BpfHelper.GET_SOCKET_COOKIE.number(), BpfHelper.D_PATH.number());

    private final IrProgram.Function function;
    private final Set<Integer> slots;
    /** Registers whose value a function of the kernel wants as a pointer. */
    private final BitSet wanted = new BitSet();
    /** Registers that hold the context pointer: parameter 0 of the main function; what one called back finds in its captures. */
    private final BitSet contexts = new BitSet();
    private final BitSet captures = new BitSet();
    private final List<IrProgram.Line> result = new ArrayList<>();
    private int registers;

    private ForgetPointers(IrProgram.Function function, Set<Integer> slots) {
        this.function = function;
        this.slots = slots;
        registers = function.registers();
    }

    /** {@code program} in which the pointers at {@code slots}, offsets in its context, are numbers. */
    static IrProgram apply(IrProgram program, Set<Integer> slots) {
        if (slots.isEmpty()) {
            return program;
        }
        List<IrProgram.Function> functions = new ArrayList<>(program.functions());
        functions.replaceAll(function -> new ForgetPointers(function, slots).apply(function == program.functions().getFirst()));
        return new IrProgram(functions);
    }

    private IrProgram.Function apply(boolean main) {
        for (IrProgram.Line line : function.lines()) {
            wantedBy(line.operation());
            if (line.operation() instanceof Operation.Parameter(var dst, int index)) {
                (main ? contexts : captures).set(dst.number(), !main || index == 0);
            } else if (line.operation() instanceof Operation.Load(var dst, Address.AtRegister(var base, int offset), _, _)
                    && captures.get(base.number()) && offset == Body.CAPTURED_CONTEXT) {
                contexts.set(dst.number());
            }
        }
        spread();
        function.lines().forEach(this::line);
        return new IrProgram.Function(function.name(), result, function.slots(), registers);
    }

    private void wantedBy(Operation operation) {
        if (operation instanceof Operation.CallHelper(_, int helper, var arguments) && TYPED_HELPERS.contains(helper)) {
            want(arguments.getFirst());
        } else if (operation instanceof Operation.CallKernelFunction call) {
            call.arguments().forEach(this::want);
        }
    }

    private void want(Operand operand) {
        if (operand instanceof Operand.Register(int number)) {
            wanted.set(number);
        }
    }

    /** What a wanted register, or the context, is a copy of or a constant away from is one, too. */
    private void spread() {
        int known;
        do {
            known = wanted.cardinality() + contexts.cardinality();
            for (IrProgram.Line line : function.lines()) {
                if (line.operation() instanceof Operation.Copy(var dst, var src) && contexts.get(src.number())) {
                    contexts.set(dst.number());
                }
                Operand.Register source = source(line.operation());
                if (source != null && wanted.get(Effects.written(line.operation()))) {
                    want(source);
                }
            }
        } while (known != wanted.cardinality() + contexts.cardinality());
    }

    /** What an operation hands on as a pointer, or null. */
    private static Operand.Register source(Operation operation) {
        return switch (operation) {
            case Operation.Copy(_, var src) -> src;
            case Operation.Alu(var op, _, Operand.Register left, Operand.Constant _) when op == AluOperation.ADD -> left;
            case Operation.AddressOf(_, Address.AtRegister(var base, _)) -> base;
            case Operation.Constant _, Operation.Alu _, Operation.Negate _, Operation.Extend _, Operation.ByteSwap _, Operation.Load _,
                    Operation.Store _, Operation.AtomicAdd _, Operation.AddressOf _, Operation.MapHandle _, Operation.MapValue _,
                    Operation.FunctionAddress _, Operation.Parameter _, Operation.CallHelper _, Operation.CallKernelFunction _,
                    Operation.CallFunction _, Operation.Label _, Operation.Jump _, Operation.Branch _, Operation.NarrowBranch _,
                    Operation.LoopBudget _, Operation.Return _ -> null;
        };
    }

    private void line(IrProgram.Line line) {
        Operation operation = line.operation();
        if (operation instanceof Operation.Load(var dst, Address.AtRegister(var base, int offset), int width, boolean signed)
                && contexts.get(base.number()) && slots.contains(offset) && !wanted.get(dst.number())) {
            Operand.Register pointer = register();
            add(new Operation.Load(pointer, new Address.AtRegister(base, offset), width, signed), line.span());
            forget(dst, pointer, line.span());
        } else if (keeps(operation)) {
            result.add(line);
        } else {
            add(Rewrite.reads(operation, read -> wanted.get(read.number()) ? forget(register(), read, line.span()) : read), line.span());
        }
    }

    /** Whether an operation takes pointers as they are: those that want them, those that hand them on, comparisons and reads through them. */
    private boolean keeps(Operation operation) {
        return operation instanceof Operation.CallKernelFunction || operation instanceof Operation.CallHelper || operation instanceof Operation.Branch
                || operation instanceof Operation.Load || source(operation) != null && wanted.get(Effects.written(operation));
    }

    private Operand.Register forget(Operand.Register dst, Operand.Register pointer, Optional<Span> span) {
        Operand.Register negative = register();
        add(new Operation.Negate(negative, pointer), span);
        add(new Operation.Negate(dst, negative), span);
        return dst;
    }

    private void add(Operation operation, Optional<Span> span) {
        result.add(new IrProgram.Line(operation, span));
    }

    private Operand.Register register() {
        return new Operand.Register(registers++);
    }
}
