package dev.sonde.source;

/** How grave a diagnostic is. */
public enum Severity {
    /** The script is not run. */
    ERROR,
    /** The script is run; the author should know. */
    WARNING,
    /** The script is run differently from how it is written, on purpose. */
    NOTE
}
