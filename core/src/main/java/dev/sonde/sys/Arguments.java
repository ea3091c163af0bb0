package dev.sonde.sys;

import java.lang.foreign.MemorySegment;

/**
 * Where a {@link Syscall} puts its arguments: registers in order, then the fields of the one structure it passes by pointer. Each value comes
 * with the name the kernel's headers give it, so the same description serves the call itself ({@link CallBuffer}) and its trace line
 * ({@link Trace}). A null segment, text or array is a null pointer. Field offsets are bytes from the start of the structure.
 */
interface Arguments {
    /** The next register, a number. */
    void value(String name, long value);

    /** The next register, a number that has a name of its own, such as a command. */
    void constant(String spelling, long value);

    /** The next register, a pointer to memory the kernel may read and write during the call. */
    void pointer(String name, MemorySegment memory);

    /** The next register, a pointer to a copy of {@code text} with a final NUL. */
    void text(String name, String text);

    /** The next register, a pointer to a zeroed structure of {@code size} bytes (at most 160), whose fields follow. */
    void structure(String name, int size);

    void u32(int offset, String name, int value);

    void u64(int offset, String name, long value);

    void pointer(int offset, String name, MemorySegment memory);

    void text(int offset, String name, String text);

    /** A pointer to copies of all {@code texts}. */
    void texts(int offset, String name, String[] texts);

    /** A pointer to a copy of {@code bytes}. */
    void bytes(int offset, String name, byte[] bytes);

    /** A pointer to a copy of {@code values} as u64. */
    void longs(int offset, String name, long[] values);

    /** A char[16] that names a kernel object. */
    void objectName(int offset, String name, String text);
}
