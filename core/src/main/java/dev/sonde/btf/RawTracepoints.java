package dev.sonde.btf;

import java.util.List;
import java.util.Optional;

/**
 * How the kernel describes a raw tracepoint: the typedef {@code btf_trace_<event>} of a pointer to its prototype has the types, and the
 * functions {@code __traceiter_<event>} or {@code __bpf_trace_<event>} have the names ({@code include/trace/bpf_probe.h}).
 */
final class RawTracepoints {
    static final String TYPEDEF = "btf_trace_";

    private RawTracepoints() {
    }

    static Optional<BtfType.FuncProto> prototype(Btf btf, String event) {
        int typedef = btf.idOf(BtfKind.TYPEDEF, TYPEDEF.concat(event));
        if (typedef == 0 || !(btf.type(btf.resolve(typedef)) instanceof BtfType.Ptr pointer)
            || !(btf.type(pointer.type()) instanceof BtfType.FuncProto typed) || typed.parameters().isEmpty()) {
            return Optional.empty();
        }
        List<Parameter> named = parameters(btf, "__traceiter_".concat(event), typed.parameters());
        named = named.getFirst().name().isEmpty() ? parameters(btf, "__bpf_trace_".concat(event), typed.parameters()) : named;
        return Optional.of(new BtfType.FuncProto(typed.id(), typed.returnType(), named.subList(1, named.size())));
    }

    /** The parameters of {@code function} when there are as many as in {@code typed}, else those. */
    private static List<Parameter> parameters(Btf btf, String function, List<Parameter> typed) {
        int id = btf.idOf(BtfKind.FUNC, function);
        boolean same = id != 0 && btf.type(id) instanceof BtfType.Func func && btf.type(func.type()) instanceof BtfType.FuncProto proto
            && proto.parameters().size() == typed.size();
        return same ? ((BtfType.FuncProto) btf.type(((BtfType.Func) btf.type(id)).type())).parameters() : typed;
    }
}
