package dev.sonde.cli;

import dev.sonde.syntax.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Leaves out the attach points that --probe-filter does not find its expression in; begin and end stay. */
final class ProbeFilter {
    private final String expression;

    private ProbeFilter(String expression) {
        this.expression = expression;
    }

    static ProbeFilter of(CommandLine line) {
        return new ProbeFilter(line.value(Option.PROBE_FILTER));
    }

    /** The script without them. */
    Script apply(Script script) {
        if (expression.isEmpty()) {
            return script;
        }
        Pattern pattern = pattern();
        List<Script.Probe> probes = new ArrayList<>();
        for (Script.Probe probe : script.probes()) {
            List<Script.AttachPoint> kept = probe.attachPoints().stream().filter(point -> stays(point, pattern)).toList();
            if (!kept.isEmpty()) {
                probes.add(new Script.Probe(probe.span(), kept, probe.predicate(), probe.body()));
            }
        }
        return new Script(script.source(), script.definitions(), script.config(), script.imports(), script.maps(), script.functions(),
                script.macros(), probes);
    }

    private Pattern pattern() {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw UsageException.of("--probe-filter cannot be read: " + e.getDescription());
        }
    }

    private static boolean stays(Script.AttachPoint point, Pattern pattern) {
        String text = point.text();
        return text.equalsIgnoreCase("begin") || text.equalsIgnoreCase("end") || pattern.matcher(text).find();
    }
}
