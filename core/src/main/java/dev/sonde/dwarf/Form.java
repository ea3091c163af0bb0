package dev.sonde.dwarf;

/** How a value is written (DWARF 5 §7.5.6, table 7.6). */
enum Form {
    DW_FORM_addr(0x01),
    DW_FORM_block2(0x03),
    DW_FORM_block4(0x04),
    DW_FORM_data2(0x05),
    DW_FORM_data4(0x06),
    DW_FORM_data8(0x07),
    DW_FORM_string(0x08),
    DW_FORM_block(0x09),
    DW_FORM_block1(0x0a),
    DW_FORM_data1(0x0b),
    DW_FORM_flag(0x0c),
    DW_FORM_sdata(0x0d),
    DW_FORM_strp(0x0e),
    DW_FORM_udata(0x0f),
    DW_FORM_ref_addr(0x10),
    DW_FORM_ref1(0x11),
    DW_FORM_ref2(0x12),
    DW_FORM_ref4(0x13),
    DW_FORM_ref8(0x14),
    DW_FORM_ref_udata(0x15),
    DW_FORM_indirect(0x16),
    DW_FORM_sec_offset(0x17),
    DW_FORM_exprloc(0x18),
    DW_FORM_flag_present(0x19),
    DW_FORM_strx(0x1a),
    DW_FORM_addrx(0x1b),
    DW_FORM_ref_sup4(0x1c),
    DW_FORM_strp_sup(0x1d),
    DW_FORM_data16(0x1e),
    DW_FORM_line_strp(0x1f),
    DW_FORM_ref_sig8(0x20),
    DW_FORM_implicit_const(0x21),
    DW_FORM_loclistx(0x22),
    DW_FORM_rnglistx(0x23),
    DW_FORM_ref_sup8(0x24),
    DW_FORM_strx1(0x25),
    DW_FORM_strx2(0x26),
    DW_FORM_strx3(0x27),
    DW_FORM_strx4(0x28),
    DW_FORM_addrx1(0x29),
    DW_FORM_addrx2(0x2a),
    DW_FORM_addrx3(0x2b),
    DW_FORM_addrx4(0x2c),
    /** In a supplementary file that dwz made. */
    DW_FORM_GNU_ref_alt(0x1f20),
    DW_FORM_GNU_strp_alt(0x1f21);

    private static final Form[] BY_CODE = new Form[0x2d];

    static {
        for (Form form : values()) {
            if (form.code < BY_CODE.length) {
                BY_CODE[form.code] = form;
            }
        }
    }

    private final int code;

    Form(int code) {
        this.code = code;
    }

    /** The form of that number; null for one that is unknown, after which nothing can be read. */
    static Form of(long code) {
        if (code >= 0 && code < BY_CODE.length) {
            return BY_CODE[(int) code];
        }
        return code == DW_FORM_GNU_ref_alt.code ? DW_FORM_GNU_ref_alt : code == DW_FORM_GNU_strp_alt.code ? DW_FORM_GNU_strp_alt : null;
    }

    /** Bytes that a value takes; -1 when that depends on the value. */
    int size(int addressSize, int offsetSize, int version) {
        return switch (this) {
            case DW_FORM_flag_present, DW_FORM_implicit_const -> 0;
            case DW_FORM_data1, DW_FORM_ref1, DW_FORM_flag, DW_FORM_strx1, DW_FORM_addrx1 -> 1;
            case DW_FORM_data2, DW_FORM_ref2, DW_FORM_strx2, DW_FORM_addrx2 -> 2;
            case DW_FORM_strx3, DW_FORM_addrx3 -> 3;
            case DW_FORM_data4, DW_FORM_ref4, DW_FORM_strx4, DW_FORM_addrx4, DW_FORM_ref_sup4 -> 4;
            case DW_FORM_data8, DW_FORM_ref8, DW_FORM_ref_sig8, DW_FORM_ref_sup8 -> 8;
            case DW_FORM_data16 -> 16;
            case DW_FORM_addr -> addressSize;
            case DW_FORM_ref_addr -> version <= 2 ? addressSize : offsetSize;
            case DW_FORM_strp, DW_FORM_sec_offset, DW_FORM_line_strp, DW_FORM_strp_sup, DW_FORM_GNU_ref_alt, DW_FORM_GNU_strp_alt -> offsetSize;
            case DW_FORM_block, DW_FORM_block1, DW_FORM_block2, DW_FORM_block4, DW_FORM_exprloc, DW_FORM_string, DW_FORM_sdata, DW_FORM_udata,
                    DW_FORM_ref_udata, DW_FORM_indirect, DW_FORM_strx, DW_FORM_addrx, DW_FORM_loclistx, DW_FORM_rnglistx -> -1;
        };
    }
}
