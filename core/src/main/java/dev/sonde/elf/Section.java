package dev.sonde.elf;

/**
 * One section header (gABI "Sections").
 *
 * @param index place in the section header table
 * @param name name from the section name string table; empty for the null section
 * @param type {@code SHT_*}
 * @param flags {@code SHF_*} bits
 * @param address virtual address in memory, 0 when not loaded
 * @param offset bytes from the start of the file
 * @param size bytes; a section of type {@link #SHT_NOBITS} has none of them in the file
 * @param link index of an associated section, such as the string table of a symbol table
 * @param info extra number whose meaning depends on the type
 * @param alignment alignment of {@code address} in bytes, 0 or 1 for none
 * @param entrySize bytes of one entry of a table, or 0
 */
public record Section(int index, String name, int type, long flags, long address, long offset, long size, int link, int info,
                      long alignment, long entrySize) {
    public static final int SHT_SYMTAB = 2;
    public static final int SHT_STRTAB = 3;
    public static final int SHT_RELA = 4;
    public static final int SHT_DYNAMIC = 6;
    public static final int SHT_NOTE = 7;
    public static final int SHT_NOBITS = 8;
    public static final int SHT_DYNSYM = 11;
    public static final int SHT_SYMTAB_SHNDX = 18;
    public static final int SHT_GNU_VERDEF = 0x6ffffffd;
    public static final int SHT_GNU_VERNEED = 0x6ffffffe;
    public static final int SHT_GNU_VERSYM = 0x6fffffff;
    public static final long SHF_ALLOC = 2;
    public static final long SHF_EXECINSTR = 4;
    public static final long SHF_COMPRESSED = 0x800;

    /** Whether the bytes are in this file. */
    public boolean inFile() {
        return type != SHT_NOBITS;
    }

    /** Whether the section is loaded into memory. */
    public boolean isAllocated() {
        return (flags & SHF_ALLOC) != 0;
    }

    /** Whether the section holds machine code. */
    public boolean isExecutable() {
        return (flags & SHF_EXECINSTR) != 0;
    }

    /** Whether the section is loaded and covers {@code vaddr}. */
    public boolean covers(long vaddr) {
        return isAllocated() && Long.compareUnsigned(vaddr - address, size) < 0;
    }
}
