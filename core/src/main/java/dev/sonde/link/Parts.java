package dev.sonde.link;

import dev.sonde.sys.Fd;
import java.util.ArrayList;
import java.util.List;

/**
 * The descriptors of an attachment.
 *
 * @param attachments those whose closing detaches the program
 * @param events perf events under them; closing one takes the kernel some 40 to 140 ms
 */
record Parts(List<Fd> attachments, List<Fd> events) implements AutoCloseable {
    Parts() {
        this(new ArrayList<>(), new ArrayList<>());
    }

    void take(Parts other) {
        attachments.addAll(other.attachments);
        events.addAll(other.events);
    }

    @Override
    public void close() {
        for (Fd attachment : attachments) {
            attachment.close();
        }
        for (Fd event : events) {
            event.close();
        }
    }
}
