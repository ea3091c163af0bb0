package dev.sonde.probes;

import dev.sonde.source.Diagnostics;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.spec.RunOptions;
import dev.sonde.target.Target;
import dev.sonde.types.KernelTypes;

/**
 * What a probe kind may ask while it binds an attach point.
 *
 * @param target the machine
 * @param kernelTypes its types
 * @param diagnostics where mistakes go
 * @param pid the process of -p or -c, -1 without one
 * @param unsafe whether --unsafe was given
 * @param missing what a missing match means
 * @param usesArguments whether the body names {@code args}, so that places with different arguments cannot share a program
 * @param readsContext whether the body reads anything of its context: {@code args}, {@code argN}, {@code retval}, {@code ctx}, registers
 */
public record Binding(
        Target target,
        KernelTypes kernelTypes,
        Diagnostics diagnostics,
        int pid,
        boolean unsafe,
        RunOptions.MissingProbes missing,
        boolean usesArguments,
        boolean readsContext) {
    /** Adds a mistake. */
    public void error(Span span, DiagnosticCode code, String message) {
        diagnostics.add(span, code, message);
    }

    /** Adds a mistake with a hint. */
    public void error(Span span, DiagnosticCode code, String message, String hint) {
        diagnostics.add(span, code, message, hint);
    }
}
