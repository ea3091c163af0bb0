package dev.sonde.gosym;

import dev.sonde.bytes.Cursor;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongFunction;

/**
 * The build information of a Go binary, in section {@code .go.buildinfo} (since Go 1.13).
 *
 * <pre>
 * "\xff Go buildinf:", ptrSize u8, flags u8 (1 = big-endian, 2 = strings inline)
 * inline, since 1.18: at 32: uvarint size, Go version, uvarint size, module information
 * before:             at 16: pointers to two Go strings (pointer, length): Go version, module information
 * </pre>
 *
 * @param goVersion such as {@code go1.19.8} or {@code devel go1.27-abc}
 * @param path package path of the main package; empty in a build without module information
 * @param module module of the main package; empty likewise
 * @param moduleVersion its version, such as {@code (devel)}; empty likewise
 * @param settings what the build was told, such as {@code CGO_ENABLED} or {@code vcs.revision}, in order; since Go 1.18
 */
public record BuildInfo(String goVersion, String path, String module, String moduleVersion, Map<String, String> settings) {
    private static final String MAGIC = " Go buildinf:";
    private static final int ALIGNMENT = 16;
    private static final int HEADER = 32;
    private static final int SENTINEL = 16;
    private static final long MAX_STRING = 1 << 20;

    public BuildInfo {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /**
     * Finds and reads the build information in {@code section}.
     *
     * @param atAddress for a virtual address, a cursor that starts there, or null when the file does not have it; used before Go 1.18
     */
    public static Optional<BuildInfo> read(Cursor section, LongFunction<Cursor> atAddress) {
        for (long at = 0; at + HEADER <= section.size(); at += ALIGNMENT) {
            Cursor in = section.at(at);
            if (isMagic(in)) {
                int pointer = in.u8();
                int flags = in.u8();
                return Optional.of((flags & 2) != 0 ? inline(section.at(at + HEADER)) : pointed(section, at, pointer, flags, atAddress));
            }
        }
        return Optional.empty();
    }

    private static boolean isMagic(Cursor in) {
        if (in.u8() != 0xff) {
            return false;
        }
        for (int i = 0; i < MAGIC.length(); i++) {
            if (in.u8() != MAGIC.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static BuildInfo inline(Cursor in) {
        String version = string(in, in.uleb128());
        return of(version, string(in, in.uleb128()));
    }

    private static BuildInfo pointed(Cursor section, long at, int pointer, int flags, LongFunction<Cursor> atAddress) {
        ByteOrder order = (flags & 1) != 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Cursor in = section.at(at + 16).order(order).addressSize(pointer);
        String version = goString(in, atAddress);
        return of(version, goString(in, atAddress));
    }

    /** The string whose header the next pointer of {@code in} points to. */
    private static String goString(Cursor in, LongFunction<Cursor> atAddress) {
        long address = in.address();
        if (address == 0) {
            return "";
        }
        Cursor header = bytesAt(address, in, atAddress).order(in.order()).addressSize(in.addressSize());
        long data = header.address();
        long size = header.address();
        return size == 0 ? "" : string(bytesAt(data, in, atAddress), size);
    }

    private static Cursor bytesAt(long address, Cursor in, LongFunction<Cursor> atAddress) {
        Cursor bytes = atAddress.apply(address);
        if (bytes == null) {
            throw in.malformed("before it an address in the file, not 0x" + Long.toHexString(address));
        }
        return bytes;
    }

    private static String string(Cursor in, long size) {
        if (size < 0 || size > MAX_STRING) {
            throw in.malformed("a string of at most " + MAX_STRING + " bytes, not " + Long.toUnsignedString(size));
        }
        return new String(in.bytes(size), StandardCharsets.UTF_8);
    }

    /** Module information is text lines between two sentinels of 16 bytes. */
    private static BuildInfo of(String version, String framed) {
        String text = framed.length() >= 2 * SENTINEL ? framed : "";
        String path = "";
        String module = "";
        String moduleVersion = "";
        Map<String, String> settings = new LinkedHashMap<>();
        int start = text.indexOf("path\t");
        for (int end; start >= 0 && (end = text.indexOf('\n', start)) >= 0; start = end + 1) {
            String line = text.substring(start, end);
            if (line.startsWith("path\t")) {
                path = field(line, 1);
            } else if (line.startsWith("mod\t")) {
                module = field(line, 1);
                moduleVersion = field(line, 2);
            } else if (line.startsWith("build\t")) {
                addSetting(line, settings);
            }
        }
        return new BuildInfo(version, path, module, moduleVersion, settings);
    }

    private static void addSetting(String line, Map<String, String> settings) {
        int equals = line.indexOf('=');
        if (equals > 6) {
            settings.put(line.substring(6, equals), unquoted(line.substring(equals + 1)));
        }
    }

    private static String unquoted(String value) {
        char first = value.isEmpty() ? 0 : value.charAt(0);
        boolean quoted = value.length() >= 2 && (first == '"' || first == '`') && first == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static String field(String line, int number) {
        int start = 0;
        for (int i = 0; i < number; i++) {
            start = line.indexOf('\t', start) + 1;
            if (start == 0) {
                return "";
            }
        }
        int end = line.indexOf('\t', start);
        return end < 0 ? line.substring(start) : line.substring(start, end);
    }

    /** The minor Go version, 19 for {@code go1.19.8}; empty when the version is written in another way. */
    public OptionalInt minor() {
        int at = goVersion.indexOf("go1.");
        int end = at < 0 ? 0 : at + 4;
        int minor = 0;
        while (at >= 0 && end < goVersion.length() && end < at + 7 && Character.isDigit(goVersion.charAt(end))) {
            minor = 10 * minor + goVersion.charAt(end++) - '0';
        }
        return at < 0 || end == at + 4 ? OptionalInt.empty() : OptionalInt.of(minor);
    }
}
