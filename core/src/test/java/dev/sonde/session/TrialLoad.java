package dev.sonde.session;

import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.BpfProgram;
import dev.sonde.sys.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Loads the maps and programs of a trace and gives them back at once; nothing is attached. */
public final class TrialLoad {
    private TrialLoad() {}

    /** How many instructions the verifier walked through for each program, in the order of the trace. */
    public static List<Integer> verifiedInstructions(Kernel kernel, TraceSpec spec) throws SessionException {
        List<BpfProgram> programs = new ArrayList<>();
        try (LoadedMaps maps = LoadedMaps.create(kernel, spec)) {
            new ProgramLoader(kernel, spec).loadAll(maps::fd, programs);
            List<Integer> verified = new ArrayList<>();
            programs.forEach(program -> verified.add(program.info().verifiedInstructions()));
            return verified;
        } finally {
            programs.forEach(BpfProgram::close);
        }
    }
}
