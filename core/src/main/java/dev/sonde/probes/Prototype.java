package dev.sonde.probes;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfType;
import dev.sonde.btf.CRenderer;
import dev.sonde.btf.Parameter;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads BTF prototypes: of raw tracepoints and of kernel functions. */
final class Prototype {
    private Prototype() {}

    /** The parameters in 8-byte slots; a value of more than 8 bytes takes several. A parameter without a name is {@code argN} only. */
    static List<ProbeContext.Argument> arguments(BtfType.FuncProto prototype, KernelTypes types) {
        List<ProbeContext.Argument> arguments = new ArrayList<>();
        int offset = 0;
        for (Parameter parameter : prototype.parameters()) {
            Type type = types.of(parameter.type());
            if (!parameter.name().isEmpty() && parameter.type() != 0) {
                arguments.add(new ProbeContext.Argument(parameter.name(), source(type, offset)));
            }
            offset += 8 * slots(type);
        }
        return arguments;
    }

    /** The offsets of the slots that hold pointers. */
    static Set<Integer> pointers(BtfType.FuncProto prototype, KernelTypes types) {
        Set<Integer> pointers = new HashSet<>();
        int offset = 0;
        for (Parameter parameter : prototype.parameters()) {
            Type type = types.of(parameter.type());
            if (type instanceof Type.Pointer) {
                pointers.add(offset);
            }
            offset += 8 * slots(type);
        }
        return pointers;
    }

    /** How many slots the parameters take. */
    static int slots(BtfType.FuncProto prototype, KernelTypes types) {
        int slots = 0;
        for (Parameter parameter : prototype.parameters()) {
            slots += slots(types.of(parameter.type()));
        }
        return slots;
    }

    private static int slots(Type type) {
        return Math.max(1, (type.size() + 7) / 8);
    }

    /** A value in the slot at {@code offset}. */
    static ProbeContext.Source source(Type type, int offset) {
        return type.isScalar() ? new ProbeContext.Source.Slot(type, offset, Math.min(8, type.size()), type.isSigned())
                : new ProbeContext.Source.Inline(type, offset);
    }

    /** The prototype of a kernel function. */
    static Optional<BtfType.FuncProto> of(String function, Btf btf) {
        int type = btf.function(function).map(BtfType.Func::type).orElse(0);
        return btf.type(type) instanceof BtfType.FuncProto prototype ? Optional.of(prototype) : Optional.empty();
    }

    /** The parameters as C declarations of {@code arg0} and so on. */
    static List<String> numbered(BtfType.FuncProto prototype, Btf btf) {
        List<String> declarations = new ArrayList<>();
        CRenderer c = new CRenderer(btf);
        for (Parameter parameter : prototype.parameters()) {
            declarations.add(c.parameter(parameter.type(), "arg" + declarations.size()));
        }
        return declarations;
    }

    /** The parameters as C declarations. */
    static List<String> declarations(BtfType.FuncProto prototype, Btf btf) {
        List<String> declarations = new ArrayList<>();
        CRenderer c = new CRenderer(btf);
        for (Parameter parameter : prototype.parameters()) {
            declarations.add(c.parameter(parameter.type(), parameter.name()));
        }
        return declarations;
    }
}
