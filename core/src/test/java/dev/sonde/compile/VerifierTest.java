package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.spec.TraceSpec;
import dev.sonde.target.Feature;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts that ask much of the compiler: the kernel's verifier takes every program made of them. */
class VerifierTest {
    private static TrialMachine machine;

    @BeforeAll
    static void open() {
        machine = TrialMachine.open();
    }

    @AfterAll
    static void close() {
        if (machine != null) {
            machine.close();
        }
    }

    static Stream<Path> scripts() throws IOException, URISyntaxException {
        Path directory = Path.of(VerifierTest.class.getResource("/verifier").toURI());
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void programsOfDemandingScriptsAreAccepted(Path script) throws IOException {
        var trial = new TrialScript(script.toString(), Files.readString(script), List.of());
        TraceSpec spec = trial.compile(machine.target());
        assertThat(trial.verify(machine.kernel(), spec)).hasSameSizeAs(spec.programs());
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void soAreTheyAsTheyAreMadeForOlderKernels(Path script) throws IOException {
        var trial = new TrialScript(script.toString(), Files.readString(script), List.of());
        TraceSpec spec = trial.compile(machine.target(Feature.MAY_GOTO, Feature.RAW_TRACEPOINT_COOKIE, Feature.UPROBE_MULTI, Feature.SIGNED_DIVISION,
                Feature.KPROBE_MULTI));
        assertThat(trial.verify(machine.kernel(), spec)).hasSameSizeAs(spec.programs());
    }
}
