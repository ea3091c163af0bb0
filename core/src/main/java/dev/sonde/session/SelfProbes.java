package dev.sonde.session;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.AttachSpec.Self.Moment;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.BpfProgram;
import java.util.ArrayList;
import java.util.List;

/** The probes that the session runs itself: begin, end and signals. */
final class SelfProbes {
    private final TraceSpec spec;
    private final List<BpfProgram> programs;

    SelfProbes(TraceSpec spec, List<BpfProgram> programs) {
        this.spec = spec;
        this.programs = programs;
    }

    /** Runs all of {@code moment}, in order; {@code signal} counts for that moment only. */
    void run(Moment moment, int signal) {
        for (int i = 0; i < programs.size(); i++) {
            for (AttachSpec place : spec.programs().get(i).attachments()) {
                if (place instanceof AttachSpec.Self self && self.moment() == moment && (moment != Moment.SIGNAL || self.signal() == signal)) {
                    programs.get(i).testRun(null, -1);
                }
            }
        }
    }

    /** Whether a signal may run anything. */
    boolean awaitsSignals() {
        return !of(Moment.SIGNAL).isEmpty();
    }

    /** The probes of {@code moment}, in order. */
    List<Probe> of(Moment moment) {
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < spec.programs().size(); i++) {
            for (AttachSpec place : spec.programs().get(i).attachments()) {
                if (place instanceof AttachSpec.Self self && self.moment() == moment) {
                    probes.add(new Probe(i, spec.sites().get(self.site()).probe()));
                }
            }
        }
        return probes;
    }

    /** Runs one probe; gives what it returns. */
    int run(Probe probe) {
        return programs.get(probe.index()).testRun(null, -1);
    }

    /** The program behind a probe. */
    BpfProgram program(Probe probe) {
        return programs.get(probe.index());
    }

    /**
     * A probe that the session runs.
     *
     * @param index its program's
     * @param text the attach point
     */
    record Probe(int index, String text) {
        /** What stands after the colon. */
        String name() {
            return text.substring(text.indexOf(':') + 1);
        }
    }
}
