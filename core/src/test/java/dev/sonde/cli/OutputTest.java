package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.output.StreamSink.Buffering;
import org.junit.jupiter.api.Test;

class OutputTest {
    @Test
    void textInLinesOnStandardOutputUnlessToldOtherwise() {
        assertThat(Output.of(CommandLineParser.parse())).isEqualTo(new Output("", false, Buffering.LINE));
        assertThat(Output.of(CommandLineParser.parse("-f", "json", "-B", "full", "-o", "x"))).isEqualTo(new Output("x", true, Buffering.FULL));
    }

    @Test
    void otherFormatsAndModesAreMistakes() {
        assertThatThrownBy(() -> Output.of(CommandLineParser.parse("-f", "xml"))).hasMessage("-f takes text or json, not 'xml'");
        assertThatThrownBy(() -> Output.of(CommandLineParser.parse("-B", "block"))).hasMessage("-B takes line, full or none, not 'block'");
    }

    @Test
    void fileThatCannotBeMadeIsNamed() {
        Output output = Output.of(CommandLineParser.parse("-o", "/nonexistent/x"));
        assertThatThrownBy(output::open).isInstanceOf(UsageException.class).hasMessageContaining("/nonexistent/x");
    }
}
