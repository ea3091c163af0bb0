package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A value of an entry: its form and where its bytes are (DWARF 5 §7.5.5).
 *
 * @param at offset in the unit's section
 * @param implicit of DW_FORM_implicit_const: the value
 */
record Value(Form form, long at, long implicit, Unit unit) {
    private static final int INDIRECTIONS = 4;

    /** The value at the cursor; the cursor may end anywhere. */
    static Value at(Form form, Cursor in, long implicit, Unit unit) {
        Form real = form;
        for (int i = 0; real == Form.DW_FORM_indirect; i++) {
            real = indirect(in, i);
        }
        return new Value(real, in.position(), implicit, unit);
    }

    private static Form indirect(Cursor in, int depth) {
        Form form = Form.of(in.uleb128());
        if (form == null || form == Form.DW_FORM_implicit_const || depth > INDIRECTIONS) {
            throw in.malformed("a form of DWARF 2 to 5 with a value");
        }
        return form;
    }

    /** Moves past a value. */
    static void skip(Form form, Cursor in, UnitHeader unit) {
        int size = form.size(unit.addressSize(), unit.offsetSize(), unit.version());
        if (size >= 0) {
            in.skip(size);
            return;
        }
        switch (form) {
            case DW_FORM_block, DW_FORM_exprloc -> in.skip(in.uleb128());
            case DW_FORM_block1 -> in.skip(in.u8());
            case DW_FORM_block2 -> in.skip(in.u16());
            case DW_FORM_block4 -> in.skip(in.u32());
            case DW_FORM_string -> in.skip(terminated(in));
            case DW_FORM_sdata -> in.sleb128();
            case DW_FORM_indirect -> skipIndirect(in, unit);
            default -> in.uleb128();
        }
    }

    private static void skipIndirect(Cursor in, UnitHeader unit) {
        Form real = Form.DW_FORM_indirect;
        for (int i = 0; real == Form.DW_FORM_indirect; i++) {
            real = indirect(in, i);
        }
        skip(real, in, unit);
    }

    private static long terminated(Cursor in) {
        long from = in.position();
        while (in.u8() != 0) {
            continue;
        }
        long size = in.position() - from;
        in.seek(from);
        return size;
    }

    private Cursor in() {
        return unit.in().seek(at);
    }

    private long raw() {
        Cursor in = in();
        return switch (form) {
            case DW_FORM_implicit_const -> implicit;
            case DW_FORM_flag_present -> 1;
            case DW_FORM_sdata -> in.sleb128();
            case DW_FORM_udata, DW_FORM_ref_udata, DW_FORM_strx, DW_FORM_addrx, DW_FORM_loclistx, DW_FORM_rnglistx -> in.uleb128();
            default -> in.unsigned(form.size(unit.header().addressSize(), unit.header().offsetSize(), unit.header().version()));
        };
    }

    OptionalLong constant() {
        return switch (form) {
            case DW_FORM_data1, DW_FORM_data2, DW_FORM_data4, DW_FORM_data8, DW_FORM_sdata, DW_FORM_udata, DW_FORM_implicit_const, DW_FORM_flag,
                    DW_FORM_flag_present -> OptionalLong.of(raw());
            default -> OptionalLong.empty();
        };
    }

    OptionalLong address() {
        return switch (form) {
            case DW_FORM_addr -> OptionalLong.of(raw());
            case DW_FORM_addrx, DW_FORM_addrx1, DW_FORM_addrx2, DW_FORM_addrx3, DW_FORM_addrx4 -> OptionalLong.of(unit.addressAt(raw()));
            default -> OptionalLong.empty();
        };
    }

    /** Before DWARF 4 such an offset was written as a number. */
    OptionalLong sectionOffset() {
        return switch (form) {
            case DW_FORM_sec_offset -> OptionalLong.of(raw());
            case DW_FORM_data4, DW_FORM_data8 -> unit.header().version() < 4 ? OptionalLong.of(raw()) : OptionalLong.empty();
            default -> OptionalLong.empty();
        };
    }

    Optional<String> text() {
        return switch (form) {
            case DW_FORM_string -> Optional.of(in().string());
            case DW_FORM_strp -> Optional.of(unit.dwarf().needed(".debug_str").stringAt(raw()));
            case DW_FORM_line_strp -> Optional.of(unit.dwarf().needed(".debug_line_str").stringAt(raw()));
            case DW_FORM_strx, DW_FORM_strx1, DW_FORM_strx2, DW_FORM_strx3, DW_FORM_strx4 -> Optional.of(unit.textAt(raw()));
            case DW_FORM_GNU_strp_alt, DW_FORM_strp_sup -> unit.dwarf().supplementary().map(file -> file.needed(".debug_str").stringAt(raw()));
            default -> Optional.empty();
        };
    }

    boolean isText(byte[] wanted) {
        return switch (form) {
            case DW_FORM_string -> is(in(), wanted);
            case DW_FORM_strp -> is(unit.dwarf().text(raw()), wanted);
            default -> text().filter(text -> Arrays.equals(text.getBytes(StandardCharsets.UTF_8), wanted)).isPresent();
        };
    }

    private static boolean is(Cursor in, byte[] wanted) {
        for (byte one : wanted) {
            if (in.s8() != one) {
                return false;
            }
        }
        return in.u8() == 0;
    }

    /** Offset in the section of an entry of the same unit. */
    long localOffset() {
        long value = raw();
        if (form == Form.DW_FORM_ref_addr) {
            return value;
        }
        long size = unit.header().end() - unit.header().offset();
        if (value < 0 || value > size) {
            throw in().malformed("a reference of at most " + size + ", not " + Long.toUnsignedString(value));
        }
        return unit.header().offset() + value;
    }

    Optional<Entry> reference() {
        return switch (form) {
            case DW_FORM_ref1, DW_FORM_ref2, DW_FORM_ref4, DW_FORM_ref8, DW_FORM_ref_udata -> Optional.ofNullable(unit.entry(localOffset()));
            case DW_FORM_ref_addr -> Optional.of(unit.dwarf().entry(new Entry.Offset(false, raw())));
            case DW_FORM_ref_sig8 -> unit.dwarf().typeOf(raw());
            case DW_FORM_GNU_ref_alt, DW_FORM_ref_sup4, DW_FORM_ref_sup8 ->
                    unit.dwarf().supplementary().map(file -> file.entry(new Entry.Offset(false, raw())));
            default -> Optional.empty();
        };
    }

    Optional<Cursor> block() {
        Cursor in = in();
        long size = switch (form) {
            case DW_FORM_block, DW_FORM_exprloc -> in.uleb128();
            case DW_FORM_block1 -> in.u8();
            case DW_FORM_block2 -> in.u16();
            case DW_FORM_block4 -> in.u32();
            case DW_FORM_data16 -> 16;
            default -> -1;
        };
        return size < 0 ? Optional.empty() : Optional.of(in.slice(in.position(), size, "location expression").addressSize(in.addressSize()));
    }

    List<Entry.Range> rangeList() {
        if (unit.header().version() >= 5) {
            return RangeList.read5(unit, form == Form.DW_FORM_rnglistx ? unit.rangeList(raw()) : raw());
        }
        return RangeList.read(unit, raw());
    }

    Optional<Expression> locationList(long pc) {
        if (unit.header().version() >= 5) {
            return LocationList.find5(unit, form == Form.DW_FORM_loclistx ? unit.locationList(raw()) : raw(), pc);
        }
        return sectionOffset().isPresent() ? LocationList.find(unit, raw(), pc) : Optional.empty();
    }
}
