package dev.sonde.output;

import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * The order of a map's keys: numbers by value, strings and other bytes by byte, tuples and records by their first element that differs.
 *
 * <p>A key's rank is a number that orders keys as far as 64 bits can; where ranks are equal and not exact, the bytes decide.
 */
final class KeyOrder {
    private final Type type;
    private final boolean exact;
    private final MemorySegment keys;
    private final int keySize;

    KeyOrder(Type type, MemorySegment keys, int keySize) {
        this.type = type;
        this.keys = keys;
        this.keySize = keySize;
        exact = type.isScalar();
    }

    /** The ranks of the first {@code count} keys. */
    long[] ranks(int count) {
        var ranks = new long[count];
        for (int i = 0; i < count; i++) {
            ranks[i] = rank(type, (long) i * keySize);
        }
        return ranks;
    }

    /** Compares two keys of equal rank. */
    int compareEqualRanks(int a, int b) {
        return exact ? 0 : compare(type, (long) a * keySize, (long) b * keySize);
    }

    private long rank(Type of, long at) {
        return switch (of) {
            case Type.Bool _, Type.Int _, Type.Enumeration _, Type.Pointer _, Type.Username _, Type.KernelSymbol _, Type.CgroupPath _,
                    Type.Timestamp _, Type.SiteName _ -> number(of, at);
            case Type.Text _, Type.Inet _, Type.Mac _ -> prefix(at, of.size());
            case Type.Tuple(List<Type> elements) -> elements.isEmpty() ? 0 : rank(elements.getFirst(), at);
            case Type.Named n -> n.elements().isEmpty() ? 0 : rank(n.elements().getFirst(), at);
            case Type.Array(Type element, int count) -> count == 0 ? 0 : rank(element, at);
            case Type.None _, Type.Void _, Type.Buffer _, Type.Struct _, Type.UserSymbol _, Type.Stack _, Type.Aggregate _ -> 0;
        };
    }

    /** A scalar's value such that signed comparison orders it. */
    private long number(Type of, long at) {
        boolean signed = of.isSigned();
        long value = switch (of.size()) {
            case 1 -> signed ? keys.get(ValueLayout.JAVA_BYTE, at) : keys.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            case 2 -> signed ? keys.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) : keys.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffff;
            case 4 -> signed ? keys.get(ValueLayout.JAVA_INT_UNALIGNED, at) : keys.get(ValueLayout.JAVA_INT_UNALIGNED, at) & 0xffffffffL;
            default -> keys.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
        };
        return signed ? value : value ^ Long.MIN_VALUE;
    }

    /** Up to 8 bytes, the first the most significant. */
    private long prefix(long at, int size) {
        if (size >= 8) {
            return Long.reverseBytes(keys.get(ValueLayout.JAVA_LONG_UNALIGNED, at)) ^ Long.MIN_VALUE;
        }
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | (i < size ? keys.get(ValueLayout.JAVA_BYTE, at + i) & 0xff : 0);
        }
        return value ^ Long.MIN_VALUE;
    }

    private int compare(Type of, long a, long b) {
        return switch (of) {
            case Type.Bool _, Type.Int _, Type.Enumeration _, Type.Pointer _, Type.Username _, Type.KernelSymbol _, Type.CgroupPath _,
                    Type.Timestamp _, Type.SiteName _ -> Long.compare(number(of, a), number(of, b));
            case Type.Tuple(List<Type> elements) -> elements(elements, a, b);
            case Type.Named n -> elements(n.elements(), a, b);
            case Type.Array(Type element, int count) -> array(element, count, a, b);
            case Type.Buffer(int capacity) -> bytes(a + 4, b + 4, capacity);
            case Type.None _, Type.Void _, Type.Text _, Type.Struct _, Type.Inet _, Type.Mac _, Type.UserSymbol _, Type.Stack _, Type.Aggregate _ ->
                bytes(a, b, of.size());
        };
    }

    private int elements(List<Type> elements, long a, long b) {
        for (int i = 0; i < elements.size(); i++) {
            int offset = Layout.tupleOffset(elements, i);
            int order = compare(elements.get(i), a + offset, b + offset);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private int array(Type element, int count, long a, long b) {
        for (int i = 0; i < count; i++) {
            int order = compare(element, a + (long) i * element.size(), b + (long) i * element.size());
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private int bytes(long a, long b, int size) {
        long at = MemorySegment.mismatch(keys, a, a + size, keys, b, b + size);
        return at < 0 ? 0 : Byte.compareUnsigned(keys.get(ValueLayout.JAVA_BYTE, a + at), keys.get(ValueLayout.JAVA_BYTE, b + at));
    }
}
