package dev.sonde.spec;

import java.util.List;

/**
 * A compiled trace.
 *
 * @param maps all maps; instructions name them by index
 * @param programs all programs, self probes included
 * @param events what to do on a record whose first four bytes hold the event's index
 * @param sites the places programs are attached to; attach cookies and {@code SiteName} values are indices of it
 * @param options what the script's config and the environment say about running and printing
 */
public record TraceSpec(List<MapSpec> maps, List<ProgramSpec> programs, List<EventSpec> events, List<Site> sites, RunOptions options) {
    /** Index of the ring buffer that events come through, by convention the first map. */
    public static final int RING = 0;

    public TraceSpec {
        maps = List.copyOf(maps);
        programs = List.copyOf(programs);
        events = List.copyOf(events);
        sites = List.copyOf(sites);
    }

    /**
     * One place a program is attached to.
     *
     * @param probe the attach point's text as {@code probe} shows it: {@code uprobe:/bin/bash:main}
     * @param function the function's name as {@code func} shows it, empty when there is none
     */
    public record Site(String probe, String function) {}
}
