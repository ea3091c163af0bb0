package dev.sonde.compile;

import dev.sonde.builtins.Configuration;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.Target;
import java.util.List;
import java.util.Map;

/** Compiles scripts for machines that have every probe and feature. */
public final class AnyMachine {
    private AnyMachine() {}

    /** What is wrong with {@code script} on all of them; empty when nothing is on one. */
    public static String errors(String script) {
        try (TrialMachine machine = TrialMachine.open()) {
            String errors = errors(script, machine.target());
            return errors.isEmpty() || errors(script, BuiltinsMachine.target().build()).isEmpty() ? "" : errors;
        }
    }

    private static String errors(String script, Target target) {
        var diagnostics = new Diagnostics();
        Script parsed = Parser.parse(new Source("example", script), diagnostics);
        var settings = new Configuration(diagnostics).settings(true, 0, -1, false);
        new Compiler(target, new Parameters(List.of(), Map.of(), Map.of()), settings, diagnostics).compile(parsed);
        return diagnostics.hasErrors() ? DiagnosticExample.text(diagnostics.sorted()) : "";
    }
}
