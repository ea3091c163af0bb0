package dev.sonde.link;

import dev.sonde.sys.Fd;
import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * The descriptors of an attachment.
 *
 * @param attachments those whose closing detaches the program
 * @param events perf events under them; closing one takes the kernel some 40 to 140 ms
 * @param pins files in a BPF file system that hold an attachment beside its descriptor
 */
record Parts(List<Fd> attachments, List<Fd> events, List<File> pins) implements AutoCloseable {
    Parts() {
        this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void take(Parts other) {
        attachments.addAll(other.attachments);
        events.addAll(other.events);
        pins.addAll(other.pins);
    }

    /** Removes the files. One that cannot be removed any more has been removed by somebody else. */
    void unpin() {
        for (File pin : pins) {
            pin.delete();
        }
        pins.clear();
    }

    @Override
    public void close() {
        unpin();
        for (Fd attachment : attachments) {
            attachment.close();
        }
        for (Fd event : events) {
            event.close();
        }
    }
}
