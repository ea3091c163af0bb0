package dev.sonde.session;

import dev.sonde.source.Diagnostic;
import java.util.List;

/** A trace could not be started. Nothing of it is left in the kernel. */
public final class SessionException extends Exception {
    private final transient List<Diagnostic> diagnostics;
    private final String verifierLog;

    SessionException(List<Diagnostic> diagnostics, String verifierLog) {
        super(diagnostics.getFirst().message());
        this.diagnostics = List.copyOf(diagnostics);
        this.verifierLog = verifierLog;
    }

    SessionException(Diagnostic diagnostic) {
        this(List.of(diagnostic), "");
    }

    /** Why, with what to do about it; at least one. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    /** All that the kernel's verifier said of the program that it rejected; empty when it said nothing. For {@code -v}. */
    public String verifierLog() {
        return verifierLog;
    }
}
