package dev.sonde.linux;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import dev.sonde.target.Architecture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The libraries that the dynamic linker knows, from {@code /etc/ld.so.cache} (ldconfig(8); glibc's {@code dl-cache.h}).
 *
 * <pre>
 * file:  (old table)? header entry[nlibs] strings ...
 * header: magic "glibc-ld.so.cache1.1" nlibs:u32 len_strings:u32 flags:u8 pad:u8[3] extension_offset:u32 unused:u32[3]
 * entry: flags:s32 key:u32 value:u32 osversion:u32 hwcap:u64     key and value are offsets of strings from the header
 * </pre>
 */
final class LdCache {
    private static final byte[] MAGIC = "glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 48;
    private static final int ENTRY = 24;
    private static final int FLAG_ELF_LIBC6 = 3;
    private static final int FLAG_X8664_LIB64 = 0x0300;
    private static final int FLAG_AARCH64_LIB64 = 0x0a00;

    private final List<Library> libraries;

    private LdCache(List<Library> libraries) {
        this.libraries = libraries;
    }

    /** A library: its soname and where it is. {@code hwcap} is not 0 for one that only some processors can use. */
    record Library(String name, String path, long hwcap) {}

    /** The 64-bit libraries of a processor; none when the file is not there or is no such cache. */
    static LdCache read(String path, Architecture architecture) {
        return parse(PseudoFile.bytes(path).orElse(new byte[0]), architecture);
    }

    static LdCache parse(byte[] bytes, Architecture architecture) {
        int flags = FLAG_ELF_LIBC6 | (architecture == Architecture.X86_64 ? FLAG_X8664_LIB64 : FLAG_AARCH64_LIB64);
        List<Library> libraries = new ArrayList<>();
        int start = header(bytes);
        try {
            if (start >= 0) {
                Cursor file = Cursor.of(bytes, "ld.so.cache");
                parse(file.slice(start, file.size() - start, "ld.so.cache"), flags, libraries);
            }
        } catch (MalformedException e) {
            // A cache that is being rewritten: what was read so far is good.
            return new LdCache(libraries);
        }
        return new LdCache(libraries);
    }

    private static void parse(Cursor table, int flags, List<Library> libraries) {
        long count = table.at(MAGIC.length).u32();
        for (long i = 0; i < count; i++) {
            Cursor entry = table.at(HEADER + i * ENTRY);
            int entryFlags = entry.s32();
            long key = entry.u32();
            long value = entry.u32();
            long hwcap = entry.skip(4).s64();
            if (entryFlags == flags) {
                libraries.add(new Library(table.stringAt(key), table.stringAt(value), hwcap));
            }
        }
    }

    /** Where the table begins; an older one may be before it. */
    private static int header(byte[] bytes) {
        for (int at = 0; at + HEADER <= bytes.length; at += 4) {
            int same = 0;
            while (same < MAGIC.length && bytes[at + same] == MAGIC[same]) {
                same++;
            }
            if (same == MAGIC.length) {
                return at;
            }
        }
        return -1;
    }

    /** All libraries, in the order of the cache, which has later versions first. */
    List<Library> libraries() {
        return libraries;
    }
}
