package dev.sonde.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.TraceSpec;
import java.io.File;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final int ROUNDS = 50;

    @BeforeEach
    void needsRoot() {
        Run.needsRoot();
    }

    private static int openFiles() {
        return new File("/proc/self/fd").list().length;
    }

    private static void round(TraceSpec spec) throws SessionException {
        try (Run run = new Run(spec)) {
            run.session.stop();
            run.session.run();
        }
    }

    @Test
    void sessionsGiveEveryDescriptorBack() throws SessionException {
        Trace trace = new Trace();
        int count = trace.countMap("@");
        TraceSpec spec = trace.program(ProgramKind.PERF_EVENT, b -> b.count(count), new AttachSpec.Interval(0, Trace.SPAN, 1_000_000, 0)).spec();
        round(spec);
        int before = openFiles();
        for (int i = 0; i < ROUNDS; i++) {
            round(spec);
        }
        // A thread of the virtual machine may hold one for a moment.
        assertThat(openFiles()).isLessThanOrEqualTo(before + 2);
    }
}
