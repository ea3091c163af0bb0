package dev.sonde.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BufferTest {
    private static final int RAW_TRACEPOINT = 17;
    private static final Bpf.MapCreate RING = new Bpf.MapCreate(27, "ring", 0, 0, 4096, 0);

    private final Kernel kernel = Root.kernel();

    private static List<Long> poll(RingBuffer ring) {
        List<Long> values = new ArrayList<>();
        int count = ring.poll((segment, offset, length) -> {
            assertThat(length).isEqualTo(8);
            values.add(segment.get(ValueLayout.JAVA_LONG, offset));
        });
        assertThat(values).hasSize(count);
        return values;
    }

    @Test
    void recordsOfAProgramComeInOrder() {
        try (BpfMap map = BpfMap.create(kernel, RING);
                RingBuffer ring = RingBuffer.of(kernel, map);
                BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "ring", Code.ring(map, 3), "GPL"))) {
            assertThat(poll(ring)).isEmpty();
            program.testRun(null, -1);
            assertThat(ring.producerPosition()).isEqualTo(48);
            assertThat(poll(ring)).containsExactly(1L, 2L, 3L);
            assertThat(ring.consumerPosition()).isEqualTo(48);
            assertThat(poll(ring)).isEmpty();
        }
    }

    @Test
    void bufferIsReusedManyTimesOver() {
        try (BpfMap map = BpfMap.create(kernel, RING);
                RingBuffer ring = RingBuffer.of(kernel, map);
                BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "ring", Code.ring(map, 5), "GPL"))) {
            int records = 0;
            for (int i = 0; i < 1000; i++) {
                program.testRun(null, -1);
                records += poll(ring).size();
            }
            assertThat(records).isEqualTo(5000);
            assertThat(ring.consumerPosition()).isEqualTo(5000 * 16);
        }
    }

    @Test
    void fullBufferKeepsTheOldest() {
        try (BpfMap map = BpfMap.create(kernel, RING);
                RingBuffer ring = RingBuffer.of(kernel, map);
                BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "ring", Code.ring(map, 1), "GPL"))) {
            for (int i = 0; i < 1000; i++) {
                program.testRun(null, -1);
            }
            assertThat(poll(ring).size()).isBetween(250, 256);
            program.testRun(null, -1);
            assertThat(poll(ring)).hasSize(1);
        }
    }

    @Test
    void recordCountsAsReadWhenItsConsumerThrows() {
        try (BpfMap map = BpfMap.create(kernel, RING);
                RingBuffer ring = RingBuffer.of(kernel, map);
                BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "ring", Code.ring(map, 2), "GPL"))) {
            program.testRun(null, -1);
            assertThatThrownBy(() -> ring.poll((segment, offset, length) -> {
                throw new IllegalStateException("stop");
            })).hasMessage("stop");
            assertThat(poll(ring)).containsExactly(2L);
        }
    }

    /** Records made by hand in memory laid out as the kernel does: the first discarded, then one that runs over the end, then one still busy. */
    @Test
    void discardedAreSkippedBusyStopAndWrappedStayWhole() {
        long page = 4096;
        long size = 4096;
        try (MappedMemory consumer = MappedMemory.anonymous(kernel, page); MappedMemory producer = MappedMemory.anonymous(kernel, page + 2 * size)) {
            long start = 3 * size - 24;
            consumer.segment().set(ValueLayout.JAVA_LONG, 0, start);
            MemorySegment data = producer.segment();
            data.set(ValueLayout.JAVA_LONG, 0, start + 16 + 24 + 16);
            data.set(ValueLayout.JAVA_INT, page + size - 24, 8 | 1 << 30);
            data.set(ValueLayout.JAVA_INT, page + size - 8, 13);
            data.set(ValueLayout.JAVA_LONG, page + size, 99);
            data.set(ValueLayout.JAVA_INT, page + 16, 8 | 1 << 31);
            RingBuffer ring = new RingBuffer(null, consumer, producer, page, size);
            List<Integer> lengths = new ArrayList<>();
            assertThat(ring.poll((segment, offset, length) -> {
                lengths.add(length);
                assertThat(segment.get(ValueLayout.JAVA_LONG, offset)).isEqualTo(99);
            })).isEqualTo(1);
            assertThat(lengths).containsExactly(13);
            assertThat(ring.consumerPosition()).isEqualTo(start + 40);
            data.set(ValueLayout.JAVA_INT, page + 16, 8);
            assertThat(ring.poll((segment, offset, length) -> lengths.add(length))).isEqualTo(1);
            assertThat(consumer.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(start + 56);
        }
    }

    @Test
    void waitingEndsWhenARecordComes() throws InterruptedException {
        try (BpfMap map = BpfMap.create(kernel, RING);
                RingBuffer ring = RingBuffer.of(kernel, map);
                BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "ring", Code.ring(map, 1), "GPL"));
                Epoll epoll = Epoll.open(kernel)) {
            epoll.add(ring.fd(), 5);
            assertThat(epoll.await(0)).isZero();
            Thread thread = Thread.ofPlatform().start(() -> program.testRun(null, -1));
            assertThat(epoll.await(5000)).isEqualTo(1);
            assertThat(epoll.token(0)).isEqualTo(5);
            assertThat(poll(ring)).containsExactly(1L);
            assertThat(epoll.await(0)).isZero();
            thread.join();
        }
    }

    @Test
    void perfBufferGivesRecordsAndCountsTheLost() {
        try (BpfMap map = BpfMap.create(kernel, new Bpf.MapCreate(4, "events", 4, 4, 8, 0));
                PerfBuffer buffer = PerfBuffer.of(kernel, map, 4096);
                BpfProgram program = BpfProgram.load(kernel, new Bpf.ProgLoad(RAW_TRACEPOINT, "perf", Code.perf(map), "GPL"))) {
            List<Integer> values = new ArrayList<>();
            RingBuffer.Consumer consumer = (segment, offset, length) -> {
                assertThat(length).isEqualTo(12);
                values.add(segment.get(ValueLayout.JAVA_INT, offset));
            };
            for (int i = 0; i < 1000; i++) {
                program.testRun(null, 0);
                assertThat(buffer.poll(consumer)).isEqualTo(1);
            }
            assertThat(values).hasSize(1000).containsOnly(0x1234);
            assertThat(buffer.lost()).isZero();
            for (int i = 0; i < 1000; i++) {
                program.testRun(null, 0);
            }
            int kept = buffer.poll(consumer);
            program.testRun(null, 0);
            kept += buffer.poll(consumer);
            assertThat(kept + buffer.lost()).isEqualTo(1001);
            assertThat(buffer.fds()).isNotEmpty();
        }
    }
}
