package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.syntax.Script;
import java.util.List;

/** BEGIN and END: programs that the session runs itself, with a test run, before the first and after the last event. */
record SelfKind(AttachSpec.Self.Moment moment) implements ProbeKind {
    @Override
    public List<String> names() {
        return moment == AttachSpec.Self.Moment.BEGIN ? List.of("begin") : List.of("end");
    }

    @Override
    public List<String> forms() {
        return names();
    }

    @Override
    public String documentation() {
        return moment == AttachSpec.Self.Moment.BEGIN
                ? "Runs once before any other probe is attached. Several are run in their order."
                : "Runs once after all other probes are detached. Several are run in their order.";
    }

    @Override
    public String example() {
        return "begin { printf(\"start\\n\"); exit() } end { printf(\"stop\\n\") }";
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
        if (!parts.isEmpty()) {
            binding.error(point.span(), DiagnosticCode.BAD_ATTACH_POINT, name() + " probe type requires 0 arguments, found " + parts.size());
            return List.of();
        }
        return Places.single(this, ProbeContext.EMPTY, ProbeGroup.Program.of(ProgramKind.RAW_TRACEPOINT), name(),
                site -> new AttachSpec.Self(site, point.span(), moment, 0));
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        return List.of();
    }
}
