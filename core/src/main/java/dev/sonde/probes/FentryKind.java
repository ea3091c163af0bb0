package dev.sonde.probes;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfType;
import dev.sonde.btf.CRenderer;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Script;
import dev.sonde.target.Feature;
import dev.sonde.target.KernelFunction;
import dev.sonde.target.Target;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Kernel functions through BPF trampolines: at their start ({@code fentry}) and at their return with the arguments still known ({@code fexit}). */
record FentryKind(boolean onReturn) implements ProbeKind {
    /** BPF_TRACE_FENTRY; BPF_TRACE_FEXIT is the next. */
    private static final int FENTRY = 24;
    /** What the kernel's own functions have for a module. */
    private static final String KERNEL = "vmlinux";
    /** What stands before BPF programs in the place of a module. */
    private static final String BPF = "bpf";

    @Override
    public List<String> names() {
        return onReturn ? List.of("fexit", "fr", "kretfunc") : List.of("fentry", "f", "kfunc");
    }

    @Override
    public List<String> forms() {
        return List.of(name() + ":[MODULE:]FUNCTION", name() + ":bpf:[ID:]FUNCTION");
    }

    @Override
    public String documentation() {
        return "A kernel function" + (onReturn ? " when it returns: its arguments are args, its result retval."
                : " at its start: its arguments are args.")
                + " Cheaper than a kprobe; needs BTF. The name may hold *. With bpf it is a function of a loaded BPF program.";
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
        boolean bpf = parts.size() > 1 && parts.getFirst().equals(BPF);
        if (!binding.parts(point, this, parts, 1, bpf ? 3 : 2)) {
            return List.of();
        }
        String function = parts.getLast();
        Optional<Btf> btf = binding.target().has(Feature.FENTRY) ? binding.kernelTypes().btf() : Optional.empty();
        if (btf.isEmpty()) {
            KernelOffers.unsupported(this, Feature.FENTRY, function, point.span(), binding);
            return List.of();
        }
        List<ProbeGroup> groups = new ArrayList<>();
        if (bpf) {
            groups.addAll(programs(point, parts, binding));
            return Places.narrowed(groups, binding);
        }
        Map<String, Optional<KernelTypes>> modules = new HashMap<>();
        for (KernelFunction candidate : KernelFunctions.find(parts.size() == 2 ? parts.getFirst() : "", function, point.span(), binding)) {
            modules.computeIfAbsent(candidate.module(), module -> types(module, binding))
                    .ifPresent(types -> groups.addAll(group(point, candidate, types, binding)));
        }
        if (groups.isEmpty()) {
            KernelFunctions.noMatch(this, function, point.span(), binding);
        }
        return Places.narrowed(groups, binding);
    }

    /** Functions of BPF programs: {@code bpf:[ID:]FUNCTION}. */
    private List<ProbeGroup> programs(Script.AttachPoint point, List<String> parts, Binding binding) {
        List<ProbeGroup> groups = new ArrayList<>();
        boolean one = parts.size() == 3 && !parts.get(1).equals("*");
        if (one && !isNumber(parts.get(1))) {
            binding.error(point.span(), DiagnosticCode.BAD_ATTACH_POINT, "'" + parts.get(1) + "' is no id of a BPF program",
                    "Write it as " + name() + ":bpf:[ID:]FUNCTION.");
            return groups;
        }
        for (Target.BpfFunction function : binding.target().bpfFunctions(one ? Integer.parseInt(parts.get(1)) : 0, parts.getLast())) {
            BtfType type = function.types().type(function.type());
            if (type instanceof BtfType.Func typed && function.types().type(typed.type()) instanceof BtfType.FuncProto prototype) {
                groups.add(group(point, BPF + ":" + function.program() + ":" + function.name(), typed, prototype,
                        new KernelTypes(() -> Optional.of(function.types())), ProgramSpec.AttachTo.program(function.program()), binding));
            }
        }
        if (groups.isEmpty()) {
            binding.noMatch(point.span(), this, String.join(":", parts),
                    "A program must be loaded with BTF; bpftool prog lists those that are loaded.");
        }
        return groups;
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() < 10;
    }

    /** The types that the functions of a module are told in. */
    private static Optional<KernelTypes> types(String module, Binding binding) {
        return module.equals(KERNEL) ? Optional.of(binding.kernelTypes()) : binding.target().moduleBtf(module).map(binding.kernelTypes()::withModule);
    }

    private List<ProbeGroup> group(Script.AttachPoint point, KernelFunction function, KernelTypes types, Binding binding) {
        Btf btf = types.btf().orElseThrow();
        Optional<BtfType.Func> typed = btf.function(function.name());
        if (typed.isEmpty() || !(btf.type(typed.get().type()) instanceof BtfType.FuncProto prototype)) {
            return List.of();
        }
        boolean kernel = function.module().equals(KERNEL);
        return List.of(group(point, function.module() + ":" + function.name(), typed.get(), prototype, types,
                kernel ? ProgramSpec.AttachTo.KERNEL : ProgramSpec.AttachTo.module(function.module()), binding));
    }

    private ProbeGroup group(Script.AttachPoint point, String place, BtfType.Func function, BtfType.FuncProto prototype, KernelTypes types,
            ProgramSpec.AttachTo attachTo, Binding binding) {
        int count = Prototype.slots(prototype, types);
        Type result = types.of(prototype.returnType());
        Optional<ProbeContext.Source> returns = onReturn && result.isScalar() ? Optional.of(Prototype.source(result, 8 * count)) : Optional.empty();
        Set<Integer> pointers = Prototype.pointers(prototype, types);
        if (result instanceof Type.Pointer) {
            pointers.add(8 * count);
        }
        var context = new RawTracepointContext(binding.usesArguments() ? Prototype.arguments(prototype, types) : List.of(), count, returns, true,
                pointers);
        var program = new ProbeGroup.Program(ProgramKind.TRACING, onReturn ? FENTRY + 1 : FENTRY, function.id(), attachTo);
        return new ProbeGroup(this, context, program, List.of(new TraceSpec.Site(name() + ":" + place, function.name())),
                site -> List.of(new AttachSpec.Tracing(site, point.span(), function.name())), false);
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        boolean listed = binding.target().has(Feature.BTF_TRACEPOINT) && (parts.size() != 2 || Listings.matches(parts.getFirst(), KERNEL));
        return !listed ? List.of() : new NamedProbes(name() + ":" + KERNEL + ":",
                binding.target().kernelFunctionNames(KERNEL, parts.isEmpty() ? "*" : parts.getLast()),
                function -> binding.kernelTypes().btf().map(btf -> declarations(function, btf)).orElse(List.of()));
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
