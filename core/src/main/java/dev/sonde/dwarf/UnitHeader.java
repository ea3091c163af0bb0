package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;

/**
 * The head of a unit (DWARF 5 §7.5.1, DWARF 4 §7.5.1).
 *
 * <pre>
 * UnitHeader --&gt; InitialLength version:u16=2..4 debug_abbrev_offset:offset address_size:u8 TypePart?            DWARF 2 to 4
 *              | InitialLength version:u16=5 unit_type:u8 address_size:u8 debug_abbrev_offset:offset Extra       DWARF 5
 * InitialLength --&gt; length:u32 | 0xffffffff length:u64    (the second makes every offset 8 bytes wide: §7.4)
 * Extra      --&gt; (nothing) | dwo_id:u64 for a skeleton or split unit | TypePart for a type unit
 * TypePart   --&gt; type_signature:u64 type_offset:offset    (DWARF 4: in .debug_types only)
 * </pre>
 *
 * @param offset of the unit in its section
 * @param end offset after the unit
 * @param offsetSize 4 or 8
 * @param kind {@code DW_UT_*}
 * @param abbrevOffset where its table is in {@code .debug_abbrev}
 * @param signature of a type unit
 * @param typeOffset of a type unit: its type's entry, counted from the unit
 * @param firstEntry offset of its first entry in the section
 */
record UnitHeader(boolean types, long offset, long end, int version, int offsetSize, int addressSize, int kind, long abbrevOffset, long signature,
        long typeOffset, long firstEntry) {
    static final int DW_UT_compile = 1;
    static final int DW_UT_type = 2;
    static final int DW_UT_skeleton = 4;
    static final int DW_UT_split_compile = 5;
    static final int DW_UT_split_type = 6;
    private static final long WIDE = 0xffffffffL;
    private static final long RESERVED = 0xfffffff0L;

    /** Reads the initial length at the cursor: the size of an offset; the cursor is then at the length's end. */
    static int offsetSize(Cursor in) {
        long first = in.at(in.position()).u32();
        if (first >= RESERVED && first != WIDE) {
            throw in.malformed("a length below 0xfffffff0 or the mark of 64-bit DWARF");
        }
        return first == WIDE ? 8 : 4;
    }

    /** Reads an initial length: the bytes that follow it, which are there. */
    static long length(Cursor in) {
        int size = offsetSize(in);
        if (size == 8) {
            in.skip(4);
        }
        long length = in.unsigned(size);
        if (length < 0 || length > in.remaining()) {
            throw in.malformed("a length of at most " + in.remaining() + " bytes, not " + Long.toUnsignedString(length));
        }
        return length;
    }

    /** The end of the unit at the cursor, whose header is not looked at. */
    static long end(Cursor in) {
        long length = length(in);
        return in.position() + length;
    }

    static UnitHeader read(Cursor in, boolean types) {
        long offset = in.position();
        int offsetSize = offsetSize(in);
        long length = length(in);
        long end = in.position() + length;
        int version = in.u16();
        if (version < 2 || version > 5) {
            throw in.malformed("DWARF 2 to 5, not " + version);
        }
        int kind = version == 5 ? in.u8() : types ? DW_UT_type : DW_UT_compile;
        int addressSize = version == 5 ? in.u8() : 0;
        long abbrev = in.unsigned(offsetSize);
        addressSize = version == 5 ? addressSize : in.u8();
        if (addressSize != 4 && addressSize != 8) {
            throw in.malformed("an address size of 4 or 8, not " + addressSize);
        }
        boolean typed = kind == DW_UT_type || kind == DW_UT_split_type;
        boolean split = kind == DW_UT_skeleton || kind == DW_UT_split_compile;
        long signature = typed || split ? in.s64() : 0;
        long typeOffset = typed ? in.unsigned(offsetSize) : 0;
        return new UnitHeader(types, offset, end, version, offsetSize, addressSize, kind, abbrev, signature, typeOffset, in.position());
    }

    /** The same for a table of another width. */
    UnitHeader with(int otherOffsetSize) {
        return new UnitHeader(types, offset, end, version, otherOffsetSize, addressSize, kind, abbrevOffset, signature, typeOffset, firstEntry);
    }

    boolean isType() {
        return kind == DW_UT_type;
    }
}
