package dev.sonde.link;

import dev.sonde.spec.AttachSpec;
import java.util.List;

/**
 * Why the kernel did not attach a probe.
 *
 * @param place what was to be attached to
 * @param reason what kind of refusal it is
 * @param message one sentence with the place, the call and the error in words
 * @param hints what to do about it
 */
public record Refusal(AttachSpec place, Reason reason, String message, List<String> hints) {
    public Refusal {
        hints = List.copyOf(hints);
    }

    /** Kinds of refusals. */
    public enum Reason {
        /** The function, tracepoint, file or process is not there, or not there any more. */
        NOT_THERE,
        /** The place exists and cannot be probed. */
        NOT_PROBEABLE,
        /** This process may not do it. */
        NOT_PERMITTED,
        /** This kernel or machine does not have this kind of probe. */
        NOT_SUPPORTED,
        /** A limit on descriptors, memory or breakpoints is reached. */
        LIMIT,
        /** Anything else. */
        OTHER
    }
}
