package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfKind;
import dev.sonde.spec.TraceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scripts that others wrote are compiled, and the kernel's verifier takes their programs: the tools that bpftrace comes with, where they are
 * installed or in the directories that SONDE_TEST_SCRIPTS names, and the scripts that lie in {@code seeds} beside the project.
 */
class ToolsTest {
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

    static Stream<Path> scripts() throws IOException {
        List<Path> scripts = new ArrayList<>();
        var directories = new ArrayList<>(List.of("/usr/sbin", "/usr/share/bpftrace/tools", "../../shared/seeds"));
        String more = System.getenv("SONDE_TEST_SCRIPTS");
        directories.addAll(more == null ? List.of() : List.of(more.split(":")));
        for (String directory : directories) {
            if (Files.isDirectory(Path.of(directory))) {
                try (Stream<Path> files = Files.list(Path.of(directory))) {
                    files.filter(file -> file.toString().endsWith(".bt")).sorted().forEach(scripts::add);
                }
            }
        }
        return scripts.isEmpty() ? Stream.of(Path.of("")) : scripts.stream();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void programsOfPublishedToolsAreAccepted(Path script) throws IOException {
        Assumptions.assumeTrue(Files.isRegularFile(script), "no scripts on this machine");
        String text = Files.readString(script);
        needsField(text, "cfs_rq", "nr_running");
        needsField(text, "cfs_rq", "nr_queued");
        needsTracepoint(text, "block", "block_io_start");
        var trial = new TrialScript(script.toString(), text, List.of("42"));
        TraceSpec spec = trial.compile(machine.target());
        assertThat(trial.verify(machine.kernel(), spec)).hasSameSizeAs(spec.programs());
    }

    private static void needsTracepoint(String text, String category, String event) {
        boolean has = !machine.target().tracepoints(category, event).isEmpty();
        Assumptions.assumeTrue(has || !text.contains("tracepoint:" + category + ":" + event), "no tracepoint " + event + " here");
    }

    /** The tool that reads the length of the run queue is made for kernels whose struct has that field. */
    private static void needsField(String text, String struct, String field) {
        if (text.contains("my_q->" + field) || text.contains("my_q." + field)) {
            Btf types = machine.target().btf().orElseThrow();
            boolean known = types.memberOf(types.find(BtfKind.STRUCT, struct).orElseThrow(), field).isPresent();
            Assumptions.assumeTrue(known, "struct " + struct + " has no field " + field + " here");
        }
    }
}
