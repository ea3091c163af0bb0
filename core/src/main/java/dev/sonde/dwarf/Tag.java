package dev.sonde.dwarf;

/** What an entry stands for (DWARF 5 §7.5.3, table 7.3); those that Sonde looks at. */
public enum Tag {
    DW_TAG_array_type(0x01),
    DW_TAG_class_type(0x02),
    DW_TAG_enumeration_type(0x04),
    DW_TAG_formal_parameter(0x05),
    DW_TAG_lexical_block(0x0b),
    DW_TAG_member(0x0d),
    DW_TAG_pointer_type(0x0f),
    DW_TAG_reference_type(0x10),
    DW_TAG_compile_unit(0x11),
    DW_TAG_structure_type(0x13),
    DW_TAG_subroutine_type(0x15),
    DW_TAG_typedef(0x16),
    DW_TAG_union_type(0x17),
    DW_TAG_unspecified_parameters(0x18),
    DW_TAG_inheritance(0x1c),
    DW_TAG_inlined_subroutine(0x1d),
    DW_TAG_module(0x1e),
    DW_TAG_ptr_to_member_type(0x1f),
    DW_TAG_subrange_type(0x21),
    DW_TAG_base_type(0x24),
    DW_TAG_const_type(0x26),
    DW_TAG_enumerator(0x28),
    DW_TAG_subprogram(0x2e),
    DW_TAG_try_block(0x32),
    DW_TAG_variable(0x34),
    DW_TAG_volatile_type(0x35),
    DW_TAG_restrict_type(0x37),
    DW_TAG_namespace(0x39),
    DW_TAG_unspecified_type(0x3b),
    DW_TAG_partial_unit(0x3c),
    DW_TAG_imported_unit(0x3d),
    DW_TAG_type_unit(0x41),
    DW_TAG_rvalue_reference_type(0x42),
    DW_TAG_atomic_type(0x47),
    DW_TAG_skeleton_unit(0x4a),
    /** Every other one. */
    OTHER(0);

    private static final Tag[] BY_CODE = new Tag[0x4b];

    static {
        for (Tag tag : values()) {
            BY_CODE[tag.code] = tag;
        }
    }

    private final int code;

    Tag(int code) {
        this.code = code;
    }

    static Tag of(long code) {
        Tag tag = code >= 0 && code < BY_CODE.length ? BY_CODE[(int) code] : null;
        return tag == null ? OTHER : tag;
    }

    /** Whether other entries name it as their scope: a unit, a namespace, a struct or class. */
    boolean isScope() {
        return this == DW_TAG_namespace || this == DW_TAG_module || isAggregate();
    }

    /** Whether it is a struct, class or union. */
    public boolean isAggregate() {
        return this == DW_TAG_structure_type || this == DW_TAG_class_type || this == DW_TAG_union_type;
    }
}
