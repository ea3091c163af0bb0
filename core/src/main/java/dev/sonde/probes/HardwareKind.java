package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.syntax.Script;
import dev.sonde.target.Feature;
import dev.sonde.types.AddressSpace;
import java.util.List;
import java.util.Optional;

/** Events that the processor counts (perf_event_open(2), PERF_TYPE_HARDWARE). */
record HardwareKind() implements ProbeKind {
    private static final int PERF_TYPE_HARDWARE = 0;
    private static final List<CountedEvent> EVENTS = List.of(
            new CountedEvent("cpu-cycles", 0, 1_000_000), new CountedEvent("cycles", 0, 1_000_000), new CountedEvent("instructions", 1, 1_000_000),
            new CountedEvent("cache-references", 2, 1_000_000), new CountedEvent("cache-misses", 3, 1_000_000),
            new CountedEvent("branch-instructions", 4, 100_000), new CountedEvent("branches", 4, 100_000),
            new CountedEvent("branch-misses", 5, 100_000), new CountedEvent("bus-cycles", 6, 100_000),
            new CountedEvent("frontend-stalls", 7, 1_000_000), new CountedEvent("backend-stalls", 8, 1_000_000),
            new CountedEvent("ref-cycles", 9, 1_000_000));

    @Override
    public List<String> names() {
        return List.of("hardware", "h");
    }

    @Override
    public List<String> forms() {
        return List.of("hardware:EVENT:COUNT", "hardware:EVENT");
    }

    @Override
    public String documentation() {
        return "Every COUNT-th event of a kind that the processor counts: cycles, instructions, cache-misses, … Most virtual machines have none.";
    }

    @Override
    public String example() {
        return "hardware:cache-misses:100000 { @[comm] = count() } interval:s:1 { exit() }";
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
        if (!binding.target().has(Feature.HARDWARE_EVENTS)) {
            binding.error(point.span(), DiagnosticCode.UNSUPPORTED_PROBE,
                    "This machine has no hardware performance counters: its processor, or the hypervisor, offers none",
                    "profile:hz:99 samples by time instead, and software:cpu-clock by processor time.");
            return List.of();
        }
        CountedEvent.Counted counted = found.get();
        List<ProbeGroup> groups = Places.single(this, RegisterContext.event(binding, AddressSpace.UNKNOWN),
                ProbeGroup.Program.of(ProgramKind.PERF_EVENT),
                counted.text(), site -> attachment(site, point, counted));
        return Places.filtered(groups, binding);
    }

    private static AttachSpec attachment(int site, Script.AttachPoint point, CountedEvent.Counted counted) {
        return new AttachSpec.Hardware(site, point.span(), PERF_TYPE_HARDWARE, counted.event().number(), counted.period(), -1);
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        return Listings.of("hardware", CountedEvent.names(EVENTS), Listings.part(parts, 0));
    }
}
