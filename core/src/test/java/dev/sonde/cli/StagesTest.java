package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagesTest {
    @ParameterizedTest
    @ValueSource(strings = {"all", "ast", "types", "ir", "codegen", "codegen-opt", "asm", "verifier", "ast,ir", "d"})
    void everyStageIsKnown(String stages) {
        assertThatCode(() -> Stages.of(CommandLineParser.parse("-d" + stages))).doesNotThrowAnyException();
    }

    @Test
    void unknownStageIsAMistake() {
        assertThatThrownBy(() -> Stages.of(CommandLineParser.parse("-dast,foo"))).isInstanceOf(UsageException.class).hasMessageContaining("'foo'");
    }
}
