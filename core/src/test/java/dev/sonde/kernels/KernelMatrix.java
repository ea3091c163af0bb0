package dev.sonde.kernels;

import dev.sonde.kernels.TapReport.Result;
import dev.sonde.kernels.TapReport.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs scripts on a list of kernels, two at a time. */
final class KernelMatrix implements AutoCloseable {
    private static final int SECONDS = 600;
    private static final int DETAIL_LINES = 40;

    private final Path directory;
    private final List<String> scripts;
    private final ExecutorService machines = Executors.newFixedThreadPool(Math.min(2, Runtime.getRuntime().availableProcessors()));

    /** For the scripts of some directories of the test resources; {@code directory} takes what the machines need. */
    KernelMatrix(Path directory, List<String> scripts) {
        this.directory = directory;
        this.scripts = scripts;
    }

    /** A report to come. */
    Future<TapReport> start(DebianKernel kernel) {
        return machines.submit(() -> report(kernel, new VirtualMachine(kernel, directory).run(scripts, SECONDS)));
    }

    private static TapReport report(DebianKernel kernel, String output) throws IOException {
        TapReport report = TapReport.parse(output);
        if (report.complete()) {
            return report;
        }
        List<String> lines = output.lines().toList();
        String last = String.join("\n", lines.subList(Math.max(0, lines.size() - DETAIL_LINES), lines.size()));
        List<Result> results = new ArrayList<>(report.results());
        results.add(new Result("the whole run", Verdict.FAILED, "kernel " + kernel.name() + " did not come to the end:\n" + last));
        return new TapReport(results, false);
    }

    /** What keeps {@code kernel} from being run here; it may be something that is fetched when {@code fetch}. */
    static Optional<String> missing(DebianKernel kernel, boolean fetch) {
        if (!Command.exists(kernel.processor().emulator)) {
            return Optional.of("needs " + kernel.processor().emulator + " (apt install " + kernel.processor().emulatorPackage + ")");
        }
        return kernel.isCached() || fetch ? Optional.empty() : Optional.of("kernel " + kernel.name() + " is not fetched (./test --kernels)");
    }

    @Override
    public void close() {
        machines.shutdownNow();
    }

    /** One line for the kernel, and one for each script that did not pass. */
    static String summary(DebianKernel kernel, TapReport report) throws IOException {
        var summary = new StringBuilder("kernel " + kernel.name() + " (" + Files.readString(kernel.directory().resolve("version")).strip() + "): "
                + report.count(Verdict.PASSED) + " passed, " + report.count(Verdict.FAILED) + " failed, "
                + report.count(Verdict.SKIPPED) + " skipped");
        for (Result result : report.results()) {
            if (result.verdict() != Verdict.PASSED) {
                summary.append("\n  ").append(result.verdict()).append(' ').append(result.name());
                summary.append(result.verdict() == Verdict.SKIPPED ? ": " + result.detail() : "");
            }
        }
        return summary.toString();
    }
}
