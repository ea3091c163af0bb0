package dev.sonde.types;

import java.util.Locale;

/** How a stack is written out; names as in the script. */
public enum StackMode {
    BPFTRACE, PERF, RAW, BUILD_ID;

    /** The word used in a script. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
