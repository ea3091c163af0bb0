package dev.sonde.compile;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.syntax.Script;

/** Replaces uses of the script's macros by their bodies. */
final class ExpandMacros {
    private final Environment environment;

    ExpandMacros(Environment environment) {
        this.environment = environment;
    }

    /** The script without macros. */
    Script expand(Script script) {
        script.macros().forEach(m -> environment.diagnostics().add(m.span(), DiagnosticCode.NOT_COMPILED, "Macros are not compiled yet"));
        script.functions().forEach(f -> environment.diagnostics().add(f.span(), DiagnosticCode.NOT_COMPILED, "Functions (fn) are not compiled yet"));
        script.imports().forEach(i -> environment.diagnostics().add(i.span(), DiagnosticCode.NOT_COMPILED, "Imports are not compiled yet"));
        return script;
    }
}
