package dev.sonde.probes;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfType;
import dev.sonde.source.Nearest;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Script;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Static tracepoints of the kernel with the arguments that the kernel's code passes to them.
 *
 * <p>BTF gives their names and types, but the program is one without types of its own (RAW_TRACEPOINT, not TRACING): the verifier then lets a script
 * calculate with pointers, and one program serves several events. Only a body that calls what needs a typed program gets one, for each event its own.
 */
record RawTracepointKind() implements ProbeKind {
    private static final int MAX_ARGUMENTS = 12;

    @Override
    public List<String> names() {
        return List.of("rawtracepoint", "rt");
    }

    @Override
    public List<String> forms() {
        return List.of("rawtracepoint:EVENT", "rawtracepoint:MODULE:EVENT");
    }

    @Override
    public String documentation() {
        return "A static tracepoint with the arguments that the kernel's code gives it: args by name where the kernel has BTF, and argN. "
                + "Cheaper than a tracepoint.";
    }

    @Override
    public String example() {
        return "rawtracepoint:sched_switch { @[args.next.comm] = count() } interval:s:1 { exit() }";
    }

    @Override
    public String since() {
        return "4.17";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        if (!binding.parts(point, this, parts, 1, 2)) {
            return List.of();
        }
        Target target = binding.target();
        List<String> events = target.rawTracepoints(parts.getLast());
        if (events.isEmpty()) {
            String near = Nearest.to(parts.getLast(), target.rawTracepoints("*"));
            binding.noMatch(point.span(), this, String.join(":", parts), near.isEmpty() ? "" : "Did you mean 'rawtracepoint:" + near + "'?");
            return List.of();
        }
        String module = parts.size() == 2 && parts.getFirst().indexOf('*') < 0 ? parts.getFirst() : "vmlinux";
        List<ProbeGroup> groups = new ArrayList<>();
        List<String> untyped = new ArrayList<>();
        for (String event : events) {
            OptionalInt type = binding.typedProgram() ? typedef(event, binding) : OptionalInt.empty();
            if (type.isPresent()) {
                groups.addAll(Places.single(this, context(event, binding), ProbeGroup.Program.typedTracepoint(type.getAsInt()),
                        site(module, event), index -> new AttachSpec.Tracing(index, point.span(), event)));
            } else {
                untyped.add(event);
            }
        }
        groups.addAll(untyped(point, module, untyped, binding));
        return Places.narrowed(groups, binding);
    }

    /** What a program that is loaded by the types of {@code event} attaches to; empty where the kernel does not tell them. */
    static OptionalInt typedef(String event, Binding binding) {
        Optional<Btf> btf = binding.target().has(Feature.BTF_TRACEPOINT) ? binding.kernelTypes().btf() : Optional.empty();
        return btf.isEmpty() ? OptionalInt.empty() : btf.get().rawTracepoint(event);
    }

    private static String site(String module, String event) {
        return "rawtracepoint:" + module + ":" + event;
    }

    private List<ProbeGroup> untyped(Script.AttachPoint point, String module, List<String> events, Binding binding) {
        Map<ProbeContext, List<Places.Place>> byContext = new LinkedHashMap<>();
        for (String event : events) {
            var site = new TraceSpec.Site(site(module, event), "");
            byContext.computeIfAbsent(context(event, binding), _ -> new ArrayList<>())
                    .add(new Places.Place(site, index -> new AttachSpec.RawTracepoint(index, point.span(), event)));
        }
        List<ProbeGroup> groups = new ArrayList<>();
        boolean cookies = events.size() > 1 && binding.target().has(Feature.RAW_TRACEPOINT_COOKIE);
        byContext.forEach((context, places) -> groups.addAll(
                Places.groups(this, context, ProbeGroup.Program.of(ProgramKind.RAW_TRACEPOINT), places, cookies && places.size() > 1, binding)));
        return groups;
    }

    private static ProbeContext context(String event, Binding binding) {
        if (!binding.readsContext()) {
            return RawTracepointContext.NOTHING;
        }
        Optional<BtfType.FuncProto> prototype = binding.kernelTypes().btf().flatMap(btf -> btf.rawTracepointPrototype(event));
        if (prototype.isEmpty()) {
            return new RawTracepointContext(List.of(), MAX_ARGUMENTS, Optional.empty());
        }
        List<ProbeContext.Argument> arguments = binding.usesArguments() ? Prototype.arguments(prototype.get(), binding.kernelTypes()) : List.of();
        int count = Math.min(MAX_ARGUMENTS, Prototype.slots(prototype.get(), binding.kernelTypes()));
        Set<Integer> pointers = binding.typedProgram() ? Prototype.pointers(prototype.get(), binding.kernelTypes()) : Set.of();
        return new RawTracepointContext(arguments, count, Optional.empty(), true, pointers);
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        String module = parts.size() > 1 ? parts.getFirst() : "vmlinux";
        if (!Listings.matches(module, "vmlinux")) {
            return List.of();
        }
        List<Listing> listed = new ArrayList<>();
        for (String event : binding.target().rawTracepoints(parts.isEmpty() ? "*" : parts.getLast())) {
            listed.add(new Listing("rawtracepoint:vmlinux:" + event, () -> declarations(event, binding)));
        }
        return listed;
    }

    private static List<String> declarations(String event, Binding binding) {
        return binding.kernelTypes().btf()
                .flatMap(btf -> btf.rawTracepointPrototype(event).map(prototype -> Prototype.declarations(prototype, btf))).orElse(List.of());
    }
}
