package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.sidebyside.LanguagePage;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The examples of the language's page run in the test machine, too: without privilege, and for a machine that is not this one. */
class LanguageExamplesTest {
    @TestFactory
    List<DynamicTest> examplesPrintWhatThePageSays() {
        return LanguagePage.examples().stream().map(example -> DynamicTest.dynamicTest(example.script(), () -> {
            var machine = ScriptMachine.of(example.script(), BuiltinsMachine.target().build(), BuiltinsMachine.scene());
            assertThat(machine.diagnostics()).doesNotContain("ERROR");
            assertThat(LanguagePage.form(machine.begin() + machine.end())).isEqualTo(example.output());
        })).toList();
    }
}
