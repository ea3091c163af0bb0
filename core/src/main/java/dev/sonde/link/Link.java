package dev.sonde.link;

import dev.sonde.spec.AttachSpec;

/**
 * A program attached at one place, or at several that one specification names, for as long as it is open. It ends with the process at the latest.
 * {@link Links} detaches and closes many of them at once.
 */
public final class Link implements AutoCloseable {
    private final AttachSpec place;
    private final Parts parts;

    Link(AttachSpec place, Parts parts) {
        this.place = place;
        this.parts = parts;
    }

    /** What was attached to; of several places some may have been refused. */
    public AttachSpec place() {
        return place;
    }

    Parts parts() {
        return parts;
    }

    /** Detaches and gives back everything. */
    @Override
    public void close() {
        parts.close();
    }
}
