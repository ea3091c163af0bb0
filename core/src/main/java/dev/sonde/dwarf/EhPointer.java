package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;

/**
 * Pointers as {@code .eh_frame} encodes them (Linux Standard Base, Core, "DWARF Exception Header Encoding"): one byte says how the value is stored
 * in its low four bits, and what is added to it in the next three.
 *
 * @param address virtual address of the cursor's first byte
 * @param text what {@code DW_EH_PE_textrel} values count from
 * @param data what {@code DW_EH_PE_datarel} values count from
 */
record EhPointer(long address, long text, long data) {
    static final int DW_EH_PE_omit = 0xff;
    static final int DW_EH_PE_absptr = 0;
    private static final int DW_EH_PE_uleb128 = 1;
    private static final int DW_EH_PE_udata2 = 2;
    private static final int DW_EH_PE_udata4 = 3;
    private static final int DW_EH_PE_udata8 = 4;
    private static final int DW_EH_PE_signed = 8;
    private static final int DW_EH_PE_sleb128 = 9;
    private static final int DW_EH_PE_sdata2 = 0xa;
    private static final int DW_EH_PE_sdata4 = 0xb;
    private static final int DW_EH_PE_sdata8 = 0xc;
    private static final int DW_EH_PE_pcrel = 0x10;
    private static final int DW_EH_PE_textrel = 0x20;
    private static final int DW_EH_PE_datarel = 0x30;
    private static final int DW_EH_PE_aligned = 0x50;
    private static final int APPLICATION = 0x70;

    /** The value at the cursor, with what the encoding adds. The address that an indirect one would be read from is given as it is. */
    long read(Cursor in, int encoding) {
        if ((encoding & APPLICATION) == DW_EH_PE_aligned) {
            return in.skip(-(address + in.position()) & in.addressSize() - 1).address();
        }
        long base = switch (encoding & APPLICATION) {
            case 0 -> 0;
            case DW_EH_PE_pcrel -> address + in.position();
            case DW_EH_PE_textrel -> text;
            case DW_EH_PE_datarel -> data;
            default -> throw in.malformed("a pointer encoding, not 0x" + Integer.toHexString(encoding));
        };
        return cut(in, base + value(in, encoding));
    }

    /** The value at the cursor without anything added: how a range is stored. */
    static long value(Cursor in, int encoding) {
        return switch (encoding & 0xf) {
            case DW_EH_PE_absptr -> in.address();
            case DW_EH_PE_uleb128 -> in.uleb128();
            case DW_EH_PE_udata2 -> in.u16();
            case DW_EH_PE_udata4 -> in.u32();
            case DW_EH_PE_udata8, DW_EH_PE_sdata8 -> in.s64();
            case DW_EH_PE_signed -> in.addressSize() == 8 ? in.s64() : in.s32();
            case DW_EH_PE_sleb128 -> in.sleb128();
            case DW_EH_PE_sdata2 -> (short) in.u16();
            case DW_EH_PE_sdata4 -> in.s32();
            default -> throw in.malformed("a pointer encoding, not 0x" + Integer.toHexString(encoding));
        };
    }

    /** The same for bytes that start {@code offset} further. */
    EhPointer plus(long offset) {
        return new EhPointer(address + offset, text, data);
    }

    private static long cut(Cursor in, long value) {
        return in.addressSize() == 4 ? value & 0xffff_ffffL : value;
    }
}
