package dev.sonde.elf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A name with {@code *} for any run of bytes, compiled for matching symbol names in place. No other character is special.
 */
public final class NamePattern {
    /** Where a longer name is cut, so that overlapping names in a hostile table cannot multiply its size. */
    private static final int MAX_NAME = 1 << 16;

    private final String text;
    private final byte[] prefix;
    private final byte[] suffix;
    private final byte[][] middle;
    private final boolean literal;
    private final boolean any;

    private NamePattern(String text, List<byte[]> parts) {
        this.text = text;
        this.literal = parts.size() == 1;
        this.prefix = parts.getFirst();
        this.suffix = parts.getLast();
        this.any = text.equals("*");
        this.middle = literal ? new byte[0][] : inner(parts);
    }

    /** Compiles {@code text}; without a {@code *} it matches exactly that name. */
    public static NamePattern of(String text) {
        List<byte[]> parts = new ArrayList<>();
        int from = 0;
        for (int star = text.indexOf('*'); star >= 0; star = text.indexOf('*', from)) {
            parts.add(text.substring(from, star).getBytes(StandardCharsets.UTF_8));
            from = star + 1;
        }
        parts.add(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return new NamePattern(text, parts);
    }

    /** A pattern for exactly {@code name}, stars and all. */
    static NamePattern literal(String name) {
        return new NamePattern(name, List.of(name.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[][] inner(List<byte[]> parts) {
        List<byte[]> inner = new ArrayList<>();
        for (byte[] part : parts.subList(1, parts.size() - 1)) {
            if (part.length > 0) {
                inner.add(part);
            }
        }
        return inner.toArray(new byte[0][]);
    }

    /** Whether the pattern has no wildcard. */
    public boolean isLiteral() {
        return literal;
    }

    /** Whether {@code name} matches. */
    public boolean matches(String name) {
        return any || matches(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)), 0);
    }

    /** Whether the NUL-terminated name at {@code start} matches; the end of {@code names} also ends a name. */
    public boolean matches(ByteBuffer names, int start) {
        if (start < 0 || start > names.limit()) {
            return false;
        }
        int limit = start + Math.min(names.limit() - start, MAX_NAME);
        if (!startsWith(names, start, limit, prefix)) {
            return false;
        }
        int at = start + prefix.length;
        if (literal) {
            return at == limit || names.get(at) == 0;
        }
        for (byte[] part : middle) {
            at = find(names, at, limit, part);
            if (at < 0) {
                return false;
            }
            at += part.length;
        }
        return suffix.length == 0 || endsWith(names, at, limit);
    }

    private boolean endsWith(ByteBuffer names, int at, int limit) {
        int end = at;
        while (end < limit && names.get(end) != 0) {
            end++;
        }
        return end - suffix.length >= at && startsWith(names, end - suffix.length, limit, suffix);
    }

    private static boolean startsWith(ByteBuffer names, int at, int limit, byte[] part) {
        if (part.length > limit - at) {
            return false;
        }
        for (int i = 0; i < part.length; i++) {
            if (names.get(at + i) != part[i]) {
                return false;
            }
        }
        return true;
    }

    private static int find(ByteBuffer names, int from, int limit, byte[] part) {
        int last = limit - part.length;
        byte first = part[0];
        for (int at = from; at <= last; at++) {
            byte next = names.get(at);
            if (next == first && startsWith(names, at, limit, part)) {
                return at;
            }
            if (next == 0) {
                return -1;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return text;
    }
}
