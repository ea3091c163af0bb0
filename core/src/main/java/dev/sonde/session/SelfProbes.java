package dev.sonde.session;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.AttachSpec.Self.Moment;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.BpfProgram;
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
        for (ProgramSpec program : spec.programs()) {
            for (AttachSpec place : program.attachments()) {
                if (place instanceof AttachSpec.Self self && self.moment() == Moment.SIGNAL) {
                    return true;
                }
            }
        }
        return false;
    }
}
