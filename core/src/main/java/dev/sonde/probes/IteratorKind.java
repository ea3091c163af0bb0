package dev.sonde.probes;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfKind;
import dev.sonde.btf.BtfType;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Nearest;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Script;
import dev.sonde.target.Feature;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Walks over all kernel objects of a kind (Documentation/bpf/bpf_iterators.rst): the body runs once for each and once more at the end. */
record IteratorKind() implements ProbeKind {
    /** BPF_TRACE_ITER */
    private static final int TRACE_ITER = 28;
    private static final String STRUCT = "bpf_iter__";
    private static final String FUNCTION = "bpf_iter_";

    @Override
    public List<String> names() {
        return List.of("iter", "it");
    }

    @Override
    public List<String> forms() {
        return List.of("iter:OBJECT", "iter:OBJECT:PIN");
    }

    @Override
    public String documentation() {
        return "Runs for every kernel object of a kind: task, task_file, task_vma, bpf_map, tcp and so on. The object is in ctx. With PIN, a file "
                + "below /sys/fs/bpf, it runs whenever somebody reads that file, for as long as the trace does.";
    }

    @Override
    public String example() {
        return "iter:task { printf(\"%d %s\\n\", ctx.task.pid, ctx.task.comm) }";
    }

    @Override
    public String since() {
        return "5.8";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        if (!binding.parts(point, this, parts, 1, 2)) {
            return List.of();
        }
        String object = parts.getFirst();
        Optional<Btf> btf = binding.target().has(Feature.ITERATOR) ? binding.kernelTypes().btf() : Optional.empty();
        if (btf.isEmpty()) {
            binding.error(point.span(), DiagnosticCode.UNSUPPORTED_PROBE,
                    "This kernel (" + binding.target().kernelRelease() + ") has no BPF iterators",
                    "They need Linux " + Feature.ITERATOR.since() + " with BTF.");
            return List.of();
        }
        Optional<BtfType.Func> function = btf.get().function(FUNCTION + object);
        if (function.isEmpty() || btf.get().struct(STRUCT + object).isEmpty()) {
            String near = Nearest.to(object, objects(btf.get()));
            binding.noMatch(point.span(), this, object, near.isEmpty() ? "There are: " + String.join(", ", objects(btf.get())) + "."
                    : "Did you mean 'iter:" + near + "'?");
            return List.of();
        }
        String pin = parts.size() == 1 ? "" : parts.get(1).startsWith("/") ? parts.get(1) : "/sys/fs/bpf/" + parts.get(1);
        var program = new ProbeGroup.Program(ProgramKind.TRACING, TRACE_ITER, function.get().id());
        var context = new Context(STRUCT + object, binding.kernelTypes());
        return List.of(new ProbeGroup(this, context, program, List.of(new TraceSpec.Site("iter:" + object, "")),
                site -> List.of(new AttachSpec.Iterator(site, point.span(), object, pin)), false));
    }

    private static TreeSet<String> objects(Btf btf) {
        TreeSet<String> objects = new TreeSet<>();
        btf.forEach(BtfKind.STRUCT, STRUCT + "*", id -> {
            String object = btf.nameOf(id).substring(STRUCT.length());
            if (btf.function(FUNCTION + object).isPresent()) {
                objects.add(object);
            }
        });
        return objects;
    }

    /**
     * A context that is a struct of the kernel's own. It is read with a helper, as other kernel memory: the verifier does not let a program calculate
     * with a pointer that it loaded from there itself before it is compared with NULL.
     */
    private record Context(String struct, KernelTypes types) implements ProbeContext {
        @Override
        public Type contextType() {
            return new Type.Pointer(types.struct("struct", struct).orElse(Type.VOID), AddressSpace.KERNEL);
        }

        @Override
        public boolean reentrant() {
            return true;
        }
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        List<Listing> listed = new ArrayList<>();
        Optional<Btf> btf = binding.target().has(Feature.ITERATOR) ? binding.kernelTypes().btf() : Optional.empty();
        for (String object : btf.isEmpty() ? new TreeSet<String>() : objects(btf.get())) {
            if (Listings.matches(Listings.part(parts, 0), object)) {
                listed.add(Listing.plain("iter:" + object));
            }
        }
        return listed;
    }
}
