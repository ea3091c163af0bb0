package dev.sonde.dwarf;

/** What a value says of its entry (DWARF 5 §7.5.4, table 7.5); those that Sonde looks at. */
public enum Attribute {
    DW_AT_sibling(0x01),
    DW_AT_location(0x02),
    DW_AT_name(0x03),
    DW_AT_byte_size(0x0b),
    /** DWARF 3 and before; counts from the most significant bit. */
    DW_AT_bit_offset(0x0c),
    DW_AT_bit_size(0x0d),
    DW_AT_stmt_list(0x10),
    DW_AT_low_pc(0x11),
    DW_AT_high_pc(0x12),
    DW_AT_language(0x13),
    DW_AT_comp_dir(0x1b),
    DW_AT_const_value(0x1c),
    DW_AT_inline(0x20),
    DW_AT_producer(0x25),
    DW_AT_upper_bound(0x2f),
    DW_AT_abstract_origin(0x31),
    DW_AT_artificial(0x34),
    DW_AT_calling_convention(0x36),
    DW_AT_count(0x37),
    DW_AT_data_member_location(0x38),
    DW_AT_declaration(0x3c),
    DW_AT_encoding(0x3e),
    DW_AT_external(0x3f),
    DW_AT_frame_base(0x40),
    DW_AT_specification(0x47),
    DW_AT_type(0x49),
    DW_AT_variable_parameter(0x4b),
    DW_AT_virtuality(0x4c),
    DW_AT_entry_pc(0x52),
    DW_AT_ranges(0x55),
    DW_AT_object_pointer(0x64),
    DW_AT_signature(0x69),
    DW_AT_data_bit_offset(0x6b),
    DW_AT_enum_class(0x6d),
    DW_AT_linkage_name(0x6e),
    DW_AT_str_offsets_base(0x72),
    DW_AT_addr_base(0x73),
    DW_AT_rnglists_base(0x74),
    DW_AT_dwo_name(0x76),
    DW_AT_deleted(0x8a),
    DW_AT_defaulted(0x8b),
    DW_AT_loclists_base(0x8c),
    /** GCC before DWARF 4 had a linkage name. */
    DW_AT_MIPS_linkage_name(0x2007),
    /** Split DWARF before DWARF 5. */
    DW_AT_GNU_dwo_name(0x2130),
    /** Every other one. */
    OTHER(0);

    private static final Attribute[] BY_CODE = new Attribute[0x8d];

    static {
        for (Attribute attribute : values()) {
            if (attribute.code < BY_CODE.length) {
                BY_CODE[attribute.code] = attribute;
            }
        }
    }

    private final int code;

    Attribute(int code) {
        this.code = code;
    }

    static Attribute of(long code) {
        if (code >= 0 && code < BY_CODE.length) {
            Attribute attribute = BY_CODE[(int) code];
            return attribute == null ? OTHER : attribute;
        }
        return code == DW_AT_MIPS_linkage_name.code ? DW_AT_MIPS_linkage_name : code == DW_AT_GNU_dwo_name.code ? DW_AT_GNU_dwo_name : OTHER;
    }
}
