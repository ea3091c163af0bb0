package dev.sonde.compile;

import dev.sonde.builtins.Settings;
import dev.sonde.source.Diagnostics;
import dev.sonde.target.Target;

/** What every pass of one compile may ask. */
record Environment(Target target, ScriptTypes types, Constants constants, Parameters parameters, Settings settings, Diagnostics diagnostics) {
    /** The same with other settings. */
    Environment with(Settings other) {
        return new Environment(target, types, constants, parameters, other, diagnostics);
    }
}
