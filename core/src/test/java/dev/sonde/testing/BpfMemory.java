package dev.sonde.testing;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The memory of one run. A pointer holds the number of its region in its upper half and the offset in its lower half, far from any user or kernel
 * address; so arithmetic works as on plain addresses and an access outside of the region is always noticed.
 */
public final class BpfMemory {
    private static final long TAG = 1L << 62;
    private static final int ORIGIN = 1 << 30;
    private static final int MAX_SIZE = 1 << 29;

    private final List<MemoryRegion> regions = new ArrayList<>();
    private final Map<byte[], Long> known = new IdentityHashMap<>();

    long add(MemoryRegion region) {
        regions.add(region);
        return TAG | (long) (regions.size() - 1) << 32 | ORIGIN;
    }

    /** The address of an array, the same each time. */
    long addressOf(byte[] bytes, String name, boolean writable) {
        return known.computeIfAbsent(bytes, array -> add(MemoryRegion.of(name, array, writable)));
    }

    /** Whether an address is in the machine's own memory; it need not be a valid one. */
    static boolean isMachineAddress(long address) {
        return address >>> 62 == 1;
    }

    /** The region that an address points into or near. */
    MemoryRegion region(long address) {
        int number = (int) (address >>> 32 & 0x3fffffff);
        if (!isMachineAddress(address) || number >= regions.size()) {
            throw new MachineFailure("invalid mem access at 0x" + Long.toHexString(address));
        }
        MemoryRegion region = regions.get(number);
        if (region.isGone()) {
            throw new MachineFailure("use of " + region.name + " after its end");
        }
        return region;
    }

    static int offset(long address) {
        return (int) address - ORIGIN;
    }

    long load(long address, int width) {
        MemoryRegion region = checked(address, width);
        requireAligned(region, address, width);
        return region.load(offset(address), width);
    }

    void store(long address, int width, long value) {
        MemoryRegion region = checked(address, width);
        requireAligned(region, address, width);
        requireWritable(region).store(offset(address), width, value);
    }

    /** {@code size} bytes that must all be in one region and written. */
    public byte[] read(long address, long size) {
        return size == 0 ? new byte[0] : checked(address, size).read(offset(address), (int) size);
    }

    /** Puts bytes into one region that may be written. */
    public void write(long address, byte[] bytes) {
        if (bytes.length > 0) {
            MemoryRegion region = requireWritable(checked(address, bytes.length));
            System.arraycopy(bytes, 0, region.bytes, offset(address), bytes.length);
            region.mark(offset(address), bytes.length);
        }
    }

    /** Checks that {@code size} bytes may be written, and counts them as written from now on. */
    void prepare(long address, long size) {
        if (size != 0) {
            requireWritable(checked(address, size)).mark(offset(address), (int) size);
        }
    }

    private MemoryRegion checked(long address, long size) {
        if (size < 0 || size > MAX_SIZE) {
            throw new MachineFailure("unbounded memory access of " + size + " bytes");
        }
        MemoryRegion region = region(address);
        long offset = offset(address);
        if (offset < 0 || offset + size > region.bytes.length) {
            throw new MachineFailure("access of " + size + " bytes at " + offset + " of " + region.name + ", which has " + region.bytes.length);
        }
        return region;
    }

    private static void requireAligned(MemoryRegion region, long address, int width) {
        if (region.isStack() && offset(address) % width != 0) {
            throw new MachineFailure("misaligned stack access of " + width + " bytes at fp" + (offset(address) - region.bytes.length));
        }
    }

    private static MemoryRegion requireWritable(MemoryRegion region) {
        if (!region.writable) {
            throw new MachineFailure("write into " + region.name);
        }
        return region;
    }
}
