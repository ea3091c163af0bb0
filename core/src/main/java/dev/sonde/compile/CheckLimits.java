package dev.sonde.compile;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;

/**
 * Checks {@code max_probes} and {@code max_bpf_progs}. Places that are attached at once count as one probe, for that is what they cost the kernel.
 */
final class CheckLimits {
    private final Environment environment;

    CheckLimits(Environment environment) {
        this.environment = environment;
    }

    /** Whether {@code trace} is within the limits; a mistake is added when it is not. */
    boolean hold(TraceSpec trace) {
        int attachments = 0;
        for (ProgramSpec program : trace.programs()) {
            for (AttachSpec place : program.attachments()) {
                attachments += place instanceof AttachSpec.Self ? 0 : 1;
            }
        }
        return isWithin("attach " + attachments + " probes", attachments, environment.settings().maxProbes(), "max_probes")
                && isWithin("load " + trace.programs().size() + " programs", trace.programs().size(), environment.settings().maxPrograms(),
                        "max_bpf_progs");
    }

    private boolean isWithin(String what, int count, long limit, String item) {
        if (count > limit) {
            String message = "This script would " + what + ", and " + item + " is " + limit;
            environment.diagnostics().add(Diagnostic.placeless(DiagnosticCode.TOO_LARGE, message).hint("Raise it if that is meant: config = { "
                    + item + " = " + count + " }. Many probes take long to attach and slow the machine down."));
        }
        return count <= limit;
    }
}
