package dev.sonde.session;

import java.util.List;

/**
 * What came of a run.
 *
 * @param probes how many probes were attached, self probes included
 * @param events how many records were handled
 * @param lostEvents how many records found no room in the ring buffer
 * @param helperErrors how many failed helper calls were told of
 * @param exitCode the argument of the last {@code exit}, else 0
 * @param failed names of the tests or benchmarks that failed
 * @param end why it ended
 */
public record RunReport(int probes, long events, long lostEvents, long helperErrors, int exitCode, List<String> failed, End end) {
    public RunReport {
        failed = List.copyOf(failed);
    }

    /** Why a run ended. */
    public enum End {
        /** The script called {@code exit}. */
        EXIT,
        /** {@link Session#stop} was called. */
        STOPPED,
        /** The process of {@code -p} or {@code -c} ended. */
        PROCESS_ENDED,
        /** Nothing was left that could happen: there are only begin and end probes. */
        NOTHING_LEFT,
        /** Whoever read the output has closed it. */
        OUTPUT_CLOSED
    }
}
