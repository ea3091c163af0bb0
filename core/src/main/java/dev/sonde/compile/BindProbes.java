package dev.sonde.compile;

import dev.sonde.builtins.Builtins;
import dev.sonde.probes.Binding;
import dev.sonde.probes.ProbeGroup;
import dev.sonde.probes.ProbeKind;
import dev.sonde.probes.ProbeKinds;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Nearest;
import dev.sonde.spec.RunOptions;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.UnaryOperator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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
            if (groups.isEmpty() && environment.settings().selection().kept().isPresent()) {
                continue;
            }
            if (groups.isEmpty() && !binding.alone() && binding.missing() == RunOptions.MissingProbes.ERROR
                    && !environment.diagnostics().hasErrors()) {
                environment.diagnostics().add(probe.attachPoints().getFirst().span(), DiagnosticCode.NO_MATCH, "Probe has no valid attach points",
                        "If this is expected, set the 'missing_probes' config variable to 'warn'.");
            }
            bound.add(new BoundScript.Bound(probe, groups));
        }
        return new BoundScript(script, bound);
    }

    private Binding binding(Script.Probe probe) {
        Set<String> names = argumentNames(probe);
        boolean arguments = !names.isEmpty();
        boolean context = arguments || uses(probe, e -> e instanceof Expression.Identifier(_, String name) && Builtins.readsContext(name)
                || e instanceof Expression.Call call && Builtins.readsContext(call.name()));
        boolean site = uses(probe, e -> e instanceof Expression.Identifier(_, String name) && Builtins.tellsSite(name));
        var settings = environment.settings();
        return new Binding(environment.target(), environment.types().kernel(), environment.diagnostics(), settings.pid(), settings.childPid() > 0,
                settings.unsafe(), settings.options().missingProbes(), arguments, context, site, probe.attachPoints().size() == 1,
                NamedTypes.in(probe), uses(probe, BindProbes::opensResult), uses(probe, BindProbes::needsTypedProgram), names);
    }

    private static boolean needsTypedProgram(Expression expression) {
        return expression instanceof Expression.Call call && !call.arguments().isEmpty() && Builtins.needsTypedProgram(call.name());
    }

    /** Uses that an integer does not have. What retval is stays an integer otherwise: scripts add to it. */
    private static boolean opensResult(Expression expression) {
        return expression instanceof Expression.Field field && isResult(field.operand())
                || expression instanceof Expression.Index index && isResult(index.operand())
                || expression instanceof Expression.Unary unary && unary.operator() == UnaryOperator.DEREFERENCE && isResult(unary.operand());
    }

    private static boolean isResult(Expression expression) {
        return expression instanceof Expression.Identifier(_, String name) && name.equals(Builtins.RESULT);
    }

    /** The members of {@code args} that a probe names, and {@link Binding#WHOLE} when it names {@code args} itself without one. */
    private static Set<String> argumentNames(Script.Probe probe) {
        Set<String> names = new HashSet<>();
        int[] whole = {0};
        uses(probe, e -> {
            if (e instanceof Expression.Field field && isArguments(field.operand())) {
                names.add(field.name());
                whole[0]--;
            } else if (isArguments(e)) {
                whole[0]++;
            }
            return false;
        });
        if (whole[0] > 0) {
            names.add(Binding.WHOLE);
        }
        return names;
    }

    private static boolean isArguments(Expression e) {
        return e instanceof Expression.Identifier(_, String name) && name.equals(Builtins.ARGS);
    }

    private static boolean uses(Script.Probe probe, Predicate<Expression> wanted) {
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
            var diagnostic = Diagnostic.at(point.span(), DiagnosticCode.UNKNOWN_PROBE_KIND, "Invalid probe type: " + name);
            environment.diagnostics().add(near.isEmpty() ? diagnostic : diagnostic.hint("Did you mean '" + near + "'?"));
            return List.of();
        }
        return bind(point, kind.get(), parts.subList(1, parts.size()), binding);
    }

    /** Of a wildcard every place is asked for by itself. */
    private List<ProbeGroup> bind(Script.AttachPoint point, ProbeKind kind, List<String> parts, Binding binding) {
        Predicate<String> kept = environment.settings().selection().kept().orElse(null);
        if (kept == null || parts.isEmpty()) {
            return kind.bind(point, parts, binding);
        }
        String whole = kind.name() + ":" + String.join(":", parts);
        if (whole.indexOf('*') < 0) {
            return kept.test(whole) ? kind.bind(point, parts, binding) : List.of();
        }
        List<ProbeGroup> groups = new ArrayList<>();
        for (ProbeKind.Listing place : kind.list(parts, binding)) {
            if (kept.test(place.probe())) {
                List<String> own = List.of(place.probe().split(":"));
                groups.addAll(kind.bind(point, own.subList(1, own.size()), binding));
            }
        }
        return groups;
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
