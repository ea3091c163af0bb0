package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.builtins.Configuration;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.RecordedTarget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckLimitsTest {
    private static List<Diagnostic> diagnostics(String text) {
        Diagnostics diagnostics = new Diagnostics();
        Script script = Parser.parse(new Source("stdin", text), diagnostics);
        Configuration configuration = new Configuration(diagnostics);
        configuration.take(script.config());
        boolean compiled = new Compiler(RecordedTarget.builder().build(), new Parameters(List.of(), Map.of(), Map.of()),
                configuration.settings(false, 0, -1, false), diagnostics).compile(script).isPresent();
        assertThat(compiled).isEqualTo(!diagnostics.hasErrors());
        return diagnostics.sorted();
    }

    @Test
    void moreProbesThanAllowedAreAMistake() {
        assertThat(diagnostics("config = { max_probes = 2 } begin { @ = 1 } i:s:1, i:s:2, i:s:3 { @ = 2 }")).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.TOO_LARGE);
            assertThat(diagnostic.message()).isEqualTo("This script would attach 3 probes, and max_probes is 2");
            assertThat(diagnostic.hints()).singleElement().asString().contains("config = { max_probes = 3 }");
        });
    }

    @Test
    void asManyProbesAsAllowedAreNone() {
        assertThat(diagnostics("config = { max_probes = 2 } begin { @ = 1 } i:s:1, i:s:2 { @ = 2 } end { @ = 3 }")).isEmpty();
    }

    @Test
    void moreProgramsThanAllowedAreAMistake() {
        assertThat(diagnostics("config = { max_bpf_progs = 1 } begin { @ = 1 } end { @ = 3 }")).extracting(Diagnostic::message)
                .containsExactly("This script would load 2 programs, and max_bpf_progs is 1");
    }
}
