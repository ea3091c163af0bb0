package dev.sonde.probes;

import dev.sonde.target.TracepointFormat;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.KernelTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The record of a tracepoint. A field's type is worked out when it is asked for. The fields that all events begin with ({@code common_*}) cannot
 * be had:
 * the kernel puts a pointer of its own in their place before it runs a program.
 *
 * @param pointers what its pointers point into
 * @param first name of the field that stands for {@code arg0}, empty when {@code argN} has no meaning
 */
record TracepointContext(List<TracepointFormat.Field> fields, AddressSpace pointers, String first, KernelTypes types) implements ProbeContext {
    /** The record of {@code format}: the pointers of a system call are the caller's. */
    static TracepointContext of(TracepointFormat format, Binding binding) {
        AddressSpace pointers = format.name().category().equals("syscalls") ? AddressSpace.USER : AddressSpace.KERNEL;
        return new TracepointContext(format.fields(), pointers, "", binding.kernelTypes());
    }

    /** The same record for a script that was written for a kernel probe, whose {@code arg0} is in {@code field}. */
    TracepointContext withArgument(String field) {
        return new TracepointContext(fields, pointers, field, types);
    }

    private static boolean readable(TracepointFormat.Field field) {
        return !field.name().startsWith("common_");
    }

    @Override
    public List<Argument> arguments() {
        List<Argument> arguments = new ArrayList<>();
        for (TracepointFormat.Field field : fields) {
            if (readable(field)) {
                FieldType.source(field, pointers, types).ifPresent(source -> arguments.add(new Argument(field.name(), source)));
            }
        }
        return arguments;
    }

    @Override
    public Optional<Source> argument(String name) {
        for (TracepointFormat.Field field : fields) {
            if (readable(field) && field.name().equals(name)) {
                return FieldType.source(field, pointers, types);
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Source> argN(int index) {
        return index == 0 && !first.isEmpty() ? argument(first) : Optional.empty();
    }

    @Override
    public AddressSpace space() {
        return pointers;
    }
}
