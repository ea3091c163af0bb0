package dev.sonde.btf;

/** The kinds of BTF types, spelled and numbered as in {@code linux/btf.h}; a constant's ordinal is its wire number. */
public enum BtfKind {
    /** Type id 0, {@code void}; no type in a section is of this kind. */
    UNKN,
    INT,
    PTR,
    ARRAY,
    STRUCT,
    UNION,
    ENUM,
    FWD,
    TYPEDEF,
    VOLATILE,
    CONST,
    RESTRICT,
    FUNC,
    FUNC_PROTO,
    /** Since Linux 5.2, as {@link #DATASEC}. */
    VAR,
    DATASEC,
    /** Since Linux 5.13. */
    FLOAT,
    /** Since Linux 5.16. */
    DECL_TAG,
    /** Since Linux 5.17. */
    TYPE_TAG,
    /** Since Linux 6.0. */
    ENUM64;

    private static final BtfKind[] BY_NUMBER = values();

    /** How many kinds there are; wire numbers are below it. */
    static final int COUNT = BY_NUMBER.length;

    /** The kind with wire number {@code number}, which is below {@link #COUNT}. */
    static BtfKind of(int number) {
        return BY_NUMBER[number];
    }
}
