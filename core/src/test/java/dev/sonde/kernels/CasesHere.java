package dev.sonde.kernels;

import dev.sonde.sidebyside.Case;
import dev.sonde.sidebyside.Case.Directive;
import dev.sonde.sidebyside.Outcome;
import dev.sonde.sidebyside.SondeHere;
import dev.sonde.sidebyside.Tracer;
import dev.sonde.sidebyside.TracerCommand;
import dev.sonde.sys.BpfLink;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.LinuxKernel;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Runs scripts on the kernel that it finds itself on, all in one process, and reports in the Test Anything Protocol (testanything.org, version 14).
 *
 * <p>The words are pairs: the program that scripts trace, and a script or a directory of scripts. A word {@code --update=COMMAND} before them has
 * that bpftrace write the records instead.
 */
final class CasesHere {
    private final Optional<TracerCommand> recorder;
    private final AtomicInteger links = new AtomicInteger();
    private final Tracer sonde = new SondeHere(counting(LinuxKernel.open(), links), Set.of());
    private final Place place = Place.here();
    private final PrintStream report;
    private int number;
    private int failed;

    private CasesHere(Optional<TracerCommand> recorder, PrintStream report) {
        this.recorder = recorder;
        this.report = report;
    }

    /** Ends the process with 1 when a script failed. */
    public static void main(String[] words) throws IOException, InterruptedException {
        List<String> rest = new ArrayList<>(List.of(words));
        boolean update = rest.getFirst().startsWith("--update=");
        Optional<TracerCommand> recorder = !update
                ? Optional.empty() : Optional.of(new TracerCommand(List.of(rest.removeFirst().substring(9).split(" "))));
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println("TAP version 14");
        var cases = new CasesHere(recorder, out);
        while (!rest.isEmpty()) {
            Path program = Path.of(rest.removeFirst());
            for (Path file : files(Path.of(rest.removeFirst()))) {
                cases.run(file, program);
            }
        }
        out.println("1.." + cases.number);
        // Threads of a run that hangs do not matter any more.
        Runtime.getRuntime().halt(cases.failed == 0 ? 0 : 1);
    }

    private static List<Path> files(Path word) throws IOException {
        if (!Files.isDirectory(word)) {
            return List.of(word);
        }
        try (Stream<Path> files = Files.list(word)) {
            return files.filter(file -> file.toString().endsWith(".bt")).sorted().toList();
        }
    }

    /** {@code kernel}, of which the links of many probes that are made are counted. */
    private static Kernel counting(Kernel kernel, AtomicInteger links) {
        return call -> {
            long result = kernel.invoke(call);
            if (result >= 0 && (call instanceof BpfLink.KprobeMulti || call instanceof BpfLink.UprobeMulti)) {
                links.incrementAndGet();
            }
            return result;
        };
    }

    private void run(Path file, Path program) throws InterruptedException {
        Case script = Case.read(file);
        Optional<String> missing = place.missing(script, program);
        number++;
        if (missing.isPresent()) {
            report.println("ok " + number + " - " + script.name() + " # SKIP " + missing.get());
            return;
        }
        try {
            Path record = file.resolveSibling(script.name() + ".out");
            if (recorder.isPresent() && !script.says(Directive.DECIDED)) {
                Files.writeString(record, form(script, program, recorder.get().run(script, false, program)));
                report.println("ok " + number + " - recorded " + script.name());
                return;
            }
            links.set(0);
            Outcome outcome = sonde.run(script, false, program);
            tell(script, Files.readString(record), form(script, program, outcome), outcome);
        } catch (IOException | RuntimeException e) {
            fail(script, e.toString());
        }
    }

    private static String form(Case script, Path program, Outcome outcome) {
        return script.comparison().form(outcome).replace(program.toString(), Case.PROGRAM).replace(program.getParent() + "/", "");
    }

    private void tell(Case script, String expected, String actual, Outcome outcome) {
        if (outcome.exitCode() != script.exitCode()) {
            fail(script, "exit code " + outcome.exitCode() + "\n" + outcome.errors() + actual);
        } else if (!actual.equals(expected)) {
            fail(script, "expected\n" + expected + "but was\n" + actual + outcome.errors());
        } else if (!place.hasLinks(script.one(Directive.LINKS, ""), links.get())) {
            fail(script, "made " + links + " links of many probes");
        } else {
            report.println("ok " + number + " - " + script.name());
        }
    }

    private void fail(Case script, String why) {
        failed++;
        report.println("not ok " + number + " - " + script.name());
        why.lines().forEach(line -> report.println("# " + line));
    }
}
