package dev.sonde.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The reading side of a BPF_MAP_TYPE_PERF_EVENT_ARRAY map: a ring for each running CPU, for kernels before 5.8, which have no ring buffer.
 * Records come in order within a CPU only. One thread polls at a time.
 */
public final class PerfBuffer implements AutoCloseable {
    private static final int PERF_COUNT_SW_BPF_OUTPUT = 10;

    private final Kernel kernel;
    private final List<Ring> rings = new ArrayList<>();
    private long lost;

    private PerfBuffer(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Opens rings of {@code size} bytes (a power of two, at least a page) and puts them into {@code map}, which stays the caller's to close. */
    public static PerfBuffer of(Kernel kernel, BpfMap map, long size) {
        PerfBuffer buffer = new PerfBuffer(kernel);
        try {
            for (int cpu : PerfEvent.onlineCpus(kernel)) {
                buffer.open(map, cpu, size);
            }
            return buffer;
        } catch (KernelException e) {
            buffer.close();
            throw e;
        }
    }

    private void open(BpfMap map, int cpu, long size) {
        PerfEvent.Attr attr = new PerfEvent.Attr(PerfEvent.Attr.PERF_TYPE_SOFTWARE, PERF_COUNT_SW_BPF_OUTPUT, 1, false, 0,
                PerfEvent.Attr.PERF_SAMPLE_RAW, 1, 0, null, 0, 0);
        PerfEvent event = PerfEvent.open(kernel, attr, -1, cpu);
        try {
            long page = PseudoFile.pageSize(kernel);
            rings.add(new Ring(event, MappedMemory.of(kernel, event.fd(), 0, page + size, true), page, size));
        } catch (KernelException e) {
            event.close();
            throw e;
        }
        MemorySegment key = MemorySegment.ofArray(new int[] {cpu});
        map.update(key, MemorySegment.ofArray(new int[] {event.fd().number()}), BpfMap.BPF_ANY);
        event.enable();
    }

    /** The descriptors to wait for, one a CPU. */
    public List<Fd> fds() {
        List<Fd> fds = new ArrayList<>();
        for (Ring ring : rings) {
            fds.add(ring.event.fd());
        }
        return fds;
    }

    /** Hands all records that are there now to {@code to}, CPU by CPU, and returns how many there were. */
    public int poll(RingBuffer.Consumer to) {
        int records = 0;
        for (Ring ring : rings) {
            records += ring.poll(to);
        }
        return records;
    }

    /** Records that found no room so far, as the kernel has told. */
    public long lost() {
        return lost;
    }

    @Override
    public void close() {
        for (Ring ring : rings) {
            ring.memory.close();
            ring.event.close();
        }
        rings.clear();
    }

    /** One CPU's ring: struct perf_event_mmap_page, then the data. */
    private final class Ring {
        private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
        private static final long DATA_HEAD = 1024;
        private static final long DATA_TAIL = 1032;
        private static final int PERF_RECORD_LOST = 2;
        private static final int PERF_RECORD_SAMPLE = 9;
        private static final int HEADER = 8;
        /** The header's size is 16 bits wide. */
        private static final int LONGEST = 1 << 16;

        private final PerfEvent event;
        private final MappedMemory memory;
        private final long data;
        private final long size;
        private final MemorySegment whole = Arena.ofAuto().allocate(LONGEST, 8);

        Ring(PerfEvent event, MappedMemory memory, long data, long size) {
            this.event = event;
            this.memory = memory;
            this.data = data;
            this.size = size;
        }

        int poll(RingBuffer.Consumer to) {
            MemorySegment ring = memory.segment();
            long head = (long) LONG.getAcquire(ring, DATA_HEAD);
            long tail = ring.get(ValueLayout.JAVA_LONG, DATA_TAIL);
            int records = 0;
            while (tail < head) {
                long at = data + (tail & size - 1);
                // struct perf_event_header: u32 type, u16 misc, u16 size; records are 8-byte aligned, so it never runs over the end
                long header = ring.get(ValueLayout.JAVA_LONG, at);
                int length = (int) (header >>> 48);
                if (length < HEADER) {
                    break;
                }
                records += accept((int) header, at, length, to);
                tail += length;
            }
            LONG.setRelease(ring, DATA_TAIL, tail);
            return records;
        }

        private int accept(int type, long at, int length, RingBuffer.Consumer to) {
            MemorySegment record = memory.segment();
            long start = at;
            if (at + length > data + size) {
                long first = data + size - at;
                MemorySegment.copy(record, at, whole, 0, first);
                MemorySegment.copy(record, data, whole, first, length - first);
                record = whole;
                start = 0;
            }
            if (type == PERF_RECORD_LOST) {
                lost += record.get(ValueLayout.JAVA_LONG, start + 16);
            }
            if (type != PERF_RECORD_SAMPLE) {
                return 0;
            }
            to.record(record, start + HEADER + 4, record.get(ValueLayout.JAVA_INT, start + HEADER));
            return 1;
        }
    }
}
