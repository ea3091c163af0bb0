package dev.sonde.probes;

import dev.sonde.types.AddressSpace;
import dev.sonde.types.GraphTypes;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a program attached to one group of places may read from its context. Two contexts are equal when code made for one works for the other.
 */
public interface ProbeContext {
    /** A context with nothing in it: BEGIN, END, interval and the like. */
    ProbeContext EMPTY = new ProbeContext() {
        @Override
        public AddressSpace space() {
            return AddressSpace.UNKNOWN;
        }
    };

    /** A value in the context. */
    sealed interface Source {
        /** Its type as the script sees it. */
        Type type();

        /** {@code width} bytes at {@code offset} of the context, extended as {@code signed} says to the type. */
        record Slot(Type type, int offset, int width, boolean signed) implements Source {}

        /** An array or struct that lies in the context itself at {@code offset}: read from there as kernel memory. */
        record Inline(Type type, int offset) implements Source {}

        /**
         * Data elsewhere in the record: 4 bytes at {@code offset} hold its offset in the low and its length in the high 16 bits, counted from the
         * record's start or, when {@code relative}, from the end of those 4 bytes.
         */
        record DataLocation(Type type, int offset, boolean relative) implements Source {}

        /** A struct or array in registers: the slots at {@code slots} hold 8 bytes of it each, in order. */
        record InRegisters(Type type, List<Integer> slots) implements Source {
            public InRegisters {
                slots = List.copyOf(slots);
            }
        }

        /** A value on the user or kernel stack: {@code offset} bytes above the stack pointer in the slot at {@code stackPointer}. */
        record OnStack(Type type, int stackPointer, int offset, AddressSpace space) implements Source {}

        /**
         * An integer of {@code width} bytes, or a whole struct or array, in memory, at the sum of {@code displacement}, the slot at {@code base} and
         * {@code scale} times the slot at {@code index}; a slot of -1 stands for 0.
         */
        record InMemory(Type type, int base, int index, int scale, long displacement, int width, boolean signed,
                AddressSpace space) implements Source {}

        /** A number that is the same at every run. */
        record Constant(Type type, long value) implements Source {}
    }

    /** A named member of {@code args}. */
    record Argument(String name, Source source) {}

    /** Members of {@code args} in order; empty when the kind has none. */
    default List<Argument> arguments() {
        return List.of();
    }

    /** The member {@code name} of {@code args}. */
    default Optional<Source> argument(String name) {
        for (Argument argument : arguments()) {
            if (argument.name().equals(name)) {
                return Optional.of(argument.source());
            }
        }
        return Optional.empty();
    }

    /** Why the member {@code name} of {@code args}, which the source has, cannot be read. */
    default Optional<String> missingArgument(String name) {
        return Optional.empty();
    }

    /** Why there are no {@code args}, where they could be expected; empty for a kind that never has them. */
    default String withoutArguments() {
        return "";
    }

    /** The types of the program that is probed, which a script may name there. */
    default Optional<GraphTypes> programTypes() {
        return Optional.empty();
    }

    /** Offsets in the context of the pointers that have types to the verifier, which lets a program follow them but not calculate with them. */
    default Set<Integer> typedPointers() {
        return Set.of();
    }

    /** {@code argN}, counted from 0. */
    default Optional<Source> argN(int index) {
        return Optional.empty();
    }

    /** {@code sargN}: the N-th stack word. */
    default Optional<Source> stackArgN(int index) {
        return Optional.empty();
    }

    /** {@code retval} */
    default Optional<Source> result() {
        return Optional.empty();
    }

    /** {@code reg("name")} */
    default Optional<Source> register(String name) {
        return Optional.empty();
    }

    /** A register of the program that was stopped, where the context has those: {@code ip}, {@code sp} and the like. */
    default Optional<Source> userRegister(String name) {
        return Optional.empty();
    }

    /** Names that {@link #register} takes, for a message. */
    default List<String> registers() {
        return List.of();
    }

    /** What an integer cast to a pointer points into here. */
    default AddressSpace space() {
        return AddressSpace.KERNEL;
    }

    /** Whether the address of the probed function can be had (bpf_get_func_ip or the instruction pointer), and from where. */
    default Optional<Source> functionAddress() {
        return Optional.empty();
    }

    /** Where the return address is at a function's first instruction: at the top of the user stack. */
    default Optional<Source> returnAddress() {
        return Optional.empty();
    }

    /** The type of {@code ctx}. */
    default Type contextType() {
        return new Type.Pointer(Type.VOID, AddressSpace.PROGRAM);
    }

    /**
     * Whether a run of the program can be interrupted by another of the same kind on its CPU, so that counters need atomic additions. Programs run
     * through trace_call_bpf (tracepoints, kprobes, perf events) exclude each other on a CPU; user probes and raw tracepoints do not.
     */
    default boolean reentrant() {
        return false;
    }
}
