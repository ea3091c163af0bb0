package dev.sonde.source;

/**
 * Writes diagnostics as bpftrace does: {@code FILE:LINE:COL-COL: ERROR: text}, the source line, {@code ~} under the span, then hints.
 *
 * <p>Columns count from 1 and the end is exclusive. A span over several lines prints {@code FILE:L-L:} and its lines without marks.
 */
public final class DiagnosticPrinter {
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String RESET = "\u001b[0m";

    private final StringBuilder out = new StringBuilder();
    private final boolean colour;

    private DiagnosticPrinter(boolean colour) {
        this.colour = colour;
    }

    /** The text of {@code diagnostic} with a final newline; {@code colour} wraps errors in red and warnings in yellow. */
    public static String print(Diagnostic diagnostic, boolean colour) {
        var printer = new DiagnosticPrinter(colour);
        printer.head(diagnostic.span().orElse(null), diagnostic.severity(), diagnostic.message());
        for (Diagnostic.Note note : diagnostic.notes()) {
            printer.head(note.span(), Severity.NOTE, note.message());
        }
        for (String hint : diagnostic.hints()) {
            printer.out.append("HINT: ").append(hint).append('\n');
        }
        return printer.out.toString();
    }

    /** A message about a running script at {@code span}, with a final newline; {@code bare} leaves out the source line and its marks. */
    public static String message(Span span, Severity severity, String message, boolean bare, boolean colour) {
        var printer = new DiagnosticPrinter(colour);
        printer.title(span, severity, message);
        if (!bare) {
            printer.lines(span);
        }
        return printer.out.toString();
    }

    private void head(Span span, Severity severity, String message) {
        title(span, severity, message);
        if (span != null) {
            lines(span);
        }
    }

    private void title(Span span, Severity severity, String message) {
        if (colour && severity != Severity.NOTE) {
            out.append(severity == Severity.ERROR ? RED : YELLOW);
        }
        if (span != null) {
            place(span);
        }
        out.append(severity).append(": ").append(message);
        if (colour && severity != Severity.NOTE) {
            out.append(RESET);
        }
        out.append('\n');
    }

    private void place(Span span) {
        int line = span.line();
        int last = span.source().line(Math.max(span.start(), span.end() - 1));
        out.append(span.source().name()).append(':').append(line);
        if (line == last) {
            out.append(':').append(span.column()).append('-').append(span.column() + span.end() - span.start());
        } else {
            out.append('-').append(last);
        }
        out.append(": ");
    }

    private void lines(Span span) {
        Source source = span.source();
        int last = Math.max(span.start(), span.end() - 1);
        if (source.line(span.start()) == source.line(last)) {
            String line = source.lineText(span.start());
            out.append(line).append('\n');
            marks(line, span.column() - 1, Math.max(1, span.end() - span.start()));
            return;
        }
        int end = source.text().indexOf('\n', last);
        out.append(source.text(), source.lineStart(span.start()), end < 0 ? source.text().length() : end).append('\n');
    }

    private void marks(String line, int column, int length) {
        for (int i = 0; i < column; i++) {
            out.append(i < line.length() && line.charAt(i) == '\t' ? '\t' : ' ');
        }
        out.repeat('~', length).append('\n');
    }
}
