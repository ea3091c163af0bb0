package dev.sonde.compile;

import dev.sonde.asm.Code;
import dev.sonde.asm.Instruction;
import dev.sonde.ir.Address;
import dev.sonde.ir.FrameSlot;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operation;
import dev.sonde.source.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns a program into instructions: {@link SimplifyBranches} (nothing unreachable may remain), {@link Legalise}, {@link AllocateRegisters},
 * {@link LayOutFrame} and {@link AssembleFunction} for each function. Checks that the frames of every chain of calls fit the stack as the kernel
 * counts it. Functions that nothing calls are left out.
 */
final class AssembleProgram {
    /** may_goto keeps its budget in the frame: 8 bytes since kernel 6.9, 16 where it is timed. */
    private static final int LOOP_BUDGET_BYTES = 16;
    private static final int FRAME_STEP = 32;

    private final List<IrProgram.Function> functions;
    private final AllocateRegisters.Allocation[] allocations;
    private final LayOutFrame[] frames;
    private final int[] deepest;
    private final Map<String, Integer> indexes = new HashMap<>();

    private AssembleProgram(IrProgram program) {
        functions = called(program);
        allocations = new AllocateRegisters.Allocation[functions.size()];
        frames = new LayOutFrame[allocations.length];
        deepest = new int[allocations.length];
        for (int i = 0; i < allocations.length; i++) {
            allocations[i] = AllocateRegisters.apply(Legalise.apply(functions.get(i)));
            frames[i] = LayOutFrame.of(allocations[i].function());
            indexes.put(functions.get(i).name(), i);
        }
    }

    /** The main function and those it leads to, with what no path reaches left out. */
    private static List<IrProgram.Function> called(IrProgram program) {
        var byName = new HashMap<String, IrProgram.Function>();
        for (var function : program.functions()) {
            byName.put(function.name(), function);
        }
        var found = new ArrayList<IrProgram.Function>();
        found.add(SimplifyBranches.apply(program.functions().getFirst()));
        byName.remove(found.getFirst().name());
        for (int i = 0; i < found.size(); i++) {
            for (var line : found.get(i).lines()) {
                var function = byName.remove(called(line.operation()));
                if (function != null) {
                    found.add(SimplifyBranches.apply(function));
                }
            }
        }
        return found;
    }

    /** The instructions of {@code program}, or how much stack it would need. */
    static Assembly assemble(IrProgram program) {
        var pass = new AssembleProgram(program);
        int stack = pass.depth(0);
        for (int i = 0; i < pass.frames.length; i++) {
            stack = pass.bytes(i) > LayOutFrame.MOST_STACK ? pass.bytes(i) : stack;
        }
        return stack > LayOutFrame.MOST_STACK ? pass.overflow(stack) : new Assembly.Assembled(pass.code());
    }

    /** Bytes of the frame of function {@code index}. */
    private int bytes(int index) {
        for (var line : allocations[index].function().lines()) {
            if (line.operation() instanceof Operation.LoopBudget) {
                return frames[index].size() + LOOP_BUDGET_BYTES;
            }
        }
        return frames[index].size();
    }

    /** Stack of function {@code index} and the deepest chain of what it calls or hands to a helper to call. */
    private int depth(int index) {
        if (deepest[index] != 0) {
            return deepest[index];
        }
        deepest[index] = FRAME_STEP; // ends at functions that call each other, which the verifier refuses anyway
        int below = 0;
        for (var line : allocations[index].function().lines()) {
            String called = called(line.operation());
            if (called != null && indexes.get(called) != index) {
                below = Math.max(below, depth(indexes.get(called)));
            }
        }
        int own = Math.max(FRAME_STEP, (bytes(index) + FRAME_STEP - 1) / FRAME_STEP * FRAME_STEP);
        deepest[index] = own + below;
        return deepest[index];
    }

    private static String called(Operation operation) {
        if (operation instanceof Operation.CallFunction(_, var function, _)) {
            return function;
        }
        return operation instanceof Operation.FunctionAddress(_, var function) ? function : null;
    }

    private Assembly.StackOverflow overflow(int stack) {
        int largest = 0;
        for (int i = 1; i < frames.length; i++) {
            largest = bytes(i) > bytes(largest) ? i : largest;
        }
        var function = functions.get(largest);
        return new Assembly.StackOverflow(function.name(), stack, span(function, frames[largest].largest()));
    }

    /** The first script text that something naming {@code slot} was made for. */
    private static Optional<Span> span(IrProgram.Function function, FrameSlot slot) {
        for (var line : function.lines()) {
            if (slot != null && line.span().isPresent() && Effects.place(line.operation()) instanceof Address.InFrame(var named, _)
                    && named.number() == slot.number()) {
                return line.span();
            }
        }
        return Optional.empty();
    }

    private Code code() {
        var labels = new HashMap<String, Instruction.Label>();
        for (int i = 0; i < allocations.length; i++) {
            labels.put(functions.get(i).name(), new Instruction.Label(i));
        }
        var code = new Code.Builder();
        int firstLabel = allocations.length;
        for (int i = 0; i < allocations.length; i++) {
            List<IrProgram.Line> lines = allocations[i].function().lines();
            String name = functions.get(i).name();
            if (i > 0) {
                code.at(lines.getFirst().span()).function(labels.get(name), name);
            }
            AssembleFunction.apply(allocations[i], frames[i], code, labels, firstLabel);
            firstLabel += ControlFlow.labels(lines);
        }
        return code.build();
    }
}
