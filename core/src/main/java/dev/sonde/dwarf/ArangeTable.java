package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;

/**
 * Which unit an address belongs to: {@code .debug_aranges} (DWARF 5 §6.1.2, §7.21). Clang and Go leave it out.
 *
 * <pre>
 * Set --&gt; length version:u16=2 debug_info_offset:offset address_size:u8 segment_size:u8 padding (start:address length:address)* 0 0
 * </pre>
 */
final class ArangeTable {
    private ArangeTable() {
    }

    /** Offset of the unit in {@code .debug_info}; -1 when no set has the address. */
    static long find(Cursor section, long address) {
        Cursor in = section.at(0);
        while (in.hasRemaining()) {
            long start = in.position();
            int offsetSize = UnitHeader.offsetSize(in);
            long length = UnitHeader.length(in);
            long end = in.position() + length;
            in.skip(2);
            long unit = in.unsigned(offsetSize);
            int size = in.u8();
            int segment = in.u8();
            if (segment == 0 && (size == 4 || size == 8) && contains(in.addressSize(size), start, end, address)) {
                return unit;
            }
            in.seek(end);
        }
        return -1;
    }

    /** {@code in} stands after the header of a set from {@code start} to {@code end}; pairs are aligned to their own size from the start. */
    private static boolean contains(Cursor in, long start, long end, long address) {
        int pair = 2 * in.addressSize();
        long from = start + (in.position() - start + pair - 1) / pair * pair;
        for (long at = from; at + pair <= end; at += pair) {
            in.seek(at);
            long low = in.address();
            long size = in.address();
            if (low == 0 && size == 0) {
                return false;
            }
            if (Long.compareUnsigned(address - low, size) < 0) {
                return true;
            }
        }
        return false;
    }
}
