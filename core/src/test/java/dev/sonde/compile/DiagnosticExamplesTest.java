package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each kind of diagnostic has an example, which gives the text beside it. Run with {@code -Dupdate} to write the texts. */
class DiagnosticExamplesTest {
    @TestFactory
    List<DynamicTest> examplesGiveTheirTexts() {
        List<DynamicTest> tests = new ArrayList<>();
        for (DiagnosticExample example : DiagnosticExample.all()) {
            tests.add(DynamicTest.dynamicTest(example.name(), () -> check(example)));
        }
        return tests;
    }

    private static void check(DiagnosticExample example) throws IOException {
        List<Diagnostic> diagnostics = example.diagnostics();
        assertThat(diagnostics).extracting(Diagnostic::code).contains(DiagnosticCode.valueOf(example.code()));
        String text = DiagnosticExample.text(diagnostics);
        if (System.getProperty("update") != null) {
            Files.writeString(example.expected(), text);
        }
        assertThat(text).isEqualTo(Files.readString(example.expected()));
    }

    @Test
    void everyCodeHasAnExample() {
        List<String> codes = DiagnosticExample.all().stream().map(DiagnosticExample::code).distinct().toList();
        assertThat(codes).containsExactlyInAnyOrderElementsOf(List.of(DiagnosticCode.values()).stream().map(Enum::name).toList());
    }
}
