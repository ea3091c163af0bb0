package dev.sonde.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the diagnostics of one script over all passes. Not thread-safe. */
public final class Diagnostics {
    private final List<Diagnostic> all = new ArrayList<>();

    /** Adds one, unless the same message stands at the same place already. */
    public void add(Diagnostic diagnostic) {
        if (!all.contains(diagnostic)) {
            all.add(diagnostic);
        }
    }

    /** Adds one at {@code span}. */
    public void add(Span span, DiagnosticCode code, String message) {
        add(Diagnostic.at(span, code, message));
    }

    /** Adds one at {@code span} with a hint. */
    public void add(Span span, DiagnosticCode code, String message, String hint) {
        add(Diagnostic.at(span, code, message).hint(hint));
    }

    /** Whether any is an error. */
    public boolean hasErrors() {
        for (Diagnostic diagnostic : all) {
            if (diagnostic.severity() == Severity.ERROR) {
                return true;
            }
        }
        return false;
    }

    /** All so far: first those without a place, then source by source as they were met, each in the order of its text. */
    public List<Diagnostic> sorted() {
        if (all.size() < 2) {
            return List.copyOf(all);
        }
        List<Diagnostic> sorted = new ArrayList<>(all);
        List<String> sources = new ArrayList<>();
        for (Diagnostic diagnostic : all) {
            diagnostic.span().map(span -> span.source().name()).filter(name -> !sources.contains(name)).ifPresent(sources::add);
        }
        sorted.sort(Comparator.<Diagnostic>comparingInt(d -> d.span().map(span -> sources.indexOf(span.source().name())).orElse(-1))
                .thenComparingInt(d -> d.span().map(Span::start).orElse(-1)));
        return List.copyOf(sorted);
    }
}
