package dev.sonde.link;

import dev.sonde.spec.AttachSpec;
import dev.sonde.sys.Fd;
import java.util.List;

/** A program attached at one place, or at several that one specification names, for as long as it is open. It ends with the process at the latest. */
public final class Link implements AutoCloseable {
    private final AttachSpec place;
    private final List<Fd> parts;

    Link(AttachSpec place, List<Fd> parts) {
        this.place = place;
        this.parts = List.copyOf(parts);
    }

    /** What was attached to; of several places some may have been refused. */
    public AttachSpec place() {
        return place;
    }

    List<Fd> parts() {
        return parts;
    }

    /** Detaches. A perf event takes the kernel some 75 to 140 ms, so {@link Links} closes many at once. */
    @Override
    public void close() {
        for (Fd part : parts) {
            part.close();
        }
    }
}
