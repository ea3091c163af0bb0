package dev.sonde.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiagnosticPrinterTest {
    private static final Source SOURCE = new Source("x.bt", "BEGIN\n{\n\t$a = foo;\n  exit()\n}");

    private static Span span(String text) {
        int start = SOURCE.text().indexOf(text);
        return SOURCE.span(start, start + text.length());
    }

    @Test
    void placeLineAndMarks() {
        var diagnostic = Diagnostic.at(span("exit"), DiagnosticCode.SYNTAX, "syntax: expected ';'");
        assertThat(DiagnosticPrinter.print(diagnostic, false)).isEqualTo("x.bt:4:3-7: ERROR: syntax: expected ';'\n  exit()\n  ~~~~\n");
    }

    @Test
    void marksStandUnderATextAfterTabs() {
        var diagnostic = Diagnostic.at(span("foo"), DiagnosticCode.UNKNOWN_NAME, "Unknown name: foo");
        assertThat(DiagnosticPrinter.print(diagnostic, false)).isEqualTo("x.bt:3:7-10: ERROR: Unknown name: foo\n\t$a = foo;\n\t     ~~~\n");
    }

    @Test
    void emptySpanAtTheEndGetsOneMark() {
        int end = SOURCE.text().length();
        var diagnostic = Diagnostic.at(SOURCE.span(end, end), DiagnosticCode.SYNTAX, "syntax: expected '}'");
        assertThat(DiagnosticPrinter.print(diagnostic, false)).isEqualTo("x.bt:5:2-2: ERROR: syntax: expected '}'\n}\n ~\n");
    }

    @Test
    void spanOverLinesHasNoMarks() {
        var diagnostic = Diagnostic.at(span("{\n\t$a = foo;\n"), DiagnosticCode.UNREACHABLE, "Unreachable statement.");
        assertThat(DiagnosticPrinter.print(diagnostic, false)).isEqualTo("x.bt:2-3: WARNING: Unreachable statement.\n{\n\t$a = foo;\n");
    }

    @Test
    void hintsAndNotesFollow() {
        var diagnostic = Diagnostic.at(span("foo"), DiagnosticCode.SYNTAX, "one").hint("do this").note(span("BEGIN"), "from here");
        assertThat(DiagnosticPrinter.print(diagnostic, false)).isEqualTo("x.bt:3:7-10: ERROR: one\n\t$a = foo;\n\t     ~~~\n"
                + "x.bt:1:1-6: NOTE: from here\nBEGIN\n~~~~~\nHINT: do this\n");
    }

    @Test
    void withoutAPlaceOnlyTheMessage() {
        var diagnostic = Diagnostic.placeless(DiagnosticCode.UNSAFE, "needs --unsafe").hint("ask");
        assertThat(DiagnosticPrinter.print(diagnostic, false)).isEqualTo("ERROR: needs --unsafe\nHINT: ask\n");
    }

    @Test
    void coloursByGravity() {
        var error = Diagnostic.placeless(DiagnosticCode.SYNTAX, "e");
        var warning = Diagnostic.placeless(DiagnosticCode.DEPRECATED, "w");
        var note = Diagnostic.placeless(DiagnosticCode.SUBSTITUTED, "n");
        assertThat(DiagnosticPrinter.print(error, true)).isEqualTo("\u001b[31mERROR: e\u001b[0m\n");
        assertThat(DiagnosticPrinter.print(warning, true)).isEqualTo("\u001b[33mWARNING: w\u001b[0m\n");
        assertThat(DiagnosticPrinter.print(note, true)).isEqualTo("NOTE: n\n");
    }

    @Test
    void sortedByPlaceAndWithoutRepeats() {
        var diagnostics = new Diagnostics();
        diagnostics.add(span("exit"), DiagnosticCode.SYNTAX, "b");
        diagnostics.add(span("foo"), DiagnosticCode.SYNTAX, "a");
        diagnostics.add(span("foo"), DiagnosticCode.SYNTAX, "a");
        diagnostics.add(Diagnostic.placeless(DiagnosticCode.DEPRECATED, "first"));
        assertThat(diagnostics.sorted()).extracting(Diagnostic::message).containsExactly("first", "a", "b");
        assertThat(diagnostics.hasErrors()).isTrue();
    }
}
