package dev.sonde.target;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Constants of the kernel's and the C library's headers that are macros, and so not in BTF: {@code AF_INET}, {@code O_CREAT}, {@code ETIMEDOUT}.
 * They let a script that includes {@code linux/in.h} run on a machine without headers.
 *
 * <p>The tables are texts of lines {@code <header>} and {@code NAME=value NAME=value ...} and are searched as they are, so that a script that
 * names no constant pays nothing. Values are those of the user-space headers of Linux 6.1 and of a few later additions.
 */
public final class UserApi {
    /** Where arm64 differs from x86-64. */
    private static final String ARM64 = """
        <asm-generic/fcntl.h>
        O_DIRECTORY=0x4000 O_NOFOLLOW=0x8000 O_DIRECT=0x10000 O_LARGEFILE=0x20000 O_TMPFILE=0x404000
        <asm/signal.h>
        MINSIGSTKSZ=5120 SIGSTKSZ=16384
        <asm/mman.h>
        PROT_BTI=16 PROT_MTE=32
        """;
    /** What only x86-64 has, or what depends on how an arm64 kernel was built. */
    private static final String NOT_ARM64 = " PAGE_SHIFT PAGE_SIZE MAP_32BIT ARCH_SHSTK ";

    private UserApi() {
    }

    /** The value of {@code name} on the processor this JVM runs on. */
    public static OptionalLong value(String name) {
        return value(name, Host.ARCHITECTURE);
    }

    /** The value of {@code name}; unsigned ones of 64 bits keep their bits. Empty when it is in no table. */
    public static OptionalLong value(String name, Architecture architecture) {
        Place place = find(name, architecture);
        return place == null ? OptionalLong.empty() : OptionalLong.of(number(place.table, place.start + name.length() + 1));
    }

    /** The header that defines {@code name}, such as {@code linux/in.h}. */
    public static Optional<String> header(String name) {
        Place place = find(name, Architecture.X86_64);
        if (place == null) {
            return Optional.empty();
        }
        int open = place.table.lastIndexOf('<', place.start);
        return Optional.of(place.table.substring(open + 1, place.table.indexOf('>', open)));
    }

    private record Place(String table, int start) {}

    private static Place find(String name, Architecture architecture) {
        if (name.isEmpty() || name.indexOf(' ') >= 0 || name.indexOf('=') >= 0) {
            return null;
        }
        if (architecture == Architecture.ARM64) {
            Place own = find(name, ARM64);
            if (own != null || NOT_ARM64.contains(" " + name + " ") || isOfX86(name)) {
                return own;
            }
        }
        Place place = find(name, NetworkConstants.TABLE);
        place = place == null ? find(name, ProcessConstants.TABLE) : place;
        return place == null ? find(name, FileConstants.TABLE) : place;
    }

    private static boolean isOfX86(String name) {
        Place place = find(name, ProcessConstants.TABLE);
        return place != null && place.table.startsWith("<asm/p", place.table.lastIndexOf('<', place.start));
    }

    private static Place find(String name, String table) {
        String key = name.concat("=");
        for (int at = table.indexOf(key); at >= 0; at = table.indexOf(key, at + 1)) {
            if (table.charAt(at - 1) <= ' ') {
                return new Place(table, at);
            }
        }
        return null;
    }

    private static long number(String table, int start) {
        int end = start;
        while (table.charAt(end) > ' ') {
            end++;
        }
        return table.startsWith("0x", start) ? Long.parseUnsignedLong(table, start + 2, end, 16) : Long.parseLong(table, start, end, 10);
    }

    /** Read only when a name is looked up. */
    private static final class Host {
        static final Architecture ARCHITECTURE = System.getProperty("os.arch").equals("aarch64") ? Architecture.ARM64 : Architecture.X86_64;
    }
}
