package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.syntax.Script;
import dev.sonde.types.AddressSpace;
import java.util.List;
import java.util.OptionalLong;

/** Timers: {@code interval} on one CPU, {@code profile} on every CPU. */
record TimerKind(boolean everyCpu) implements ProbeKind {
    private static final List<String> UNITS = List.of("us", "ms", "s", "hz");
    private static final long SHORTEST = 1_000;

    @Override
    public List<String> names() {
        return everyCpu ? List.of("profile", "p") : List.of("interval", "i");
    }

    @Override
    public List<String> forms() {
        return List.of(name() + ":us|ms|s|hz:N", name() + ":DURATION");
    }

    @Override
    public String documentation() {
        return everyCpu ? "A timer on every CPU, N times a second (hz) or every N units. It sees what the CPU was running."
                : "A timer on one CPU, every N units or N times a second (hz).";
    }

    @Override
    public String example() {
        return everyCpu ? "profile:hz:99 { @[comm] = count() } interval:s:1 { exit() }" : "interval:ms:100 { printf(\"tick\\n\"); exit() }";
    }

    @Override
    public String since() {
        return "4.9";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        if (!binding.parts(point, this, parts, 1, 2)) {
            return List.of();
        }
        return parts.size() == 1 ? ofDuration(point, parts.getFirst(), binding) : ofUnit(point, parts.get(0), parts.get(1), binding);
    }

    private List<ProbeGroup> ofDuration(Script.AttachPoint point, String text, Binding binding) {
        OptionalLong nanoseconds = Quantity.duration(text);
        if (nanoseconds.isEmpty()) {
            return bad(point, binding, "Invalid rate of " + name() + " probe: invalid integer: " + text);
        }
        long period = nanoseconds.getAsLong();
        if (period < SHORTEST) {
            return bad(point, binding, "Invalid rate of " + name() + " probe. Minimum is 1000 or 1us. Found: " + period + " nanoseconds");
        }
        return group(point, name() + ":us:" + period / 1000, period, 0, binding);
    }

    private List<ProbeGroup> ofUnit(Script.AttachPoint point, String unit, String text, Binding binding) {
        if (!UNITS.contains(unit)) {
            return bad(point, binding, unit + " is not an accepted unit of time");
        }
        OptionalLong count = Quantity.number(text);
        if (count.isEmpty()) {
            return bad(point, binding, "Invalid rate of " + name() + " probe: invalid integer: " + text);
        }
        boolean hertz = unit.equals("hz");
        long each = hertz ? 1 : Quantity.unit(unit);
        if (count.getAsLong() <= 0 || count.getAsLong() > Long.MAX_VALUE / each) {
            return bad(point, binding, name() + " frequency should be a positive integer");
        }
        long number = count.getAsLong();
        String probe = name() + ":" + unit + ":" + number;
        return hertz ? group(point, probe, 0, number, binding) : group(point, probe, number * each, 0, binding);
    }

    private List<ProbeGroup> bad(Script.AttachPoint point, Binding binding, String message) {
        binding.error(point.span(), DiagnosticCode.BAD_ATTACH_POINT, message, "Write it as " + String.join(" or ", forms()) + ".");
        return List.of();
    }

    /** With -p, a profile is taken of all and looks at that process only: an event of the process alone would leave out all its threads but one. */
    private List<ProbeGroup> group(Script.AttachPoint point, String text, long nanoseconds, long hertz, Binding binding) {
        List<ProbeGroup> groups = Places.single(this, RegisterContext.event(binding, AddressSpace.UNKNOWN),
                ProbeGroup.Program.of(ProgramKind.PERF_EVENT), text,
                site -> everyCpu ? new AttachSpec.Profile(site, point.span(), nanoseconds, hertz, -1)
                        : new AttachSpec.Interval(site, point.span(), nanoseconds, hertz));
        return everyCpu ? Places.filtered(groups, binding) : groups;
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        return parts.size() > 1 && !Listings.matches(parts.get(1), "") ? List.of() : Listings.of(name(), UNITS, Listings.part(parts, 0));
    }
}
