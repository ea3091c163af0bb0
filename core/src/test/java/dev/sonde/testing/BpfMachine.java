package dev.sonde.testing;

import dev.sonde.asm.EncodedProgram;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs encoded eBPF programs without a kernel: the instruction set, the maps and the helpers of tracing programs, over the world that a
 * {@link Scene} describes.
 *
 * <p>It is stricter than a processor, as the verifier is: an access outside of its memory, a read of a register or of stack that nothing wrote, a
 * use of R1 to R5 after a call, a record that is not given back, a helper it does not know or more than a million instructions end the run with a
 * {@link MachineFailure} that names the instruction. Unlike the verifier it sees only the path that is run. Maps outlive a run and can be shared
 * by machines.
 */
public final class BpfMachine {
    /** Instructions of one run. */
    static final int INSTRUCTION_BUDGET = 1_000_000;

    final Scene scene;
    final Map<Integer, FakeMap> maps = new HashMap<>();
    final Map<Integer, KernelFunction> kernelFunctions = new HashMap<>();
    int loopBudget = 100_000;
    private final List<Signal> signals = new ArrayList<>();
    private final List<Print> prints = new ArrayList<>();
    private final List<Long> overrides = new ArrayList<>();

    /** A kernel function that programs call by BTF id. {@code arguments} are R1 to R5; those without a value hold 0. */
    @FunctionalInterface
    public interface KernelFunction {
        long call(long[] arguments, BpfMemory memory);
    }

    /** A signal sent to the current process or, if {@code thread}, to the current thread. */
    public record Signal(int number, boolean thread) {}

    /** A bpf_trace_printk: its format and its arguments as numbers. */
    public record Print(String format, List<Long> arguments) {}

    public BpfMachine(Scene scene) {
        this.scene = scene;
    }

    /** The map of an index in the program. */
    public BpfMachine map(int index, FakeMap map) {
        maps.put(index, map);
        return this;
    }

    /** The kernel function of a BTF id. */
    public BpfMachine kernelFunction(int btfId, KernelFunction function) {
        kernelFunctions.put(btfId, function);
        return this;
    }

    /** The functions of the numeric iterator: bpf_iter_num_new, _next and _destroy. */
    public BpfMachine numberIterator(int newId, int nextId, int destroyId) {
        kernelFunction(newId, NumberIterator::start);
        kernelFunction(nextId, NumberIterator::next);
        return kernelFunction(destroyId, NumberIterator::destroy);
    }

    /** How often one run may pass may_goto before it jumps; the kernel's is about 8 million. */
    public BpfMachine loopBudget(int passes) {
        loopBudget = passes;
        return this;
    }

    /**
     * Runs a program from slot 0 and returns R0.
     *
     * @param context what R1 points to; the program may not write it
     * @throws MachineFailure when it does what it may not
     */
    public long run(EncodedProgram program, byte[] context) {
        return run(program.instructions(), context);
    }

    /** The same with plain bytes, where a load of a map holds the map's index. */
    public long run(byte[] instructions, byte[] context) {
        return new BpfExecution(this, instructions, context.clone()).run();
    }

    /** Signals sent, oldest first. */
    public List<Signal> signals() {
        return signals;
    }

    /** Lines for the trace pipe, oldest first. */
    public List<Print> prints() {
        return prints;
    }

    /** Values that bpf_override_return was called with. */
    public List<Long> overrides() {
        return overrides;
    }
}
