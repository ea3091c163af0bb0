package dev.sonde.testing;

import java.util.Arrays;

/** One piece of memory that a program may hold pointers into. */
final class MemoryRegion {
    /** What bytes hold before anything is written to them. */
    static final byte GARBAGE = (byte) 0xa5;

    final String name;
    final byte[] bytes;
    final boolean writable;
    /** Which bytes were written; null where everything counts as written. */
    final boolean[] written;
    /** Offset of the lowest byte ever written. */
    int lowest;
    private boolean gone;

    private MemoryRegion(String name, byte[] bytes, boolean writable, boolean[] written) {
        this.name = name;
        this.bytes = bytes;
        this.writable = writable;
        this.written = written;
        this.lowest = bytes.length;
    }

    static MemoryRegion of(String name, byte[] bytes, boolean writable) {
        return new MemoryRegion(name, bytes, writable, null);
    }

    /** A frame: accesses must be aligned, and nothing may be read before it was written. */
    static MemoryRegion stack(int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, GARBAGE);
        return new MemoryRegion("stack", bytes, true, new boolean[size]);
    }

    void release() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    boolean isStack() {
        return written != null;
    }

    long load(int offset, int width) {
        requireWritten(offset, width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value |= (bytes[offset + i] & 0xffL) << 8 * i;
        }
        return value;
    }

    void store(int offset, int width, long value) {
        for (int i = 0; i < width; i++) {
            bytes[offset + i] = (byte) (value >>> 8 * i);
        }
        mark(offset, width);
    }

    byte[] read(int offset, int size) {
        requireWritten(offset, size);
        return Arrays.copyOfRange(bytes, offset, offset + size);
    }

    /** Counts bytes as written, whatever they hold. */
    void mark(int offset, int size) {
        if (size > 0) {
            lowest = Math.min(lowest, offset);
        }
        for (int i = offset; written != null && i < offset + size; i++) {
            written[i] = true;
        }
    }

    private void requireWritten(int offset, int size) {
        for (int i = offset; written != null && i < offset + size; i++) {
            if (!written[i]) {
                throw new MachineFailure("read of unwritten stack at fp" + (i - bytes.length));
            }
        }
    }
}
