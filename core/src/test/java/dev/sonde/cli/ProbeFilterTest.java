package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeFilterTest {
    private static final Script SCRIPT =
            Parser.parse(new Source("x", "BEGIN {} tracepoint:a:one, tracepoint:a:two {} interval:s:1 {} END {}"), new Diagnostics());

    private static List<String> kept(String... words) {
        return ProbeFilter.of(CommandLineParser.parse(words)).apply(SCRIPT).probes().stream()
                .flatMap(probe -> probe.attachPoints().stream()).map(point -> point.text().strip()).toList();
    }

    @Test
    void onlyProbesThatMatchAndBeginAndEndStay() {
        assertThat(kept("--probe-filter", "t.o$")).containsExactly("BEGIN", "tracepoint:a:two", "END");
    }

    @Test
    void withoutFilterAllStay() {
        assertThat(kept()).hasSize(5);
    }

    @Test
    void brokenExpressionIsAMistake() {
        assertThatThrownBy(() -> kept("--probe-filter", "(")).isInstanceOf(UsageException.class);
    }
}
