package dev.sonde.symbols;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What tells a process from a later one with its pid, and a program from the one that the process ran before execve(2): fields 22, 26 and 28 of
 * {@code /proc/PID/stat} (proc_pid_stat(5)). The last two are 0 for a process that may not be looked at.
 *
 * @param startTime clock ticks since boot
 * @param startCode address above which the program's text can run
 * @param startStack address of the bottom of the stack
 */
record ProcessIdentity(long startTime, long startCode, long startStack) {
    private static final int START_TIME = 22;
    private static final int START_CODE = 26;
    private static final int START_STACK = 28;

    /** Reads such a line; empty when it is none. */
    static Optional<ProcessIdentity> parse(byte[] stat) {
        String line = new String(stat, StandardCharsets.UTF_8);
        // The second field, in parentheses, may hold anything, also parentheses and blanks.
        int at = line.lastIndexOf(')') + 2;
        long[] fields = new long[START_STACK + 1];
        for (int field = 3; field <= START_STACK && at > 1; field++) {
            int end = line.indexOf(' ', at);
            if (end < 0) {
                return Optional.empty();
            }
            fields[field] = field < START_TIME ? 0 : number(line, at, end);
            at = end + 1;
        }
        return at <= 1 ? Optional.empty() : Optional.of(new ProcessIdentity(fields[START_TIME], fields[START_CODE], fields[START_STACK]));
    }

    /** Unsigned; other characters do not come, and count for nothing. */
    private static long number(String line, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(line.charAt(i), 10);
            value = digit < 0 ? value : value * 10 + digit;
        }
        return value;
    }
}
