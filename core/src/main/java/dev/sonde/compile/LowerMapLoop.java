package dev.sonde.compile;

import dev.sonde.syntax.Statement;

/** Makes the code of a loop over a map: a call of bpf_for_each_map_elem with the body as its callback. */
final class LowerMapLoop {
    private final LowerProbe probe;

    LowerMapLoop(LowerProbe probe) {
        this.probe = probe;
    }

    void lower(Statement.ForMap loop) {
        probe.environment().diagnostics().add(loop.span(), dev.sonde.source.DiagnosticCode.NOT_COMPILED, "Loops over maps are not compiled yet");
    }
}
