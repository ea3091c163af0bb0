package dev.sonde.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The reading side of a BPF_MAP_TYPE_RINGBUF map (Documentation/bpf/ringbuf.rst). Since 5.8.
 *
 * <p>Three mappings: the consumer position, a page of our own to write; the producer position, a page to read; after that the data, mapped by
 * the kernel twice in a row, so that a record that runs over the end still lies in one piece. Positions only grow. A record is
 * {@code u32 length | busy << 31 | discarded << 30, u32 page offset, data}, padded to 8 bytes.
 *
 * <p>One thread polls at a time. For waiting, add {@link #fd()} to an {@link Epoll}: it is ready while unread records are there.
 */
public final class RingBuffer implements AutoCloseable {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final int HEADER = 8;
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;

    private final BpfMap map;
    private final MappedMemory consumer;
    private final MappedMemory producer;
    private final long data;
    private final long size;
    /** Bytes read before their room is given back: seldom enough to be cheap, often enough that a fast producer need not wait. */
    private final long releaseAfter;
    private long position;

    /** Maps the buffer of {@code map}, which stays the caller's to close. */
    public static RingBuffer of(Kernel kernel, BpfMap map) {
        long page = PseudoFile.pageSize(kernel);
        MappedMemory consumer = MappedMemory.of(kernel, map.fd(), 0, page, true);
        try {
            long size = Integer.toUnsignedLong(map.definition().maxEntries());
            return new RingBuffer(map, consumer, MappedMemory.of(kernel, map.fd(), page, page + 2 * size, false), page, size);
        } catch (KernelException e) {
            consumer.close();
            throw e;
        }
    }

    RingBuffer(BpfMap map, MappedMemory consumer, MappedMemory producer, long page, long size) {
        this.map = map;
        this.consumer = consumer;
        this.producer = producer;
        this.data = page;
        this.size = size;
        this.releaseAfter = size / 16;
        this.position = (long) LONG.getAcquire(consumer.segment(), 0L);
    }

    /** The map's descriptor. */
    public Fd fd() {
        return map.fd();
    }

    /**
     * Hands every record that is complete now to {@code to}, oldest first, and returns how many there were. It stops at a record that a program
     * is still writing, and at the position the producer had when it began, so it ends however fast records come.
     */
    public int poll(Consumer to) {
        MemorySegment ring = producer.segment();
        long end = (long) LONG.getAcquire(ring, 0L);
        long released = position;
        int records = 0;
        try {
            while (position < end) {
                long at = data + (position & size - 1);
                // The length is the low half: both machines are little-endian.
                int header = (int) (long) LONG.getAcquire(ring, at);
                if ((header & BUSY) != 0) {
                    break;
                }
                int length = header & ~DISCARDED;
                position += HEADER + length + 7L & -8;
                if (header == length) {
                    records++;
                    to.record(ring, at + HEADER, length);
                }
                if (position - released >= releaseAfter) {
                    released = release();
                }
            }
        } finally {
            release();
        }
        return records;
    }

    private long release() {
        LONG.setRelease(consumer.segment(), 0L, position);
        return position;
    }

    /** Bytes ever written by programs, with headers, records still being written, and padding. */
    public long producerPosition() {
        return (long) LONG.getAcquire(producer.segment(), 0L);
    }

    /** Bytes ever read; the buffer is drained when this has reached an earlier {@link #producerPosition()}. */
    public long consumerPosition() {
        return position;
    }

    /** Unmaps; the map stays open. */
    @Override
    public void close() {
        producer.close();
        consumer.close();
    }

    /** Takes records from a buffer. */
    @FunctionalInterface
    public interface Consumer {
        /**
         * One record of {@code length} bytes from {@code offset} in {@code segment}, 8-byte aligned in a ring buffer and 4-byte aligned in a
         * perf buffer. The bytes are the kernel's own, valid until the method returns. A record counts as read even if the method throws.
         */
        void record(MemorySegment segment, long offset, int length);
    }
}
