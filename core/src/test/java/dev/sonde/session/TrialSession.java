package dev.sonde.session;

import dev.sonde.source.Diagnostic;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Loads and attaches a trace on a kernel that may be a fake one, without reading events, and gives everything back. */
public final class TrialSession {
    private TrialSession() {}

    /** What is told of the probes that were not attached, where the trace may run without them. */
    public static List<Diagnostic> warnings(Kernel kernel, TraceSpec spec) throws SessionException {
        List<BpfProgram> programs = new ArrayList<>();
        try (LoadedMaps maps = LoadedMaps.create(kernel, spec); AttachedProbes probes = new AttachedProbes(kernel, spec)) {
            new ProgramLoader(kernel, spec).loadAll(maps::fd, programs);
            probes.attach(programs);
            return probes.diagnostics();
        } finally {
            programs.forEach(BpfProgram::close);
        }
    }
}
