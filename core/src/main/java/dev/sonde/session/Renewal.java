package dev.sonde.session;

import dev.sonde.spec.TraceSpec;
import java.util.Optional;

/** What a session asks for when another file has taken the place of one that it has probes in. */
public interface Renewal {
    /**
     * The trace as it would be with the files that are there now: with the same programs and sites, but places of their own. Empty when the programs
     * that are loaded do not fit any more.
     */
    Optional<TraceSpec> compiled();

    /** Tells the user one sentence. */
    void tell(String message);
}
