package dev.sonde.gosym;

import dev.sonde.bytes.Cursor;

/**
 * A table of values by program counter: pairs of varints, a zig-zag value change and a pc change in quanta, until a value change of 0
 * ("Go 1.2 Runtime Symbol Information"). The first value starts at -1 and at the function's entry.
 */
final class PcValues {
    /** What a function without such a table has everywhere. */
    static final int NONE = -1;

    private PcValues() {
    }

    /** The value at {@code distance} bytes from the function's entry; {@code offset} 0 is no table. */
    static int at(PcHeader header, int offset, long distance) {
        if (offset == 0) {
            return NONE;
        }
        Cursor in = header.table().at(header.values()).skip(Integer.toUnsignedLong(offset));
        int value = -1;
        long pc = 0;
        for (boolean first = true; ; first = false) {
            long change = in.uleb128();
            if (change == 0 && !first) {
                return NONE;
            }
            value += (int) (change >>> 1 ^ -(change & 1));
            pc += in.uleb128() * header.quantum();
            if (pc < 0 || Long.compareUnsigned(distance, pc) < 0) {
                return value;
            }
        }
    }
}
