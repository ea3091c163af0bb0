package dev.sonde.compile;

import dev.sonde.probes.ProbeKind;
import dev.sonde.probes.ProbeKinds;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.spec.AttachSpec.Self.Moment;
import dev.sonde.syntax.Script;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves out the probes that run only on demand, but for those that are demanded, and tells of two that have one name. What is left out is not looked
 * at further.
 */
final class SelectProbes {
    private final Environment environment;
    private final Map<String, Span> names = new HashMap<>();

    SelectProbes(Environment environment) {
        this.environment = environment;
    }

    /** The script without them. */
    Script select(Script script) {
        List<Script.Probe> kept = new ArrayList<>();
        for (Script.Probe probe : script.probes()) {
            List<Script.AttachPoint> points = probe.attachPoints().stream().filter(this::stays).toList();
            if (points.size() == probe.attachPoints().size()) {
                kept.add(probe);
            } else if (!points.isEmpty()) {
                kept.add(new Script.Probe(probe.span(), points, probe.predicate(), probe.body()));
            }
        }
        return script.withProbes(kept);
    }

    private boolean stays(Script.AttachPoint point) {
        Optional<ProbeKind> kind = ProbeKinds.find(point.parts().getFirst().text());
        Optional<Moment> moment = kind.flatMap(ProbeKind::demand);
        if (moment.isEmpty()) {
            return true;
        }
        remember(point, kind.get().name());
        return moment.equals(environment.settings().selection().demanded());
    }

    private void remember(Script.AttachPoint point, String kind) {
        String name = point.parts().getLast().text();
        Span other = names.putIfAbsent(kind + ":" + name, point.span());
        if (other != null) {
            String message = "\"" + name + "\" was used as the name for more than one " + kind.toUpperCase(Locale.ROOT) + " probe";
            environment.diagnostics().add(Diagnostic.at(point.span(), DiagnosticCode.BAD_ATTACH_POINT, message).note(other, "this is the other one"));
        }
    }
}
