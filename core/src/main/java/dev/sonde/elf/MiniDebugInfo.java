package dev.sonde.elf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import org.tukaani.xz.XZInputStream;

/**
 * MiniDebugInfo: an ELF file with only a symbol table, compressed with XZ into the section {@code .gnu_debugdata} (GDB manual,
 * "Debugging information in a special section"). It names the functions that are in no dynamic symbol table.
 */
final class MiniDebugInfo {
    private static final String SECTION = ".gnu_debugdata";
    private static final int MAX_SIZE = 256 << 20;
    private static final int MAX_DICTIONARY_KIB = 128 << 10;

    private MiniDebugInfo() {
    }

    /** The file inside {@code elf}, in memory; its addresses are those of {@code elf}. */
    static Optional<ElfFile> read(ElfFile elf) {
        return elf.section(SECTION).filter(Section::inFile).map(section -> unpack(elf.raw(section)));
    }

    private static ElfFile unpack(Cursor raw) {
        byte[] compressed = raw.bytes(raw.size());
        try (XZInputStream in = new XZInputStream(new ByteArrayInputStream(compressed), MAX_DICTIONARY_KIB)) {
            return ElfFile.of(MemorySegment.ofArray(readAll(in)), SECTION);
        } catch (IOException e) {
            throw new MalformedException(SECTION, 0, "an XZ stream; " + e.getMessage());
        }
    }

    private static byte[] readAll(XZInputStream in) throws IOException {
        byte[] out = new byte[1 << 16];
        int size = 0;
        for (int count = in.read(out, 0, out.length); count > 0; count = in.read(out, size, out.length - size)) {
            size += count;
            if (size == out.length) {
                if (size >= MAX_SIZE) {
                    throw new IOException("more than " + MAX_SIZE + " bytes inside");
                }
                out = Arrays.copyOf(out, 2 * size);
            }
        }
        return Arrays.copyOf(out, size);
    }
}
