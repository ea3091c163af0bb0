package dev.sonde.probes;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.syntax.Script;
import java.util.List;
import java.util.Optional;

/** Probes that run only on demand: tests with --test, benchmarks with --bench. */
record TestKind(AttachSpec.Self.Moment moment) implements ProbeKind {
    private boolean bench() {
        return moment == AttachSpec.Self.Moment.BENCH;
    }

    @Override
    public Optional<AttachSpec.Self.Moment> demand() {
        return Optional.of(moment);
    }

    @Override
    public List<String> names() {
        return bench() ? List.of("bench") : List.of("test");
    }

    @Override
    public List<String> forms() {
        return List.of(name() + ":NAME");
    }

    @Override
    public String documentation() {
        return bench() ? "A body whose run time --bench measures. Other runs leave it out."
                : "A body that --test runs; it fails when it returns another number than 0, exits with one, or tells of an error. "
                        + "Other runs leave it out.";
    }

    @Override
    public String example() {
        return bench() ? "bench:addition { $a = 1; $a + 1 }" : "test:addition { assert(1 + 1 == 2, \"sum\") }";
    }

    @Override
    public String since() {
        return "5.10";
    }

    @Override
    public List<ProbeGroup> bind(Script.AttachPoint point, List<String> parts, Binding binding) {
        if (!binding.parts(point, this, parts, 1, 1)) {
            return List.of();
        }
        return Places.single(this, ProbeContext.EMPTY, ProbeGroup.Program.of(ProgramKind.RAW_TRACEPOINT), name() + ":" + parts.getFirst(),
                site -> new AttachSpec.Self(site, point.span(), moment, 0));
    }

    @Override
    public List<Listing> list(List<String> parts, Binding binding) {
        return List.of();
    }
}
