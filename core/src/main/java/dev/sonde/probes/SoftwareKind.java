package dev.sonde.probes;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.syntax.Script;
import dev.sonde.types.AddressSpace;
import java.util.List;
import java.util.Optional;

/** Events that the kernel itself counts (perf_event_open(2), PERF_TYPE_SOFTWARE). */
record SoftwareKind() implements ProbeKind {
    private static final List<CountedEvent> EVENTS = List.of(new CountedEvent("cpu-clock", 0, 1_000_000), new CountedEvent("cpu", 0, 1_000_000),
            new CountedEvent("task-clock", 1, 1_000_000), new CountedEvent("page-faults", 2, 100), new CountedEvent("faults", 2, 100),
            new CountedEvent("context-switches", 3, 1_000), new CountedEvent("cs", 3, 1_000), new CountedEvent("cpu-migrations", 4, 1),
            new CountedEvent("minor-faults", 5, 100), new CountedEvent("major-faults", 6, 1), new CountedEvent("alignment-faults", 7, 1),
            new CountedEvent("emulation-faults", 8, 1), new CountedEvent("dummy", 9, 1), new CountedEvent("bpf-output", 10, 1));

    @Override
    public List<String> names() {
        return List.of("software", "s");
    }

    @Override
    public List<String> forms() {
        return List.of("software:EVENT:COUNT", "software:EVENT");
    }

    @Override
    public String documentation() {
        return "Every COUNT-th event of a kind that the kernel counts: page-faults, context-switches, cpu-clock and so on.";
    }

    @Override
    public String example() {
        return "software:page-faults:1 { @[comm] = count() } interval:s:1 { exit() }";
    }

    @Override
    public String since() {
        return "4.9";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        Optional<CountedEvent.Counted> found = CountedEvent.find(this, EVENTS, point, parts, binding);
        if (found.isEmpty()) {
            return List.of();
        }
        CountedEvent.Counted counted = found.get();
        return Places.filtered(Places.single(this, RegisterContext.event(binding, AddressSpace.UNKNOWN),
                ProbeGroup.Program.of(ProgramKind.PERF_EVENT),
                counted.text(), site -> new AttachSpec.Software(site, point.span(), counted.event().number(), counted.period(), -1)), binding);
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        return Listings.of("software", CountedEvent.names(EVENTS), Listings.part(parts, 0));
    }
}
