package dev.sonde.compile;

import dev.sonde.builtins.Builtins;
import dev.sonde.probes.Binding;
import dev.sonde.probes.ProbeGroup;
import dev.sonde.probes.ProbeKind;
import dev.sonde.probes.ProbeKinds;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Nearest;
import dev.sonde.spec.RunOptions;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns attach points into places on the target. Parameters ({@code $1}) and environment variables ({@code ${NAME}}) in them are replaced here, and
 * wildcards are expanded here and nowhere else, by the probe kinds.
 */
final class BindProbes {
    private final Environment environment;

    BindProbes(Environment environment) {
        this.environment = environment;
    }

    /** The script with its places. */
    BoundScript bind(Script script) {
        List<BoundScript.Bound> bound = new ArrayList<>();
        for (Script.Probe probe : script.probes()) {
            Binding binding = binding(probe);
            List<ProbeGroup> groups = new ArrayList<>();
            for (Script.AttachPoint point : probe.attachPoints()) {
                groups.addAll(bind(point, binding));
            }
            if (groups.isEmpty() && !binding.alone() && binding.missing() == RunOptions.MissingProbes.ERROR && !environment.diagnostics().hasErrors()) {
                environment.diagnostics().add(probe.attachPoints().getFirst().span(), DiagnosticCode.NO_MATCH, "Probe has no valid attach points",
                        "If this is expected, set the 'missing_probes' config variable to 'warn'.");
            }
            bound.add(new BoundScript.Bound(probe, groups));
        }
        return new BoundScript(script, bound);
    }

    private Binding binding(Script.Probe probe) {
        boolean arguments = uses(probe, e -> e instanceof Expression.Identifier(_, String name) && name.equals(Builtins.ARGS));
        boolean context = arguments || uses(probe, e -> e instanceof Expression.Identifier(_, String name) && Builtins.readsContext(name)
                || e instanceof Expression.Call call && Builtins.readsContext(call.name()));
        boolean site = uses(probe, e -> e instanceof Expression.Identifier(_, String name) && Builtins.tellsSite(name));
        var settings = environment.settings();
        return new Binding(environment.target(), environment.types().kernel(), environment.diagnostics(), settings.pid(), settings.unsafe(),
                settings.options().missingProbes(), arguments, context, site, probe.attachPoints().size() == 1);
    }

    private static boolean uses(Script.Probe probe, java.util.function.Predicate<Expression> wanted) {
        return Children.any(probe.body(), wanted) || probe.predicate().filter(p -> Children.any(p, wanted)).isPresent();
    }

    private List<ProbeGroup> bind(Script.AttachPoint point, Binding binding) {
        List<String> parts = new ArrayList<>();
        for (Script.Part part : point.parts()) {
            Optional<String> text = replaced(part);
            if (text.isEmpty()) {
                return List.of();
            }
            parts.add(text.get());
        }
        String name = parts.getFirst();
        Optional<ProbeKind> kind = ProbeKinds.find(name);
        if (kind.isEmpty()) {
            List<String> names = new ArrayList<>();
            ProbeKinds.all().forEach(k -> names.addAll(k.names()));
            String near = Nearest.to(name, names);
            var diagnostic = dev.sonde.source.Diagnostic.at(point.span(), DiagnosticCode.UNKNOWN_PROBE_KIND, "Invalid probe type: " + name);
            environment.diagnostics().add(near.isEmpty() ? diagnostic : diagnostic.hint("Did you mean '" + near + "'?"));
            return List.of();
        }
        return kind.get().bind(point, parts.subList(1, parts.size()), binding);
    }

    /** The part with its parameters and environment variables replaced; empty after a mistake. */
    private Optional<String> replaced(Script.Part part) {
        String text = part.text();
        int dollar = text.indexOf('$');
        if (dollar < 0) {
            return Optional.of(text);
        }
        var out = new StringBuilder();
        int from = 0;
        while (dollar >= 0 && dollar + 1 < text.length()) {
            out.append(text, from, dollar);
            from = replaceOne(part, text, dollar, out);
            if (from < 0) {
                return Optional.empty();
            }
            dollar = text.indexOf('$', from);
        }
        return Optional.of(out.append(text, from, text.length()).toString());
    }

    /** Replaces what starts at {@code dollar}; the index after it, or -1 after a mistake. */
    private int replaceOne(Script.Part part, String text, int dollar, StringBuilder out) {
        if (text.charAt(dollar + 1) == '{') {
            int close = text.indexOf('}', dollar);
            String name = close < 0 ? text.substring(dollar + 2) : text.substring(dollar + 2, close);
            String value = environment.parameters().environment().get(name);
            if (value == null) {
                environment.diagnostics().add(part.span(), DiagnosticCode.UNSET_ENVIRONMENT, "The environment variable " + name + " is not set",
                        "Set it when the script is started: " + name + "=… sonde …");
                return -1;
            }
            out.append(value);
            return close < 0 ? text.length() : close + 1;
        }
        int end = dollar + 1;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        if (end == dollar + 1) {
            out.append('$');
            return end;
        }
        out.append(environment.parameters().text(Integer.parseInt(text.substring(dollar + 1, end))).orElse(""));
        return end;
    }
}
