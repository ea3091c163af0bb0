package dev.sonde.session;

import dev.sonde.output.MapContents;
import dev.sonde.spec.MapSpec;
import dev.sonde.sys.BpfBatch;
import dev.sonde.sys.BpfMap;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** All entries of a map, gathered from batches. */
final class MapEntries {
    private final BpfMap map;
    private byte[] keys = {};
    private byte[] values = {};
    private int count;

    MapEntries(BpfMap map, int batchSize) {
        this.map = map;
        BpfBatch batch = map.entries(batchSize);
        while (batch.next()) {
            take(batch);
        }
    }

    private void take(BpfBatch batch) {
        int added = batch.count();
        keys = append(keys, batch.keys(), map.keySize(), added);
        values = append(values, batch.values(), map.valueStride(), added);
        count += added;
    }

    private byte[] append(byte[] to, MemorySegment from, int stride, int added) {
        int used = count * stride;
        int needed = Math.addExact(used, Math.multiplyExact(added, stride));
        byte[] room = needed <= to.length ? to : Arrays.copyOf(to, Math.max(needed, (int) Math.min(2L * used, Integer.MAX_VALUE - 8)));
        MemorySegment.copy(from, 0, MemorySegment.ofArray(room), used, needed - used);
        return room;
    }

    MapContents contents(MapSpec spec) {
        return MapContents.of(spec, count, MemorySegment.ofArray(keys), MemorySegment.ofArray(values), spec.cpusInEntry(map.cpus()));
    }
}
