package dev.sonde.cli;

/** Environment variables that go by bpftrace's name and by Sonde's. */
final class Variables {
    private Variables() {}

    /** The value of {@code SONDE_name}, else of {@code BPFTRACE_name}; empty when neither is set. */
    static String get(String name) {
        String own = System.getenv("SONDE_" + name);
        if (own != null) {
            return own;
        }
        String other = System.getenv("BPFTRACE_" + name);
        return other == null ? "" : other;
    }
}
