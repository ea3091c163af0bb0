package dev.sonde.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the language's page print what it says, and its table of operators is the parser's. */
class LanguagePageTest {
    @TempDir
    Path directory;

    @TestFactory
    List<DynamicTest> examplesPrintWhatThePageSays() {
        return LanguagePage.examples().stream().map(example -> DynamicTest.dynamicTest(example.script(), () -> {
            Requirements.root();
            Outcome outcome = new SondeHere().run(new Case("example", example.script(), Map.of()), false, directory.resolve("program"));
            assertThat(outcome.errors().lines().filter(line -> line.contains("ERROR"))).isEmpty();
            assertThat(LanguagePage.form(outcome.output())).isEqualTo(example.output());
        })).toList();
    }

    @Test
    void tableOfOperatorsIsTheParsers() {
        assertThat(Case.text(LanguagePage.FILE)).contains("\n" + LanguagePage.operators() + "\n");
    }
}
