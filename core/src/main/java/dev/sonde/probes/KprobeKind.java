package dev.sonde.probes;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfType;
import dev.sonde.btf.CRenderer;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Script;
import dev.sonde.target.Feature;
import dev.sonde.target.KernelFunction;
import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointName;
import dev.sonde.types.AddressSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Probes on kernel functions: at their start or an instruction inside ({@code kprobe}), or when they return ({@code kretprobe}). */
record KprobeKind(boolean onReturn) implements ProbeKind {
    /** BPF_TRACE_KPROBE_MULTI */
    private static final int KPROBE_MULTI = 42;
    private static final TracepointName KFREE_SKB = new TracepointName("skb", "kfree_skb");

    @Override
    public List<String> names() {
        return onReturn ? List.of("kretprobe", "kr") : List.of("kprobe", "k");
    }

    @Override
    public List<String> forms() {
        return onReturn ? List.of("kretprobe:[MODULE:]FUNCTION") : List.of("kprobe:[MODULE:]FUNCTION[+OFFSET]", "kprobe:ADDRESS");
    }

    @Override
    public String documentation() {
        return onReturn ? "The return of a kernel function; its result is retval. The name may hold *."
                : "A kernel function, or an instruction OFFSET bytes into it; arguments are argN. The name may hold *. An address needs --unsafe.";
    }

    @Override
    public String example() {
        return onReturn ? "kretprobe:vfs_read { @bytes = hist(retval) } interval:s:1 { exit() }"
                : "kprobe:vfs_read { @[comm] = count() } interval:s:1 { exit() }";
    }

    @Override
    public String since() {
        return "4.1";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        if (!binding.parts(point, this, parts, 1, 2)) {
            return List.of();
        }
        Optional<FunctionPart> part = FunctionPart.parse(this, point, parts.getLast(), false, binding);
        if (part.isEmpty()) {
            return List.of();
        }
        String module = parts.size() == 2 ? parts.getFirst() : "";
        return Places.narrowed(bind(point, module, part.get(), binding), binding);
    }

    private List<ProbeGroup> bind(Script.AttachPoint point, String module, FunctionPart part, Binding binding) {
        boolean kprobes = binding.target().has(Feature.KPROBE);
        if (part.address().isPresent()) {
            return kprobes ? address(point, part.address().getAsLong(), binding) : unsupported(point, part, binding);
        }
        List<KernelFunction> functions = kprobes ? KernelFunctions.find(module, part.name(), point.span(), binding) : List.of();
        if (functions.isEmpty() && isDrop(part) && !onReturn) {
            List<ProbeGroup> substitute = tracepoint(point, part.name(), binding);
            if (!substitute.isEmpty()) {
                return substitute;
            }
        }
        if (!kprobes) {
            return unsupported(point, part, binding);
        }
        if (functions.isEmpty()) {
            KernelFunctions.noMatch(this, part.name(), point.span(), binding);
            return List.of();
        }
        return functions(point, module, part, functions, binding);
    }

    private List<ProbeGroup> unsupported(Script.AttachPoint point, FunctionPart part, Binding binding) {
        KernelOffers.unsupported(this, Feature.KPROBE, part.name(), point.span(), binding);
        return List.of();
    }

    /** Recent kernels have these inlined, and a tracepoint where they were; of both the first argument is the packet. */
    private static boolean isDrop(FunctionPart part) {
        return part.atStart() && (part.name().equals("kfree_skb") || part.name().equals("tcp_drop"));
    }

    private List<ProbeGroup> tracepoint(Script.AttachPoint point, String function, Binding binding) {
        Optional<TracepointFormat> format = binding.target().tracepoint(KFREE_SKB);
        if (format.isEmpty() || format.get().field("skbaddr").isEmpty()) {
            return List.of();
        }
        binding.diagnostics().add(Diagnostic.at(point.span(), DiagnosticCode.SUBSTITUTED,
                name() + ":" + function + " cannot be attached here: tracepoint:skb:kfree_skb stands for it, and arg0 is the packet there too")
                .hint("Its fields are in args; args.reason says why the packet was dropped."));
        TracepointContext context = TracepointContext.of(format.get(), binding).withArgument("skbaddr");
        return Places.single(this, context, ProbeGroup.Program.of(ProgramKind.TRACEPOINT), name() + ":" + function,
                site -> new AttachSpec.Tracepoint(site, point.span(), KFREE_SKB.category(), KFREE_SKB.event(), format.get().id()));
    }

    private List<ProbeGroup> address(Script.AttachPoint point, long address, Binding binding) {
        if (!binding.unsafe()) {
            binding.error(point.span(), DiagnosticCode.UNSAFE, "Can't attach to an address in safe mode",
                    "--unsafe allows it; inside an instruction it makes the kernel crash.");
            return List.of();
        }
        return Places.single(this, context(RegisterContext.Place.INSIDE, binding), ProbeGroup.Program.of(ProgramKind.KPROBE),
                name() + ":" + Long.toUnsignedString(address), site -> new AttachSpec.Kprobe(site, point.span(), "", 0, address, onReturn));
    }

    private List<ProbeGroup> functions(Script.AttachPoint point, String module, FunctionPart part, List<KernelFunction> functions, Binding binding) {
        var place = onReturn ? RegisterContext.Place.RETURN : part.atStart() ? RegisterContext.Place.ENTRY : RegisterContext.Place.INSIDE;
        RegisterContext context = context(place, binding);
        boolean multi = functions.size() > 1 && part.atStart() && binding.target().has(Feature.KPROBE_MULTI);
        List<TraceSpec.Site> sites = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Places.Place> places = new ArrayList<>();
        for (KernelFunction function : functions) {
            String shown = (module.isEmpty() ? "" : function.module() + ":") + part.text(function.name());
            sites.add(new TraceSpec.Site(name() + ":" + shown, function.name()));
            names.add(function.name());
            places.add(new Places.Place(sites.getLast(),
                    site -> new AttachSpec.Kprobe(site, point.span(), function.name(), part.offset(), 0, onReturn)));
        }
        if (!multi) {
            boolean cookies = places.size() > 1 && binding.target().has(Feature.ATTACH_COOKIE);
            return Places.groups(this, context, ProbeGroup.Program.of(ProgramKind.KPROBE), places, cookies, binding);
        }
        return List.of(new ProbeGroup(this, context, new ProbeGroup.Program(ProgramKind.KPROBE, KPROBE_MULTI, 0), sites,
                first -> List.of(new AttachSpec.KprobeMulti(first, point.span(), names, onReturn, false)), true, -1, Optional.empty()));
    }

    private static RegisterContext context(RegisterContext.Place place, Binding binding) {
        return RegisterContext.function(binding, place, AddressSpace.KERNEL);
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        String module = parts.size() == 2 ? parts.getFirst() : "";
        String pattern = parts.isEmpty() ? "*" : parts.getLast();
        if (module.indexOf('*') < 0) {
            return new NamedProbes(name() + ":" + (module.isEmpty() ? "" : module + ":"), binding.target().kernelFunctionNames(module, pattern),
                    function -> declarations(function, binding));
        }
        List<Listing> listed = new ArrayList<>();
        for (KernelFunction function : binding.target().kernelFunctions(module, pattern)) {
            listed.add(new Listing(name() + ":" + function.module() + ":" + function.name(), () -> declarations(function.name(), binding)));
        }
        return listed;
    }

    private List<String> declarations(String function, Binding binding) {
        Optional<Btf> btf = binding.kernelTypes().btf();
        Optional<BtfType.FuncProto> prototype = btf.flatMap(b -> Prototype.of(function, b));
        if (prototype.isEmpty()) {
            return List.of();
        }
        if (!onReturn) {
            return Prototype.numbered(prototype.get(), btf.get());
        }
        int type = prototype.get().returnType();
        return type == 0 ? List.of() : List.of(new CRenderer(btf.get()).parameter(type, "retval"));
    }
}
