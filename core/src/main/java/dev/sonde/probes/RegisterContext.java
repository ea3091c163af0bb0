package dev.sonde.probes;

import dev.sonde.target.Architecture;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;

/**
 * A context that is, or begins with, struct pt_regs.
 *
 * @param place what the registers mean there
 * @param struct the struct that {@code ctx} points to
 */
record RegisterContext(Architecture architecture, Place place, AddressSpace space, String struct, KernelTypes types) implements ProbeContext {
    /** Where a program that sees registers runs. */
    enum Place {
        /** At a function's first instruction: arguments are in their registers and on the stack. */
        ENTRY,
        /** Inside a function: registers may hold arguments still, the stack has changed. */
        INSIDE,
        /** When a function has returned. */
        RETURN,
        /** At an event: registers are those of whatever ran. */
        EVENT
    }

    /** Of a probe on a function of a program ({@code USER}) or of the kernel ({@code KERNEL}). */
    static RegisterContext function(Binding binding, Place place, AddressSpace space) {
        return new RegisterContext(binding.target().architecture(), place, space, "pt_regs", binding.kernelTypes());
    }

    /** Of a perf event. */
    static RegisterContext event(Binding binding, AddressSpace space) {
        return new RegisterContext(binding.target().architecture(), Place.EVENT, space, "bpf_perf_event_data", binding.kernelTypes());
    }

    /** The same inside a function. */
    RegisterContext inside() {
        return new RegisterContext(architecture, Place.INSIDE, space, struct, types);
    }

    private static Optional<Source> slot(int offset) {
        return Optional.of(new Source.Slot(Type.UINT64, offset, 8, false));
    }

    @Override
    public Optional<Source> argN(int index) {
        if (place != Place.ENTRY && place != Place.INSIDE) {
            return Optional.empty();
        }
        Optional<Integer> register = architecture.argument(index);
        if (register.isPresent()) {
            return slot(register.get());
        }
        boolean returnAddress = architecture == Architecture.X86_64;
        int offset = 8 * (index - architecture.argumentRegisters() + (returnAddress ? 1 : 0));
        return place == Place.ENTRY ? onStack(offset) : Optional.empty();
    }

    /** As Go's stack convention has them: above the return address, which arm64 keeps a place for too. */
    @Override
    public Optional<Source> stackArgN(int index) {
        return place == Place.ENTRY ? onStack(8 * (index + 1)) : Optional.empty();
    }

    private Optional<Source> onStack(int offset) {
        return Optional.of(new Source.OnStack(Type.UINT64, architecture.stackPointer(), offset, space));
    }

    @Override
    public Optional<Source> result() {
        return place == Place.RETURN ? slot(architecture.result()) : Optional.empty();
    }

    @Override
    public Optional<Source> register(String name) {
        Optional<Integer> offset = architecture.offsetOf(name);
        return offset.isPresent() ? slot(offset.get()) : Optional.empty();
    }

    @Override
    public Optional<Source> userRegister(String name) {
        return place != Place.EVENT && space == AddressSpace.USER ? register(name) : Optional.empty();
    }

    @Override
    public List<String> registers() {
        return architecture.registers();
    }

    /** A user probe is found at its own address; what the instruction pointer is after a kernel probe depends on how the kernel made it. */
    @Override
    public Optional<Source> functionAddress() {
        return place == Place.ENTRY && space == AddressSpace.USER ? slot(architecture.instructionPointer()) : Optional.empty();
    }

    @Override
    public Type contextType() {
        return new Type.Pointer(types.struct("struct", struct).orElse(Type.VOID), AddressSpace.PROGRAM);
    }

    /** Perf events and kernel probes run one at a time on a CPU; user probes do not. */
    @Override
    public boolean reentrant() {
        return place != Place.EVENT && space == AddressSpace.USER;
    }
}
