package dev.sonde.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sonde.kernels.TapReport.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scripts of {@code kernels/} print on every kernel what bpftrace prints. SONDE_KERNELS names the kernels, which are then fetched; without it
 * those for this processor that are in the cache are taken. With {@code -Dkernels.all=true} the side-by-side scripts are run, too.
 */
class KernelMatrixTest {
    @TempDir
    static Path directory;
    private static KernelMatrix matrix;

    @AfterAll
    static void stop() {
        if (matrix != null) {
            matrix.close();
        }
    }

    @TestFactory
    List<DynamicNode> kernels() throws Exception {
        String wanted = Optional.ofNullable(System.getenv("SONDE_KERNELS")).orElse("").strip();
        matrix = new KernelMatrix(directory, Boolean.getBoolean("kernels.all") ? List.of("kernels", "sidebyside") : List.of("kernels"));
        List<DynamicNode> nodes = new ArrayList<>();
        for (String name : wanted.isEmpty() ? DebianKernel.usual() : List.of(wanted.split("[ ,]+"))) {
            nodes.add(node(DebianKernel.of(name), !wanted.isEmpty()));
        }
        return nodes;
    }

    private static DynamicNode node(DebianKernel kernel, boolean fetch) throws Exception {
        Optional<String> missing = KernelMatrix.missing(kernel, fetch);
        if (missing.isPresent()) {
            return skipped(kernel.name(), missing.get());
        }
        kernel.fetch();
        Future<TapReport> report = matrix.start(kernel);
        return DynamicContainer.dynamicContainer(kernel.name(), Stream.of(kernel).flatMap(k -> results(k, report)));
    }

    /** Waits for the report: it is asked for when the tests before are done. */
    private static Stream<DynamicNode> results(DebianKernel kernel, Future<TapReport> report) {
        try {
            System.out.println(KernelMatrix.summary(kernel, report.get()));
            return report.get().results().stream().map(KernelMatrixTest::test);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static DynamicNode test(Result result) {
        return switch (result.verdict()) {
            case PASSED -> DynamicTest.dynamicTest(result.name(), () -> assertThat(result.detail()).isEmpty());
            case FAILED -> DynamicTest.dynamicTest(result.name(), () -> fail(result.detail()));
            case SKIPPED -> skipped(result.name(), result.detail());
        };
    }

    private static DynamicTest skipped(String name, String reason) {
        return DynamicTest.dynamicTest(name, () -> {
            System.out.println("skipped: " + name + ": " + reason);
            Assumptions.abort(reason);
        });
    }

    @Test
    void reportsAreReadWithTheirDetails() {
        TapReport report = TapReport.parse("noise\nTAP version 14\nok 1 - a\nok 2 - b # SKIP needs x\nnot ok 3 - c\n# one\n# two\n1..3\n");
        assertThat(report.complete()).isTrue();
        assertThat(report.results()).containsExactly(new Result("a", TapReport.Verdict.PASSED, ""),
                new Result("b", TapReport.Verdict.SKIPPED, "needs x"), new Result("c", TapReport.Verdict.FAILED, "one\ntwo\n"));
        assertThat(TapReport.parse("ok 1 - a\n1..2\n").complete()).isFalse();
    }
}
