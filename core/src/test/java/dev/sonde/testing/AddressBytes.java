package dev.sonde.testing;

import java.util.Optional;
import java.util.TreeMap;

/** A sparse address space: pieces of bytes at addresses, nothing between. */
final class AddressBytes {
    private final TreeMap<Long, byte[]> pieces = new TreeMap<>(Long::compareUnsigned);

    void put(long address, byte[] bytes) {
        pieces.put(address, bytes);
    }

    /** {@code size} bytes, if all are there. */
    Optional<byte[]> read(long address, int size) {
        byte[] out = new byte[size];
        for (int i = 0; i < size; i++) {
            int value = at(address + i);
            if (value < 0) {
                return Optional.empty();
            }
            out[i] = (byte) value;
        }
        return Optional.of(out);
    }

    /** The byte at an address, or -1. */
    int at(long address) {
        var piece = pieces.floorEntry(address);
        long offset = piece == null ? -1 : address - piece.getKey();
        return piece == null || Long.compareUnsigned(offset, piece.getValue().length) >= 0 ? -1 : piece.getValue()[(int) offset] & 0xff;
    }

    /** Overwrites bytes that are there. */
    boolean write(long address, byte[] bytes) {
        if (read(address, bytes.length).isEmpty()) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            var piece = pieces.floorEntry(address + i);
            piece.getValue()[(int) (address + i - piece.getKey())] = bytes[i];
        }
        return true;
    }
}
