package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import java.util.Optional;

/**
 * Where a value is, by address.
 *
 * <pre>
 * .debug_loc      (DWARF 4 §2.6.2): (begin:address end:address size:u16 expression)* 0 0     begin of all ones: end is the new base, no expression
 * .debug_loclists (DWARF 5 §7.29):  (kind:u8 operands (size:uleb expression)?)* DW_LLE_end_of_list
 * </pre>
 */
final class LocationList {
    private static final int DW_LLE_end_of_list = 0;
    private static final int DW_LLE_base_addressx = 1;
    private static final int DW_LLE_startx_endx = 2;
    private static final int DW_LLE_startx_length = 3;
    private static final int DW_LLE_offset_pair = 4;
    private static final int DW_LLE_default_location = 5;
    private static final int DW_LLE_base_address = 6;
    private static final int DW_LLE_start_end = 7;
    private static final int DW_LLE_start_length = 8;
    /** GCC's: two numbers of views before the next entry. */
    private static final int DW_LLE_view_pair = 9;

    private LocationList() {
    }

    static Optional<Expression> find(Unit unit, long offset, long pc) {
        int size = unit.header().addressSize();
        Cursor in = unit.dwarf().needed(".debug_loc").addressSize(size).seek(offset);
        long mark = size == 8 ? -1L : 0xffffffffL;
        long base = unit.lowPc();
        while (true) {
            long begin = in.address();
            long end = in.address();
            if (begin == 0 && end == 0) {
                return Optional.empty();
            }
            if (begin == mark) {
                base = end;
                continue;
            }
            int length = in.u16();
            if (new Entry.Range(base + begin, base + end).contains(pc)) {
                return Optional.of(expression(in, length, unit));
            }
            in.skip(length);
        }
    }

    private static Expression expression(Cursor in, long size, Unit unit) {
        return Expression.read(in.slice(in.position(), size, "location expression").addressSize(unit.header().addressSize()), unit);
    }

    static Optional<Expression> find5(Unit unit, long offset, long pc) {
        Cursor in = unit.dwarf().needed(".debug_loclists").addressSize(unit.header().addressSize()).seek(offset);
        long base = unit.lowPc();
        while (true) {
            int kind = in.u8();
            Entry.Range range = null;
            switch (kind) {
                case DW_LLE_end_of_list -> {
                    return Optional.empty();
                }
                case DW_LLE_base_addressx -> base = unit.addressAt(in.uleb128());
                case DW_LLE_base_address -> base = in.address();
                case DW_LLE_view_pair -> {
                    in.uleb128();
                    in.uleb128();
                }
                default -> range = range(kind, in, base, unit);
            }
            if (range != null) {
                long size = in.uleb128();
                if (range.contains(pc)) {
                    return Optional.of(expression(in, size, unit));
                }
                in.skip(size);
            }
        }
    }

    private static Entry.Range range(int kind, Cursor in, long base, Unit unit) {
        return switch (kind) {
            case DW_LLE_startx_endx -> new Entry.Range(unit.addressAt(in.uleb128()), unit.addressAt(in.uleb128()));
            case DW_LLE_startx_length -> sized(unit.addressAt(in.uleb128()), in.uleb128());
            case DW_LLE_offset_pair -> new Entry.Range(base + in.uleb128(), base + in.uleb128());
            case DW_LLE_default_location -> new Entry.Range(0, -1L);
            case DW_LLE_start_end -> new Entry.Range(in.address(), in.address());
            case DW_LLE_start_length -> sized(in.address(), in.uleb128());
            default -> throw in.malformed("a kind of location up to 9, not " + kind);
        };
    }

    private static Entry.Range sized(long start, long length) {
        return new Entry.Range(start, start + length);
    }
}
