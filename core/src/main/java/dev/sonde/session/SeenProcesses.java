package dev.sonde.session;

import dev.sonde.spec.MapSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.BpfBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Has the processes remembered whose addresses lie in maps, so that these have names when they are printed at the end, with the processes gone. It
 * looks soon after the start, because a command may end soon, and then less and less often.
 */
final class SeenProcesses {
    private static final long MILLISECOND = 1_000_000;
    private static final long LONGEST = 100 * MILLISECOND;
    /** Of the time, looking takes this part at most. */
    private static final int PART = 20;
    private static final int BATCH = 256;

    private final LoadedMaps maps;
    private final TraceSpec spec;
    private final List<UserAddresses.Place> places;
    private final boolean wanted;
    private final int process;
    private final IntConsumer remember;
    private long interval = MILLISECOND;
    private long next = System.nanoTime();

    /** @param process a process of which to think in any case, -1 for none */
    SeenProcesses(TraceSpec spec, LoadedMaps maps, int process, IntConsumer remember) {
        this.spec = spec;
        this.maps = maps;
        this.process = process;
        this.remember = remember;
        this.places = UserAddresses.inMaps(spec);
        this.wanted = !places.isEmpty() || process >= 0 && UserAddresses.inEvents(spec);
    }

    /** Milliseconds after which to look again, -1 for never. */
    int pause() {
        return wanted ? (int) Math.max(1, (next - System.nanoTime()) / MILLISECOND) : -1;
    }

    /** Looks, if it is time to. */
    void lookWhenDue() {
        if (wanted && System.nanoTime() - next >= 0) {
            look();
        }
    }

    /** Looks now. */
    void look() {
        long start = System.nanoTime();
        if (wanted && process >= 0) {
            remember.accept(process);
        }
        for (UserAddresses.Place place : places) {
            look(place);
        }
        long end = System.nanoTime();
        interval = Math.max(Math.min(2 * interval, LONGEST), PART * (end - start));
        next = end + interval;
    }

    private void look(UserAddresses.Place place) {
        MapSpec.Storage storage = spec.maps().get(place.map()).view().orElseThrow().storage();
        if (storage == MapSpec.Storage.SINGLE) {
            tell(maps.value(place.map()), place.offset());
        } else if (storage != MapSpec.Storage.SINGLE_PER_CPU) {
            BpfBatch batch = maps.get(place.map()).entries(BATCH);
            while (batch.next()) {
                tell(batch, place);
            }
        }
    }

    private void tell(BpfBatch batch, UserAddresses.Place place) {
        MapSpec map = spec.maps().get(place.map());
        MemorySegment from = place.inKey() ? batch.keys() : batch.values();
        long stride = place.inKey() ? map.keySize() : maps.get(place.map()).valueStride();
        for (int i = 0; i < batch.count(); i++) {
            tell(from, i * stride + place.offset());
        }
    }

    private void tell(MemorySegment from, long offset) {
        int pid = from.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
        if (pid > 0) {
            remember.accept(pid);
        }
    }
}
