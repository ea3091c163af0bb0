package dev.sonde.probes;

import dev.sonde.target.Architecture;
import dev.sonde.target.TracepointFormat;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a program on the raw tracepoint that all system calls pass may read as {@code args} of one call: the record of {@code sys_enter_NAME} holds
 * the call's number and its arguments in order, and so do the registers at that point (Documentation/userspace-api, syscall(2)).
 *
 * @param arguments the members, read from the registers
 */
record SyscallArguments(List<Argument> arguments) implements ProbeContext {
    private static final List<String> X86_64 = List.of("di", "si", "dx", "r10", "r8", "r9");
    private static final List<String> ARM64 = List.of("r0", "r1", "r2", "r3", "r4", "r5");
    private static final String NUMBER = "__syscall_nr";
    /** The record's first argument; each has 8 bytes. */
    private static final int FIRST = 16;

    SyscallArguments {
        arguments = List.copyOf(arguments);
    }

    /**
     * The members that a body reads, {@code registers} being the space of the kernel's copy of the registers. Empty when one of them is missing or
     * no plain number or pointer.
     */
    static Optional<SyscallArguments> of(TracepointFormat format, Binding binding, AddressSpace registers) {
        Set<String> names = binding.argumentNames();
        boolean whole = names.contains(Binding.WHOLE);
        List<Argument> arguments = new ArrayList<>();
        for (TracepointFormat.Field field : format.fields()) {
            if (!field.name().startsWith("common_") && (whole || names.contains(field.name()))) {
                Optional<Source> source = source(field, binding, registers);
                if (source.isEmpty()) {
                    return Optional.empty();
                }
                arguments.add(new Argument(field.name(), source.get()));
            }
        }
        return whole || arguments.size() == names.size() ? Optional.of(new SyscallArguments(arguments)) : Optional.empty();
    }

    private static Optional<Source> source(TracepointFormat.Field field, Binding binding, AddressSpace registers) {
        Optional<Source> recorded = FieldType.source(field, AddressSpace.USER, binding.kernelTypes());
        if (!(recorded.orElse(null) instanceof Source.Slot(Type type, int offset, int width, boolean signed))) {
            return Optional.empty();
        }
        if (field.name().equals(NUMBER)) {
            return Optional.of(new Source.Slot(type, 8, width, signed));
        }
        Architecture architecture = binding.target().architecture();
        List<String> order = architecture == Architecture.X86_64 ? X86_64 : ARM64;
        int index = (offset - FIRST) / 8;
        if (offset < FIRST || offset % 8 != 0 || index >= order.size()) {
            return Optional.empty();
        }
        int register = architecture.offsetOf(order.get(index)).orElseThrow();
        return Optional.of(new Source.InMemory(type, 0, -1, 1, register, width, signed, registers));
    }

    @Override
    public AddressSpace space() {
        return AddressSpace.USER;
    }

    @Override
    public boolean reentrant() {
        return true;
    }
}
