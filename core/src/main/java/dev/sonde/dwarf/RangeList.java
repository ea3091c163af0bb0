package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import java.util.ArrayList;
import java.util.List;

/**
 * Address ranges that are not in one piece.
 *
 * <pre>
 * .debug_ranges   (DWARF 4 §2.17.3): (begin:address end:address)* 0 0           begin of all ones: end is the new base
 * .debug_rnglists (DWARF 5 §7.25):   (kind:u8 operands)* DW_RLE_end_of_list
 * </pre>
 */
final class RangeList {
    private static final int DW_RLE_end_of_list = 0;
    private static final int DW_RLE_base_addressx = 1;
    private static final int DW_RLE_startx_endx = 2;
    private static final int DW_RLE_startx_length = 3;
    private static final int DW_RLE_offset_pair = 4;
    private static final int DW_RLE_base_address = 5;
    private static final int DW_RLE_start_end = 6;
    private static final int DW_RLE_start_length = 7;

    private RangeList() {
    }

    static List<Entry.Range> read(Unit unit, long offset) {
        int size = unit.header().addressSize();
        Cursor in = unit.dwarf().needed(".debug_ranges").addressSize(size).seek(offset);
        long mark = size == 8 ? -1L : 0xffffffffL;
        long base = unit.lowPc();
        List<Entry.Range> ranges = new ArrayList<>();
        while (true) {
            long begin = in.address();
            long end = in.address();
            if (begin == 0 && end == 0) {
                return ranges;
            }
            if (begin == mark) {
                base = end;
            } else {
                add(ranges, base + begin, base + end);
            }
        }
    }

    private static void add(List<Entry.Range> ranges, long low, long high) {
        if (Long.compareUnsigned(low, high) < 0) {
            ranges.add(new Entry.Range(low, high));
        }
    }

    static List<Entry.Range> read5(Unit unit, long offset) {
        Cursor in = unit.dwarf().needed(".debug_rnglists").addressSize(unit.header().addressSize()).seek(offset);
        long base = unit.lowPc();
        List<Entry.Range> ranges = new ArrayList<>();
        while (true) {
            int kind = in.u8();
            switch (kind) {
                case DW_RLE_end_of_list -> {
                    return ranges;
                }
                case DW_RLE_base_addressx -> base = unit.addressAt(in.uleb128());
                case DW_RLE_startx_endx -> add(ranges, unit.addressAt(in.uleb128()), unit.addressAt(in.uleb128()));
                case DW_RLE_startx_length -> sized(ranges, unit.addressAt(in.uleb128()), in.uleb128());
                case DW_RLE_offset_pair -> add(ranges, base + in.uleb128(), base + in.uleb128());
                case DW_RLE_base_address -> base = in.address();
                case DW_RLE_start_end -> add(ranges, in.address(), in.address());
                case DW_RLE_start_length -> sized(ranges, in.address(), in.uleb128());
                default -> throw in.malformed("a kind of range up to 7, not " + kind);
            }
        }
    }

    private static void sized(List<Entry.Range> ranges, long start, long length) {
        add(ranges, start, start + length);
    }
}
