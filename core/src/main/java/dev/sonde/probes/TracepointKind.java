package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Nearest;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Script;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Static tracepoints of the kernel, as tracefs names them, each through a perf event.
 *
 * <p>A large set whose bodies do not look at the record is attached as raw tracepoints instead, which are gone at once when the run ends, while a
 * perf event of a tracepoint takes about 75 ms to close.
 */
record TracepointKind() implements ProbeKind {
    @Override
    public List<String> names() {
        return List.of("tracepoint", "t");
    }

    @Override
    public List<String> forms() {
        return List.of("tracepoint:CATEGORY:EVENT");
    }

    @Override
    public String documentation() {
        return "A static tracepoint of the kernel. Its fields are in args. Both parts may hold *.";
    }

    @Override
    public String example() {
        return "tracepoint:raw_syscalls:sys_enter { @[comm] = count() } interval:s:1 { exit() }";
    }

    @Override
    public String since() {
        return "4.7";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        if (!binding.parts(point, this, parts, 2, 2)) {
            return List.of();
        }
        List<TracepointName> names = binding.target().tracepoints(parts.get(0), parts.get(1));
        if (names.isEmpty()) {
            binding.noMatch(point.span(), this, parts.get(0) + ":" + parts.get(1), nearest(parts.get(0), parts.get(1), binding.target()));
            return List.of();
        }
        List<TracepointName> rest = new ArrayList<>();
        List<ProbeGroup> groups = new SyscallTracepoints(this, point, binding).groups(names, rest);
        boolean raw = rest.size() > 1 && !binding.readsContext() && binding.target().has(Feature.RAW_TRACEPOINT_COOKIE);
        List<TracepointName> perf = new ArrayList<>();
        List<TracepointName> rawNames = new ArrayList<>();
        for (TracepointName name : rest) {
            (raw && inKernelCode(name) ? rawNames : perf).add(name);
        }
        groups.addAll(raw(point, rawNames, binding));
        groups.addAll(perf(point, perf, binding));
        return Places.narrowed(groups, binding);
    }

    /** Whether the event is a tracepoint in the kernel's code, and not one that a tracer makes itself. */
    private static boolean inKernelCode(TracepointName name) {
        return switch (name.category()) {
            case "syscalls", "ftrace", "kprobes", "uprobes", "eprobes", "fprobes", "synthetic" -> false;
            default -> true;
        };
    }

    private List<ProbeGroup> raw(Script.AttachPoint point, List<TracepointName> names, Binding binding) {
        List<Places.Place> places = new ArrayList<>();
        for (TracepointName name : names) {
            places.add(new Places.Place(site(name), site -> new AttachSpec.RawTracepoint(site, point.span(), name.event())));
        }
        return Places.groups(this, RawTracepointContext.NOTHING, ProbeGroup.Program.of(ProgramKind.RAW_TRACEPOINT), places, true, binding);
    }

    private List<ProbeGroup> perf(Script.AttachPoint point, List<TracepointName> names, Binding binding) {
        Map<ProbeContext, List<Places.Place>> byContext = new LinkedHashMap<>();
        TracepointContext first = null;
        for (TracepointName name : names) {
            TracepointFormat format = binding.target().tracepoint(name).orElse(null);
            if (format == null) {
                continue;
            }
            TracepointContext context = TracepointContext.of(format, binding);
            first = first == null ? context : first;
            byContext.computeIfAbsent(binding.usesArguments() ? context : first, _ -> new ArrayList<>()).add(place(point, format));
        }
        if (first == null && !names.isEmpty()) {
            binding.error(point.span(), DiagnosticCode.UNSUPPORTED_PROBE, "The format of " + names.getFirst() + " cannot be read",
                    "It is below tracefs (/sys/kernel/tracing/events), which only root may read.");
        }
        List<ProbeGroup> groups = new ArrayList<>();
        boolean cookies = binding.target().has(Feature.ATTACH_COOKIE);
        byContext.forEach((context, places) -> groups.addAll(
                Places.groups(this, context, ProbeGroup.Program.of(ProgramKind.TRACEPOINT), places, cookies && places.size() > 1, binding)));
        return groups;
    }

    private static Places.Place place(Script.AttachPoint point, TracepointFormat format) {
        TracepointName name = format.name();
        return new Places.Place(site(name), site -> new AttachSpec.Tracepoint(site, point.span(), name.category(), name.event(), format.id()));
    }

    static TraceSpec.Site site(TracepointName name) {
        return new TraceSpec.Site("tracepoint:" + name, "");
    }

    /** The nearest event of the category, the category that has the event, or the nearest category. */
    private static String nearest(String category, String event, Target target) {
        List<TracepointName> same = target.tracepoints(category, "*");
        List<TracepointName> elsewhere = target.tracepoints("*", event);
        List<String> names = new ArrayList<>();
        if (same.isEmpty() && elsewhere.isEmpty() && target.tracepoints("*", "*").isEmpty()) {
            return "No tracepoint can be seen: they are listed in tracefs (/sys/kernel/tracing), which root must mount and may read.";
        }
        if (same.isEmpty() && !elsewhere.isEmpty() && event.indexOf('*') < 0) {
            return "Did you mean 'tracepoint:" + elsewhere.getFirst() + "'?";
        }
        for (TracepointName name : same.isEmpty() ? target.tracepoints("*", "*") : same) {
            names.add(same.isEmpty() ? name.category() : name.event());
        }
        String near = Nearest.to(same.isEmpty() ? category : event, names);
        if (near.isEmpty()) {
            return "";
        }
        return "Did you mean 'tracepoint:" + (same.isEmpty() ? near + ":" + event : same.getFirst().category() + ":" + near) + "'?";
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        List<Listing> listed = new ArrayList<>();
        for (TracepointName name : binding.target().tracepoints(Listings.part(parts, 0), Listings.part(parts, 1))) {
            listed.add(new Listing("tracepoint:" + name, () -> declarations(name, binding.target())));
        }
        listed.sort((a, b) -> a.probe().compareTo(b.probe()));
        return listed;
    }

    private static List<String> declarations(TracepointName name, Target target) {
        List<String> declarations = new ArrayList<>();
        TracepointFormat format = target.tracepoint(name).orElse(null);
        for (TracepointFormat.Field field : format == null ? List.<TracepointFormat.Field>of() : format.fields()) {
            if (!field.name().startsWith("common_")) {
                String brackets = field.count() > 0 ? "[" + field.count() + "]" : "";
                declarations.add(field.type() + " " + field.name() + brackets);
            }
        }
        return declarations;
    }
}
