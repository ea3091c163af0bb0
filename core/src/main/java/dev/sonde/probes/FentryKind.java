package dev.sonde.probes;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfType;
import dev.sonde.btf.CRenderer;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Script;
import dev.sonde.target.Feature;
import dev.sonde.target.KernelFunction;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Kernel functions through BPF trampolines: at their start ({@code fentry}) and at their return with the arguments still known ({@code fexit}). */
record FentryKind(boolean onReturn) implements ProbeKind {
    /** BPF_TRACE_FENTRY; BPF_TRACE_FEXIT is the next. */
    private static final int FENTRY = 24;

    @Override
    public List<String> names() {
        return onReturn ? List.of("fexit", "fr", "kretfunc") : List.of("fentry", "f", "kfunc");
    }

    @Override
    public List<String> forms() {
        return List.of(name() + ":[MODULE:]FUNCTION");
    }

    @Override
    public String documentation() {
        return "A kernel function" + (onReturn ? " when it returns: its arguments are args, its result retval."
                : " at its start: its arguments are args.")
                + " Cheaper than a kprobe; needs BTF. The name may hold *.";
    }

    @Override
    public String example() {
        return onReturn ? "fexit:vfs_read { @bytes = hist(retval) } interval:s:1 { exit() }"
                : "fentry:vfs_read { @[comm] = hist(args.count) } interval:s:1 { exit() }";
    }

    @Override
    public String since() {
        return "5.5";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        if (!binding.parts(point, this, parts, 1, 2)) {
            return List.of();
        }
        String function = parts.getLast();
        Optional<Btf> btf = binding.target().has(Feature.FENTRY) ? binding.kernelTypes().btf() : Optional.empty();
        if (btf.isEmpty()) {
            KernelOffers.unsupported(this, Feature.FENTRY, function, point.span(), binding);
            return List.of();
        }
        if (parts.size() == 2 && parts.getFirst().equals("bpf")) {
            binding.error(point.span(), DiagnosticCode.NOT_COMPILED, name() + " probes on BPF programs are not compiled yet");
            return List.of();
        }
        List<ProbeGroup> groups = new ArrayList<>();
        for (KernelFunction candidate : KernelFunctions.find(parts.size() == 2 ? parts.getFirst() : "", function, point.span(), binding)) {
            btf.get().function(candidate.name()).ifPresent(typed -> groups.addAll(group(point, candidate, typed, btf.get(), binding)));
        }
        if (groups.isEmpty()) {
            KernelFunctions.noMatch(this, function, point.span(), binding);
        }
        return Places.filtered(groups, binding);
    }

    private List<ProbeGroup> group(Script.AttachPoint point, KernelFunction function, BtfType.Func typed, Btf btf, Binding binding) {
        if (!(btf.type(typed.type()) instanceof BtfType.FuncProto prototype)) {
            return List.of();
        }
        KernelTypes types = binding.kernelTypes();
        int count = Prototype.slots(prototype, types);
        Type result = types.of(prototype.returnType());
        Optional<ProbeContext.Source> returns = onReturn && result.isScalar() ? Optional.of(Prototype.source(result, 8 * count)) : Optional.empty();
        var context = new RawTracepointContext(binding.usesArguments() ? Prototype.arguments(prototype, types) : List.of(), count, returns, true);
        var program = new ProbeGroup.Program(ProgramKind.TRACING, onReturn ? FENTRY + 1 : FENTRY, typed.id());
        String text = name() + ":" + function.module() + ":" + function.name();
        return List.of(new ProbeGroup(this, context, program, List.of(new TraceSpec.Site(text, function.name())),
                site -> List.of(new AttachSpec.Tracing(site, point.span(), function.name())), false));
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        List<Listing> listed = new ArrayList<>();
        Optional<Btf> btf = binding.kernelTypes().btf();
        String module = parts.size() == 2 ? parts.getFirst() : "";
        for (KernelFunction function : btf.isEmpty() ? List.<KernelFunction>of()
                : binding.target().kernelFunctions(module, parts.isEmpty() ? "*" : parts.getLast())) {
            if (function.module().equals("vmlinux")) {
                listed.add(new Listing(name() + ":vmlinux:" + function.name(), () -> declarations(function.name(), btf.get())));
            }
        }
        return listed;
    }

    private List<String> declarations(String function, Btf btf) {
        List<String> declarations = new ArrayList<>();
        Prototype.of(function, btf).ifPresent(prototype -> {
            declarations.addAll(Prototype.declarations(prototype, btf));
            if (onReturn && prototype.returnType() != 0) {
                declarations.add(new CRenderer(btf).parameter(prototype.returnType(), "retval"));
            }
        });
        return declarations;
    }
}
