package dev.sonde.builtins;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Span;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Expression.Argument;
import dev.sonde.syntax.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The options that a script takes: its uses of getopt(). */
public final class ScriptOptions {
    static final String GETOPT = "getopt";

    private final List<Option> options = new ArrayList<>();

    /**
     * An option.
     *
     * @param name without its dashes
     * @param standard its default as written in the script, empty when there is none
     * @param help what it is for, empty when the script does not say
     * @param span its use
     */
    public record Option(String name, String standard, String help, Span span) {}

    private ScriptOptions() {}

    /** All uses in the script, in its order; one option may be used several times. */
    public static List<Option> of(Script script) {
        var found = new ScriptOptions();
        script.macros().forEach(macro -> Children.any(macro.body(), found::note));
        script.functions().forEach(function -> Children.any(function.body(), found::note));
        for (Script.Probe probe : script.probes()) {
            probe.predicate().ifPresent(predicate -> Children.any(predicate, found::note));
            Children.any(probe.body(), found::note);
        }
        return found.options;
    }

    private boolean note(Expression expression) {
        if (expression instanceof Expression.Call call && call.name().equals(GETOPT) && literal(call, 0).isPresent()) {
            String standard = call.arguments().size() > 1 ? call.arguments().get(1).span().text() : "";
            options.add(new Option(literal(call, 0).get(), standard, literal(call, 2).orElse(""), call.span()));
        }
        return false;
    }

    private static Optional<String> literal(Expression.Call call, int index) {
        return index < call.arguments().size() && call.arguments().get(index) instanceof Argument.Value(Expression.StringLiteral(_, String text))
                ? Optional.of(text) : Optional.empty();
    }

    /** Adds mistakes: uses of one option with different defaults, and options that were given but are not used. */
    public static void check(List<Option> options, Set<String> given, Diagnostics diagnostics) {
        for (int i = 0; i < options.size(); i++) {
            Option first = first(options, options.get(i).name());
            if (!first.standard().equals(options.get(i).standard())) {
                diagnostics.add(options.get(i).span(), DiagnosticCode.BAD_PARAMETER, "Command line option '" + first.name()
                        + "' needs to have the same default value in all places it is used. Previous default value: " + first.standard());
            }
            if (!first.help().equals(options.get(i).help())) {
                diagnostics.add(options.get(i).span(), DiagnosticCode.BAD_PARAMETER, "Command line option '" + first.name()
                        + "' must have the same description in all places it's used.", "A macro can hold the call.");
            }
        }
        for (String name : given) {
            if (first(options, name) == null) {
                diagnostics.add(Diagnostic.placeless(DiagnosticCode.BAD_PARAMETER, "unexpected program command line options: --" + name)
                        .hint(options.isEmpty() ? "The script takes no options." : "expected program options:" + names(options)));
            }
        }
    }

    /** The options of a script, a line each, for {@code -- --help}. */
    public static String help(Script script) {
        List<Option> options = of(script);
        var text = new StringBuilder(options.isEmpty() ? "The script takes no options.\n" : "Options of the script, given after --:\n");
        for (Option option : options) {
            if (first(options, option.name()) == option) {
                text.append("    --").append(option.name()).append(option.standard().isEmpty() ? "" : "=" + option.standard())
                        .append(option.help().isEmpty() ? "" : "    " + option.help()).append('\n');
            }
        }
        return text.toString();
    }

    private static Option first(List<Option> options, String name) {
        for (Option option : options) {
            if (option.name().equals(name)) {
                return option;
            }
        }
        return null;
    }

    private static String names(List<Option> options) {
        var text = new StringBuilder();
        for (Option option : options) {
            if (text.indexOf(" --" + option.name()) < 0) {
                text.append(" --").append(option.name());
            }
        }
        return text.toString();
    }

    /** The integer that an option's text is: decimal, hexadecimal or octal. */
    static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.decode(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
