package dev.sonde.elf;

/**
 * One program header (gABI "Program Header").
 *
 * @param type {@code PT_*}
 * @param flags {@code PF_*} bits
 * @param offset bytes from the start of the file
 * @param vaddr virtual address of the first byte
 * @param fileSize bytes in the file
 * @param memorySize bytes in memory; those past {@code fileSize} are zero
 * @param alignment alignment of {@code vaddr} and {@code offset} in bytes
 */
public record Segment(int type, int flags, long offset, long vaddr, long fileSize, long memorySize, long alignment) {
    public static final int PT_LOAD = 1;
    public static final int PT_DYNAMIC = 2;
    public static final int PT_INTERP = 3;
    public static final int PT_NOTE = 4;
    public static final int PT_TLS = 7;
    public static final int PT_GNU_EH_FRAME = 0x6474e550;
    public static final int PF_X = 1;
    public static final int PF_W = 2;
    public static final int PF_R = 4;

    /** Whether the segment is loaded as code. */
    public boolean isExecutable() {
        return type == PT_LOAD && (flags & PF_X) != 0;
    }

    /** Whether this is a loaded segment that has the byte at {@code address} in the file. */
    boolean loads(long address) {
        return type == PT_LOAD && Long.compareUnsigned(address - vaddr, fileSize) < 0;
    }

    /** Whether this is a loaded segment that has the byte at file offset {@code position}. */
    boolean loadsOffset(long position) {
        return type == PT_LOAD && Long.compareUnsigned(position - offset, fileSize) < 0;
    }
}
