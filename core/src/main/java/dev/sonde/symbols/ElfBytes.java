package dev.sonde.symbols;

import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.ElfFile;
import dev.sonde.elf.Segment;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A mapped ELF file, which may be a part of another file: shared objects are also loaded straight from an archive in which they lie uncompressed.
 *
 * @param base offset of the ELF file in the file on disk
 */
record ElfBytes(ElfFile elf, long base, Arena arena) implements AutoCloseable {
    private static final int MAGIC = 0x464c457f;
    private static final ValueLayout.OfInt LITTLE_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long PAGE = 4096;
    private static final long LARGEST_PAGE = 1 << 16;
    /** How far before a mapping of an archive its ELF header is looked for, in pages. */
    private static final int MAX_PAGES = 1 << 16;

    /** The ELF file whose code is at {@code mapped} bytes from the start of the file at {@code path}, null when there is none. */
    static ElfBytes open(Path path, long mapped) throws IOException {
        Arena arena = Arena.ofShared();
        ElfBytes found = null;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            found = find(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena), mapped, arena, path.toString());
        } finally {
            if (found == null) {
                arena.close();
            }
        }
        return found;
    }

    /** The ELF file that {@code bytes} are; it is not closed with this. */
    static ElfBytes of(byte[] bytes, String name) {
        return new ElfBytes(ElfFile.of(MemorySegment.ofArray(bytes), name), 0, null);
    }

    private static ElfBytes find(MemorySegment file, long mapped, Arena arena, String name) {
        boolean whole = isElf(file, 0);
        if (whole && hasCode(file, 0, mapped, name)) {
            return new ElfBytes(ElfFile.of(file, name), 0, arena);
        }
        long base = mapped & -PAGE;
        for (int i = 0; i < MAX_PAGES && base > 0; i++, base -= PAGE) {
            if (isElf(file, base) && hasCode(file, base, mapped, name)) {
                return new ElfBytes(ElfFile.of(file.asSlice(base), name), base, arena);
            }
        }
        return whole ? new ElfBytes(ElfFile.of(file, name), 0, arena) : null;
    }

    private static boolean isElf(MemorySegment file, long at) {
        return at <= file.byteSize() - Integer.BYTES && file.get(LITTLE_INT, at) == MAGIC;
    }

    /** Whether a segment of code of the ELF file at {@code base} lies at {@code mapped}, which is rounded down to a page of whatever size. */
    private static boolean hasCode(MemorySegment file, long base, long mapped, String name) {
        try {
            for (Segment segment : ElfFile.of(file.asSlice(base), name).segments()) {
                long from = segment.offset() & -LARGEST_PAGE;
                if (segment.isExecutable() && Long.compareUnsigned(mapped - base - from, segment.offset() - from + segment.fileSize()) < 0) {
                    return true;
                }
            }
            return false;
        } catch (MalformedException e) {
            return false;
        }
    }

    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }
}
