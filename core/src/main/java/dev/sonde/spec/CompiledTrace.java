package dev.sonde.spec;

import java.util.List;

/**
 * A compiled trace that stands alone: what a file holds that is run later without its script.
 *
 * <p>A file is {@link #START}, the conditions, a fingerprint of the form of the records, the trace as {@link TraceWriter} writes it, and a CRC-32 of
 * all that (4 bytes, little-endian). A file of another fingerprint was written by another version and is refused.
 *
 * @param conditions what has to be as it was, for the trace to mean the same
 * @param trace the trace; pointer types of it have lost what they point to, which only a compiler asks for
 */
public record CompiledTrace(List<Condition> conditions, TraceSpec trace) {
    /** What a file starts with: a line that lets a shell run it, then a byte that no script has. */
    public static final String START = "#!/usr/bin/env sonde\n\0trace\n";

    public CompiledTrace {
        conditions = List.copyOf(conditions);
    }

    /**
     * One thing that has to be as it was.
     *
     * @param name what it is: {@code kernel release}
     * @param value how it was when the trace was compiled
     */
    public record Condition(String name, String value) {}

    /** A file that is none of these, or no whole one. */
    public static final class MalformedTraceException extends Exception {
        private static final long serialVersionUID = 1;

        MalformedTraceException(String message) {
            super(message);
        }
    }

    /** The file. */
    public byte[] bytes() {
        return new TraceWriter().write(this);
    }

    /**
     * Reads a file.
     *
     * @throws MalformedTraceException for everything but a whole file of this version
     */
    public static CompiledTrace of(byte[] file) throws MalformedTraceException {
        return new TraceReader(file).read();
    }

    /**
     * What a file has to be as it was; for a message that says so even when the rest is of another version.
     *
     * @throws MalformedTraceException when the file is damaged
     */
    public static List<Condition> conditions(byte[] file) throws MalformedTraceException {
        return new TraceReader(file).conditions();
    }
}
