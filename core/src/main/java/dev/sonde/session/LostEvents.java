package dev.sonde.session;

import dev.sonde.output.Printer;

/** Tells of the events that found no room in the ring: soon, but not for each of them. */
final class LostEvents {
    private static final long INTERVAL = 100_000_000;

    private final LoadedMaps maps;
    private final Printer printer;
    private final int map;
    private long known;
    private long told;
    private long lastTime = System.nanoTime() - INTERVAL;

    LostEvents(LoadedMaps maps, Printer printer) {
        this.maps = maps;
        this.printer = printer;
        this.map = maps.internal("lost");
    }

    private long counted() {
        return map < 0 ? 0 : maps.word(map);
    }

    /** Tells of new losses unless that was just done. */
    void tellWhenDue() {
        if (counted() != known && System.nanoTime() - lastTime >= INTERVAL) {
            tell();
        }
    }

    /** Tells of new losses. */
    void tell() {
        long now = counted();
        if (now != known) {
            printer.lostEvents(now - known);
            told += now - known;
            known = now;
            lastTime = System.nanoTime();
        }
    }

    /** Lets losses since the last time be. */
    void forget() {
        known = counted();
    }

    /** How many were told of. */
    long told() {
        return told;
    }
}
