package dev.sonde.probes;

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

/**
 * Static tracepoints of the kernel with the arguments that the kernel's code passes to them.
 *
 * <p>BTF gives their names and types, but the program is one without types of its own (RAW_TRACEPOINT, not TRACING): the verifier then lets a script
 * calculate with pointers, and one program serves several events.
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
        Map<ProbeContext, List<Places.Place>> byContext = new LinkedHashMap<>();
        for (String event : events) {
            var site = new TraceSpec.Site("rawtracepoint:" + module + ":" + event, "");
            byContext.computeIfAbsent(context(event, binding), _ -> new ArrayList<>())
                    .add(new Places.Place(site, index -> new AttachSpec.RawTracepoint(index, point.span(), event)));
        }
        List<ProbeGroup> groups = new ArrayList<>();
        boolean cookies = events.size() > 1 && target.has(Feature.RAW_TRACEPOINT_COOKIE);
        byContext.forEach((context, places) -> groups.addAll(
                Places.groups(this, context, ProbeGroup.Program.of(ProgramKind.RAW_TRACEPOINT), places, cookies && places.size() > 1, binding)));
        return Places.narrowed(groups, binding);
    }

    private static ProbeContext context(String event, Binding binding) {
        if (!binding.readsContext()) {
            return RawTracepointContext.NOTHING;
        }
        Optional<BtfType.FuncProto> prototype = binding.kernelTypes().btf().flatMap(btf -> btf.rawTracepointPrototype(event));
        if (prototype.isEmpty()) {
            return new RawTracepointContext(List.of(), MAX_ARGUMENTS, Optional.empty(), true);
        }
        List<ProbeContext.Argument> arguments = binding.usesArguments() ? Prototype.arguments(prototype.get(), binding.kernelTypes()) : List.of();
        int count = Math.min(MAX_ARGUMENTS, Prototype.slots(prototype.get(), binding.kernelTypes()));
        return new RawTracepointContext(arguments, count, Optional.empty(), true);
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
