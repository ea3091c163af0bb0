package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.syntax.Script;
import java.util.List;

/** A signal sent to the tracer itself: the session runs the program when it comes. */
record SignalKind() implements ProbeKind {
    private static final String SIGNAL = "SIGUSR1";
    private static final int NUMBER = 10;

    @Override
    public List<String> names() {
        return List.of("self");
    }

    @Override
    public List<String> forms() {
        return List.of("self:signal:SIGUSR1");
    }

    @Override
    public String documentation() {
        return "Runs whenever Sonde itself gets the signal SIGUSR1: to print or clear maps from outside.";
    }

    @Override
    public String example() {
        return "self:signal:SIGUSR1 { print(@) } interval:ms:10 { @ = count() } interval:s:1 { exit() }";
    }

    @Override
    public String type() {
        return "special";
    }

    @Override
    public String since() {
        return "5.10";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        if (!binding.parts(point, this, parts, 2, 2)) {
            return List.of();
        }
        if (!parts.get(0).equals("signal") || !parts.get(1).equals(SIGNAL)) {
            String mistake = parts.get(0).equals("signal") ? parts.get(1) + " is not a supported signal" : parts.get(0) + " is not an event of self";
            binding.error(point.span(), DiagnosticCode.BAD_ATTACH_POINT, mistake, "Write it as self:signal:" + SIGNAL + ".");
            return List.of();
        }
        return Places.single(this, ProbeContext.EMPTY, ProbeGroup.Program.of(ProgramKind.RAW_TRACEPOINT), "self:signal:" + SIGNAL,
                site -> new AttachSpec.Self(site, point.span(), AttachSpec.Self.Moment.SIGNAL, NUMBER));
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        boolean wanted = Listings.matches(Listings.part(parts, 0), "signal") && Listings.matches(Listings.part(parts, 1), SIGNAL);
        return wanted ? List.of(Listing.plain("self:signal:" + SIGNAL)) : List.of();
    }
}
