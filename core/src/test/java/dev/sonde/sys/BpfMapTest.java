package dev.sonde.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BpfMapTest {
    private static final int HASH = 1;
    private static final int ARRAY = 2;
    private static final int PERCPU_HASH = 5;
    private static final int PERCPU_ARRAY = 6;
    private static final int BPF_F_MMAPABLE = 1 << 10;

    private final Kernel kernel = Root.kernel();

    private static MemorySegment of(int value) {
        return MemorySegment.ofArray(new int[] {value});
    }

    private static MemorySegment of(long... values) {
        return MemorySegment.ofArray(values);
    }

    @ParameterizedTest
    @CsvSource({"hash,1", "percpu_hash,5", "lru_hash,9", "lru_percpu_hash,10", "array,2", "percpu_array,6"})
    void valuesComeBack(String name, int type) {
        try (BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(type, name, 4, 8, 16, 0))) {
            MemorySegment in = MemorySegment.ofArray(new long[map.cpus()]).fill((byte) 7);
            MemorySegment out = MemorySegment.ofArray(new long[map.cpus()]);
            map.update(of(3), in, BpfMap.BPF_ANY);
            assertThat(map.lookup(of(3), out)).isTrue();
            assertThat(out.mismatch(in)).isEqualTo(-1);
            assertThat(map.valueStride()).isEqualTo(8 * map.cpus());
            assertThat(map.id()).isPositive();
        }
    }

    @Test
    void ringBufferAndMapOfMapsAreCreated() {
        try (BpfMap ring = BpfMap.create(kernel, new Bpf.MapCreate(27, "ring", 0, 0, 1 << 16, 0));
                BpfMap inner = BpfMap.create(kernel, new Bpf.MapCreate(ARRAY, "inner", 4, 8, 1, 0));
                BpfMap outer = BpfMap.create(kernel, new Bpf.MapCreate(13, "outer", 4, 4, 8, 0).withInner(inner.fd().number()))) {
            outer.update(of(1), of(inner.fd().number()), BpfMap.BPF_ANY);
            assertThat(outer.lookup(of(1), of(0))).isTrue();
            assertThat(ring.id()).isNotEqualTo(inner.id());
        }
    }

    @Test
    void missingKeysAreNotFoundButWrongFlagsAreErrors() {
        try (BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(HASH, "m", 4, 8, 16, 0))) {
            assertThat(map.lookup(of(1), of(0L))).isFalse();
            assertThat(map.delete(of(1))).isFalse();
            assertThat(map.nextKey(null, of(0))).isFalse();
            assertThatThrownBy(() -> map.update(of(1), of(1L), BpfMap.BPF_EXIST)).hasMessage(
                    "bpf(BPF_MAP_UPDATE_ELEM): No such file or directory (ENOENT, 2)");
        }
    }

    @Test
    void takenValuesAreGone() {
        Root.since(5, 14);
        try (BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(HASH, "m", 4, 8, 16, 0))) {
            map.update(of(1), of(9L), BpfMap.BPF_NOEXIST);
            MemorySegment taken = of(0L);
            assertThat(map.lookupAndDelete(of(1), taken)).isTrue();
            assertThat(taken.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(9);
            assertThat(map.lookup(of(1), taken)).isFalse();
        }
    }

    @Test
    void impossibleMapIsRefused() {
        assertThatThrownBy(() -> BpfMap.create(kernel, new Bpf.MapCreate(HASH, "m", 0, 8, 16, 0))).hasMessageEndingWith("(EINVAL, 22)");
    }

    @Test
    void perCpuValuesAreRoundedUpToEight() {
        try (BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(PERCPU_ARRAY, "m", 4, 12, 1, 0))) {
            assertThat(map.valueSize()).isEqualTo(16);
            assertThat(map.valueStride()).isEqualTo(16 * map.cpus());
            MemorySegment out = MemorySegment.ofArray(new byte[map.valueStride()]).fill((byte) 1);
            assertThat(map.lookup(of(0), out)).isTrue();
            assertThat(out.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,256", "1,10000", "5,1000", "9,777", "6,4096", "2,1"})
    void batchesGiveEveryEntryOnce(int type, int capacity) {
        int entries = type == ARRAY ? 200 : 10_000;
        try (BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(type, "m", 4, 8, type == 9 ? 40_000 : entries, 0))) {
            fill(map, entries);
            Map<Integer, Long> seen = read(map, map.entries(capacity));
            if (type == 9) {
                assertThat(seen.size()).isGreaterThan(entries * 9 / 10);
            } else {
                assertThat(seen).hasSize(entries);
            }
            seen.forEach((key, value) -> assertThat(value).isEqualTo(key * 3L));
        }
    }

    private static void fill(BpfMap map, int entries) {
        MemorySegment value = MemorySegment.ofArray(new long[map.cpus()]);
        for (int i = 0; i < entries; i++) {
            value.setAtIndex(ValueLayout.JAVA_LONG, map.cpus() - 1, i * 3L);
            map.update(of(i), value, BpfMap.BPF_ANY);
        }
    }

    private static Map<Integer, Long> read(BpfMap map, BpfBatch batch) {
        Map<Integer, Long> seen = new HashMap<>();
        while (batch.next()) {
            for (int i = 0; i < batch.count(); i++) {
                int key = batch.keys().getAtIndex(ValueLayout.JAVA_INT, i);
                long last = batch.values().get(ValueLayout.JAVA_LONG, (long) (i + 1) * map.valueStride() - 8);
                assertThat(seen.put(key, last)).isNull();
            }
        }
        assertThat(batch.next()).isFalse();
        return seen;
    }

    @Test
    void drainEmptiesTheMap() {
        try (BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(PERCPU_HASH, "m", 4, 8, 1000, 0))) {
            fill(map, 1000);
            assertThat(read(map, map.drain(300))).hasSize(1000);
            assertThat(map.nextKey(null, of(0))).isFalse();
            assertThat(map.entries(10).next()).isFalse();
        }
    }

    @Test
    void clearEmptiesTheMap() {
        try (BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(HASH, "m", 4, 8, 100, 0))) {
            fill(map, 100);
            map.clear();
            assertThat(map.nextKey(null, of(0))).isFalse();
        }
    }

    @Test
    void mappedArraySharesItsValues() {
        try (BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(ARRAY, "m", 4, 8, 1000, BPF_F_MMAPABLE)); MappedMemory memory = map.map(true)) {
            assertThat(memory.segment().byteSize()).isEqualTo(8192);
            memory.segment().setAtIndex(ValueLayout.JAVA_LONG, 999, 42);
            MemorySegment value = of(0L);
            assertThat(map.lookup(of(999), value)).isTrue();
            assertThat(value.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(42);
        }
    }

    @Test
    void frozenMapTakesNoWrites() {
        try (BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(ARRAY, "m", 4, 8, 1, 0))) {
            map.freeze();
            assertThatThrownBy(() -> map.update(of(0), of(1L), BpfMap.BPF_ANY)).hasMessageEndingWith("(EPERM, 1)");
        }
    }

    /** A kernel without batches: an ordered map behind the element commands. */
    @ParameterizedTest
    @CsvSource({"false,3", "false,100", "true,3", "true,1"})
    void kernelsWithoutBatchesAreReadKeyByKey(boolean delete, int capacity) {
        TreeMap<Integer, Long> content = new TreeMap<>();
        for (int i = 0; i < 10; i++) {
            content.put(i, i * 3L);
        }
        BpfMap map = BpfMap.create(call -> answer(content, call), new Bpf.MapCreate(HASH, "m", 4, 8, 16, 0));
        assertThat(read(map, delete ? map.drain(capacity) : map.entries(capacity))).hasSize(10);
        assertThat(content.isEmpty()).isEqualTo(delete);
    }

    private static long answer(TreeMap<Integer, Long> content, Syscall call) {
        return switch (call) {
            case Bpf.MapLookupBatch batch -> -Errno.EINVAL.number();
            case Bpf.MapGetNextKey next -> {
                Integer key = next.key() == null ? content.ceilingKey(0) : content.higherKey(next.key().get(ValueLayout.JAVA_INT, 0));
                next.nextKey().set(ValueLayout.JAVA_INT, 0, key == null ? 0 : key);
                yield key == null ? -Errno.ENOENT.number() : 0;
            }
            case Bpf.MapLookupElem lookup -> {
                lookup.value().set(ValueLayout.JAVA_LONG, 0, content.get(lookup.key().get(ValueLayout.JAVA_INT, 0)));
                yield 0;
            }
            case Bpf.MapDeleteElem element -> {
                content.remove(element.key().get(ValueLayout.JAVA_INT, 0));
                yield 0;
            }
            default -> 3;
        };
    }

    /** A kernel whose keys change so fast that the walk never meets the end. */
    @Test
    void endlessKeysEndTheWalk() {
        int[] next = {0};
        BpfMap map = BpfMap.create(call -> {
            if (call instanceof Bpf.MapGetNextKey key) {
                key.nextKey().set(ValueLayout.JAVA_INT, 0, next[0]++);
            }
            return call instanceof Bpf.MapLookupBatch ? -Errno.ENOTSUPP.number() : 0;
        }, new Bpf.MapCreate(HASH, "m", 4, 8, 50, 0));
        assertThat(read(map, map.entries(7))).hasSize(50);
    }
}
