package dev.sonde.session;

import dev.sonde.output.Printer;
import dev.sonde.output.Resolver;
import dev.sonde.output.Sink;
import dev.sonde.spec.AttachSpec.Self.Moment;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.RingBuffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the probes of tests, each once and with its output kept apart, or measures those of benchmarks, and tells the results. For the thread that
 * polls.
 */
final class DemandedProbes {
    private final Kernel kernel;
    private final TraceSpec spec;
    private final SelfProbes probes;
    private final RingBuffer ring;
    private final LoadedMaps maps;
    private final Resolver resolver;
    private final Printer printer;
    private final List<String> failed = new ArrayList<>();

    DemandedProbes(Kernel kernel, TraceSpec spec, SelfProbes probes, RingBuffer ring, LoadedMaps maps, Resolver resolver, Printer printer) {
        this.kernel = kernel;
        this.spec = spec;
        this.probes = probes;
        this.ring = ring;
        this.maps = maps;
        this.resolver = resolver;
        this.printer = printer;
    }

    /** What came of one run. */
    private record Trial(long nanoseconds, boolean passed, String output) {}

    /** What the run of a probe prints, as text, whatever the format of the whole. */
    private static final class Kept implements Sink {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(byte[] from, int offset, int length) {
            bytes.write(from, offset, length);
        }

        @Override
        public void pause() {
            // It is read at the end only.
        }

        @Override
        public void flush() {
            // It is read at the end only.
        }
    }

    /** Does it for all probes of {@code moment}; gives the names of those that failed. */
    List<String> run(Moment moment) {
        List<SelfProbes.Probe> all = probes.of(moment);
        List<String> names = new ArrayList<>();
        all.forEach(probe -> names.add(probe.name()));
        if (moment == Moment.TEST) {
            test(all, names);
        } else {
            measure(all, names);
        }
        return failed;
    }

    private void test(List<SelfProbes.Probe> tests, List<String> names) {
        List<Boolean> passed = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            Trial trial = run(tests.get(i));
            passed.add(trial.passed);
            printer.testResult(names, i, trial.nanoseconds, passed, trial.output);
            printer.pause();
        }
    }

    /** A test passes that returns 0, does not exit with another number and tells of no error. */
    private Trial run(SelfProbes.Probe probe) {
        var kept = new Kept();
        try (var reactions = new EventReactions(spec, maps, Printer.text(kept, kept, resolver, spec, false), resolver, _ -> {})) {
            long start = System.nanoTime();
            int result = probes.run(probe);
            long nanoseconds = System.nanoTime() - start;
            while (ring.poll(reactions) > 0) {
                // Until nothing comes.
            }
            boolean passed = result == 0 && reactions.exitCode() == 0 && reactions.errors() == 0;
            if (!passed) {
                failed.add(probe.name());
            }
            return new Trial(nanoseconds, passed, kept.bytes.toString(StandardCharsets.UTF_8));
        }
    }

    private void measure(List<SelfProbes.Probe> benchmarks, List<String> names) {
        List<SelfProbes.Probe> sound = new ArrayList<>(benchmarks);
        sound.removeIf(probe -> !run(probe).passed);
        names.removeAll(failed);
        try (var clock = new RunClock(kernel, ring)) {
            for (int i = 0; i < sound.size(); i++) {
                RunClock.Time time = clock.measure(probes.program(sound.get(i)));
                printer.benchmarkResult(names, i, time.average(), time.runs());
                printer.pause();
            }
        }
    }
}
