package dev.sonde.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something to tell the author of a script.
 *
 * @param code what kind of thing it is
 * @param span where; empty for what has no place in the script
 * @param message one sentence without a final stop when it names a name
 * @param hints what to do about it
 * @param notes other places that explain it
 */
public record Diagnostic(DiagnosticCode code, Optional<Span> span, String message, List<String> hints, List<Note> notes) {
    /** A second place, with what is there. */
    public record Note(Span span, String message) {}

    public Diagnostic {
        hints = List.copyOf(hints);
        notes = List.copyOf(notes);
    }

    /** A diagnostic at {@code span} without hints. */
    public static Diagnostic at(Span span, DiagnosticCode code, String message) {
        return new Diagnostic(code, Optional.of(span), message, List.of(), List.of());
    }

    /** A diagnostic that has no place in the script. */
    public static Diagnostic placeless(DiagnosticCode code, String message) {
        return new Diagnostic(code, Optional.empty(), message, List.of(), List.of());
    }

    /** The same with one more hint. */
    public Diagnostic hint(String hint) {
        var more = new ArrayList<>(hints);
        more.add(hint);
        return new Diagnostic(code, span, message, more, notes);
    }

    /** The same with one more place. */
    public Diagnostic note(Span at, String text) {
        var more = new ArrayList<>(notes);
        more.add(new Note(at, text));
        return new Diagnostic(code, span, message, hints, more);
    }

    /** How grave it is, as its code says. */
    public Severity severity() {
        return code.severity();
    }
}
