package dev.sonde.compile;

import dev.sonde.probes.ProbeGroup;
import dev.sonde.syntax.Script;
import java.util.List;

/** A script whose attach points are places on the target. */
record BoundScript(Script script, List<Bound> probes) {
    /** A probe and its places, in groups that can share a program. */
    record Bound(Script.Probe probe, List<ProbeGroup> groups) {}
}
