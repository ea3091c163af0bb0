package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ProbeFilterTest {
    private static Optional<Predicate<String>> filter(String... words) {
        return ProbeFilter.of(CommandLineParser.parse(words));
    }

    @Test
    void expressionIsLookedForAnywhereInThePlace() {
        Predicate<String> filter = filter("--probe-filter", "t.o$").orElseThrow();
        assertThat(filter.test("tracepoint:a:two")).isTrue();
        assertThat(filter.test("tracepoint:a:two_more")).isFalse();
    }

    @Test
    void withoutFilterAllStay() {
        assertThat(filter()).isEmpty();
    }

    @Test
    void brokenExpressionIsAMistake() {
        assertThatThrownBy(() -> filter("--probe-filter", "(")).isInstanceOf(UsageException.class).hasMessageContaining("'('");
    }
}
