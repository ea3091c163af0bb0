package dev.sonde.compile;

import dev.sonde.builtins.Settings;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.target.Feature;

/**
 * Makes strings shorter where a map's key is longer than the kernel allows, which before 5.17 is what a program's stack has, and where nobody said
 * how long strings are to be.
 */
final class KeyLimits {
    /** MAX_BPF_STACK */
    private static final int LONGEST_KEY = 512;
    /** Two such strings, and some numbers, make a key. */
    private static final int STRING_BYTES = 240;

    private KeyLimits() {}

    /** The settings to compile with: those of {@code environment} unless strings have to be shorter, which is said. */
    static Settings fitting(TypedScript typed, Environment environment) {
        Settings settings = environment.settings();
        if (settings.maxStringLength() != Settings.DEFAULTS.maxStringLength() || environment.target().has(Feature.LONG_KEYS)) {
            return settings;
        }
        for (MapFacts.MapFact map : typed.maps().all()) {
            if (map.key.size() > LONGEST_KEY) {
                environment.diagnostics().add(Diagnostic.at(map.firstUse, DiagnosticCode.SUBSTITUTED, "strings of this script are cut to "
                        + STRING_BYTES + " bytes: this kernel has no " + Feature.LONG_KEYS.title() + " (Linux " + Feature.LONG_KEYS.since() + ")")
                        .hint("config = { max_strlen = N } says otherwise."));
                return settings.withStrings(STRING_BYTES);
            }
        }
        return settings;
    }
}
