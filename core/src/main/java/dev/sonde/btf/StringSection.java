package dev.sonde.btf;

import dev.sonde.bytes.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The string section: NUL-terminated strings, named by their offset. Offsets below the base's size are the base's.
 *
 * <p>Names are compared as bytes in place, since a lookup looks at tens of thousands of them.
 */
final class StringSection {
    private static final String SECTION = "BTF strings";
    // The kernel allows 512 bytes. Hostile input could name one long string many times.
    private static final int LONGEST = 4096;

    private final StringSection base;
    private final byte[] bytes;
    private final int from;
    private final int to;
    private final int start;

    /** The strings in {@code bytes} from {@code from} to {@code to}; {@code base} is null unless they belong to split BTF. */
    StringSection(StringSection base, byte[] bytes, int from, int to) {
        this.base = base;
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.start = base == null ? 0 : base.end();
        boolean splitWithout = base != null && from == to;
        if (!splitWithout && (from == to || bytes[to - 1] != 0)) {
            throw new MalformedException(SECTION, to - from, "a string section that ends with a NUL");
        }
        if (base == null && bytes[from] != 0) {
            throw new MalformedException(SECTION, 0, "the empty string first");
        }
    }

    /** The first offset past this section. */
    int end() {
        return start + to - from;
    }

    /** The string at {@code offset}, read as UTF-8. */
    String get(int offset) {
        if (offset == 0) {
            return "";
        }
        StringSection owner = ownerOf(offset);
        int first = owner.indexOf(offset);
        int last = first;
        while (owner.bytes[last] != 0) {
            if (++last - first > LONGEST) {
                throw new MalformedException(SECTION, offset, "a name of at most " + LONGEST + " bytes");
            }
        }
        return new String(owner.bytes, first, last - first, StandardCharsets.UTF_8);
    }

    /** Whether the string at {@code offset} is {@code name}. */
    boolean is(int offset, byte[] name) {
        StringSection owner = ownerOf(offset);
        int first = owner.indexOf(offset);
        // The end first: kernel names share prefixes far more often than lengths.
        return name.length < owner.to - first && owner.bytes[first + name.length] == 0
            && Arrays.equals(owner.bytes, first, first + name.length, name, 0, name.length);
    }

    /** Whether the string at {@code offset} matches {@code glob}, where {@code *} stands for any bytes. */
    boolean matches(int offset, byte[] glob) {
        StringSection owner = ownerOf(offset);
        byte[] text = owner.bytes;
        int at = owner.indexOf(offset);
        int wanted = 0;
        int star = -1;
        int retry = 0;
        while (text[at] != 0) {
            if (wanted < glob.length && glob[wanted] == '*') {
                star = wanted++;
                retry = at;
            } else if (wanted < glob.length && glob[wanted] == text[at]) {
                wanted++;
                at++;
            } else if (star >= 0) {
                wanted = star + 1;
                at = ++retry;
            } else {
                return false;
            }
        }
        return onlyStarsFrom(glob, wanted);
    }

    private static boolean onlyStarsFrom(byte[] glob, int from) {
        for (int i = from; i < glob.length; i++) {
            if (glob[i] != '*') {
                return false;
            }
        }
        return true;
    }

    private int indexOf(int offset) {
        return from + offset - start;
    }

    private StringSection ownerOf(int offset) {
        StringSection owner = this;
        while (offset < owner.start && offset >= 0) {
            owner = owner.base;
        }
        if (offset < 0 || offset >= owner.end()) {
            throw new MalformedException(SECTION, Integer.toUnsignedLong(offset), "a string within its " + end() + " bytes");
        }
        return owner;
    }
}
