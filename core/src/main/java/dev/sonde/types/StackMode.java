package dev.sonde.types;

/** How a stack is written out; names as in the script. */
public enum StackMode {
    BPFTRACE, PERF, RAW, BUILD_ID;

    /** The word used in a script. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
