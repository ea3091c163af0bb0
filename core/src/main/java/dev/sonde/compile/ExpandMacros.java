package dev.sonde.compile;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.syntax.Transform;
import dev.sonde.syntax.TypeName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replaces uses of the script's macros by block expressions with their bodies.
 *
 * <p>A parameter {@code $v} stands for the caller's variable itself, {@code @m} for the caller's map, a bare name for the caller's expression,
 * evaluated at each use, or for the type that the caller passes as {@code typeof(T)}. All other variables of a body get a name of their own at each
 * use, so that they never meet the caller's. Macros of one name are told apart by the number and form of their parameters.
 */
final class ExpandMacros {
    private static final int DEEPEST = 100;

    /** What a parameter stands for is written at each of its uses; what passes learn of a node is of one place. */
    private static final Transform COPY =
            new Transform(e -> e instanceof Expression.Variable v ? new Expression.Variable(v.span(), v.name()) : e, name -> name);

    private final Environment environment;
    private final Map<String, List<Script.Macro>> macros = new HashMap<>();
    private int uses;
    private int depth;

    ExpandMacros(Environment environment) {
        this.environment = environment;
    }

    /** The script without uses of macros. */
    Script expand(Script script) {
        if (script.macros().isEmpty() && script.imports().isEmpty() && !script.source().text().contains("${")) {
            return script;
        }
        script.macros().forEach(this::declare);
        var transform = new Transform(this::use, name -> name);
        List<Script.Probe> probes = script.probes().stream().map(transform::probe).toList();
        List<Script.Function> functions = script.functions().stream()
                .map(f -> new Script.Function(f.span(), f.name(), f.parameters(), f.result(), transform.block(f.body()))).toList();
        return new Script(script.source(), script.definitions(), script.config(), script.imports(), script.maps(), functions,
                script.macros(), probes);
    }

    private void declare(Script.Macro macro) {
        List<Script.Macro> known = macros.computeIfAbsent(macro.name(), _ -> new ArrayList<>());
        if (known.stream().anyMatch(other -> signature(other).equals(signature(macro)))) {
            int end = macro.span().source().text().indexOf(macro.name(), macro.span().start() + "macro".length()) + macro.name().length();
            environment.diagnostics().add(new Span(macro.span().source(), macro.span().start(), end), DiagnosticCode.BAD_ARGUMENTS,
                    "Redefinition of macro: " + macro.name());
        }
        known.add(macro);
        checkShadowing(macro, List.of(macro.body()));
    }

    /** A parameter stands for the caller's variable: the macro declares none of that name. */
    private void checkShadowing(Script.Macro macro, List<Object> parts) {
        for (Object part : parts) {
            if (part instanceof Script.Block block) {
                for (Statement statement : block.statements()) {
                    if (statement instanceof Statement.Let let && macro.parameters().contains("$" + let.name())) {
                        environment.diagnostics().add(ResolveVariables.declaration(let, let.name()), DiagnosticCode.BAD_STATEMENT,
                                "Variable declaration shadows macro arg $" + let.name());
                    }
                    checkShadowing(macro, Children.of(statement));
                }
                block.result().ifPresent(result -> checkShadowing(macro, List.of(result)));
            } else if (part instanceof Expression expression) {
                checkShadowing(macro, Children.of(expression));
            }
        }
    }

    /** What calls are told apart by: the kinds of the parameters. */
    private static String signature(Script.Macro macro) {
        var kinds = new StringBuilder();
        for (String parameter : macro.parameters()) {
            char sigil = parameter.charAt(0);
            kinds.append(sigil == '$' || sigil == '@' ? sigil : 'e');
        }
        return kinds.toString();
    }

    private Expression use(Expression expression) {
        if (expression instanceof Expression.Call call && macros.containsKey(call.name())) {
            return expand(call.span(), call.name(), call.arguments());
        }
        if (expression instanceof Expression.Identifier identifier) {
            if (macros.containsKey(identifier.name()) && bare(identifier.name())) {
                return expand(identifier.span(), identifier.name(), List.of());
            }
            return identifier.name().startsWith("${") ? environment(identifier) : identifier;
        }
        return expression;
    }

    /** {@code ${NAME}}: a number, or else a string, from the environment. */
    private Expression environment(Expression.Identifier identifier) {
        String name = identifier.name().substring(2, identifier.name().length() - 1);
        String value = environment.parameters().environment().get(name);
        if (value == null) {
            environment.diagnostics().add(identifier.span(), DiagnosticCode.UNSET_ENVIRONMENT, "The environment variable " + name + " is not set",
                    "Set it when the script is started: " + name + "=… sonde …");
            return new Expression.IntegerLiteral(identifier.span(), 0, false);
        }
        try {
            return new Expression.IntegerLiteral(identifier.span(), Long.decode(value), false);
        } catch (NumberFormatException e) {
            return new Expression.StringLiteral(identifier.span(), value);
        }
    }

    private boolean bare(String name) {
        return macros.get(name).stream().anyMatch(m -> m.parameters().isEmpty());
    }

    private Expression expand(Span span, String name, List<Expression.Argument> arguments) {
        for (Script.Macro macro : macros.get(name)) {
            if (fits(macro, arguments)) {
                return expand(span, macro, arguments);
            }
        }
        mismatch(span, name);
        return new Expression.IntegerLiteral(span, 0, false);
    }

    private static boolean fits(Script.Macro macro, List<Expression.Argument> arguments) {
        if (macro.parameters().size() != arguments.size()) {
            return false;
        }
        for (int i = 0; i < arguments.size(); i++) {
            String parameter = macro.parameters().get(i);
            boolean fits = switch (parameter.charAt(0)) {
                case '$' -> arguments.get(i) instanceof Expression.Argument.Value(Expression.Variable _);
                case '@' -> arguments.get(i) instanceof Expression.Argument.Value(Expression.MapReference _);
                default -> true;
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private void mismatch(Span span, String name) {
        var diagnostic = Diagnostic.at(span, DiagnosticCode.BAD_ARGUMENTS, "Call to " + name + "() has arguments that do not match any definition.");
        for (Script.Macro macro : macros.get(name)) {
            diagnostic = diagnostic.note(macro.span(), "This definition takes (" + String.join(", ", macro.parameters()) + ")");
        }
        environment.diagnostics().add(diagnostic);
    }

    private Expression expand(Span span, Script.Macro macro, List<Expression.Argument> arguments) {
        if (depth >= DEEPEST) {
            environment.diagnostics().add(span, DiagnosticCode.TOO_LARGE, "Macros are nested too deeply: " + macro.name() + " uses itself");
            return new Expression.IntegerLiteral(span, 0, false);
        }
        if (uses == TreeExtent.MOST_USES) {
            environment.diagnostics().add(span, DiagnosticCode.TOO_LARGE, "Macros are used more than " + uses + " times, with those that macros use");
            return new Expression.IntegerLiteral(span, 0, false);
        }
        Map<String, Expression> bound = new HashMap<>();
        Map<String, TypeName> types = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            switch (arguments.get(i)) {
                case Expression.Argument.Value(Expression value) -> bound.put(macro.parameters().get(i), value);
                case Expression.Argument.OfType(TypeName type) -> types.put(macro.parameters().get(i), type);
            }
        }
        String suffix = "`" + ++uses;
        var transform = new Transform(e -> replace(e, bound, suffix), name -> renamed(name, bound.keySet(), suffix),
                name -> types.containsKey(name) ? COPY.type(types.get(name)) : null);
        depth++;
        Expression expanded = new Expression.BlockValue(span, transform.block(macro.body()));
        depth--;
        if (depth == 0 && !TreeExtent.fits(expanded)) {
            environment.diagnostics().add(span, DiagnosticCode.TOO_LARGE, "The use of macro " + macro.name() + " stands for too much");
            return new Expression.IntegerLiteral(span, 0, false);
        }
        return expanded;
    }

    private Expression replace(Expression expression, Map<String, Expression> bound, String suffix) {
        if (expression instanceof Expression.Variable v) {
            Expression own = bound.get("$" + v.name());
            return own != null ? own : new Expression.Variable(v.span(), renamed(v.name(), Set.of(), suffix));
        }
        if (expression instanceof Expression.MapReference m) {
            Expression own = bound.get("@" + m.name());
            if (own == null) {
                environment.diagnostics().add(m.span(), DiagnosticCode.UNDEFINED_MAP, "Unhygienic access to map: @" + m.name()
                        + ". Maps must be passed into the macro as arguments.", "Add @" + m.name() + " to the macro's parameters.");
            }
            return own != null ? own : m;
        }
        if (expression instanceof Expression.Identifier i && bound.containsKey(i.name())) {
            Expression argument = bound.get(i.name());
            return TreeExtent.fits(argument) ? COPY.expression(argument) : argument;
        }
        return use(expression);
    }

    /** A name that no other use of a macro has; a parameter's name is that of the caller's variable. */
    private static String renamed(String name, Set<String> parameters, String suffix) {
        return parameters.contains("$" + name) || name.contains("`") ? name : name + suffix;
    }
}
