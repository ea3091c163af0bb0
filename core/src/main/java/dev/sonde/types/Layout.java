package dev.sonde.types;

import java.util.List;

/** Sizes, alignments and element offsets of types. */
public final class Layout {
    private Layout() {}

    static int size(Type type) {
        return switch (type) {
            case Type.None _, Type.Void _ -> 0;
            case Type.Bool _ -> 1;
            case Type.Int(int size, _) -> size;
            case Type.Enumeration e -> e.size();
            case Type.Text(int capacity) -> capacity;
            case Type.Buffer(int capacity) -> 4 + capacity;
            case Type.Pointer _, Type.Username _, Type.KernelSymbol _, Type.CgroupPath _, Type.Timestamp _, Type.SiteName _ -> 8;
            case Type.Array(Type element, int count) -> element.size() * count;
            case Type.Struct s -> s.size();
            case Type.Tuple(List<Type> elements) -> tupleSize(elements);
            case Type.Named n -> tupleSize(n.elements());
            case Type.Inet _ -> 24;
            case Type.Mac _ -> 6;
            case Type.UserSymbol _, Type.Stack _ -> 16;
            case Type.Aggregate(Aggregation aggregation) -> 8 * aggregation.words();
        };
    }

    static int alignment(Type type) {
        return switch (type) {
            case Type.None _, Type.Void _, Type.Bool _, Type.Text _, Type.Mac _ -> 1;
            case Type.Int(int size, _) -> size;
            case Type.Enumeration e -> e.size();
            case Type.Buffer _ -> 4;
            case Type.Array(Type element, _) -> element.alignment();
            case Type.Tuple(List<Type> elements) -> tupleAlignment(elements);
            case Type.Named n -> tupleAlignment(n.elements());
            case Type.Pointer _, Type.Username _, Type.KernelSymbol _, Type.CgroupPath _, Type.Timestamp _, Type.SiteName _, Type.Struct _,
                    Type.Inet _, Type.UserSymbol _, Type.Stack _, Type.Aggregate _ -> 8;
        };
    }

    /** Offset in bytes of element {@code index} of a tuple of {@code elements}. */
    public static int tupleOffset(List<Type> elements, int index) {
        int offset = 0;
        for (int i = 0; ; i++) {
            offset = align(offset, elements.get(i).alignment());
            if (i == index) {
                return offset;
            }
            offset += elements.get(i).size();
        }
    }

    /** {@code offset} rounded up to a multiple of {@code alignment}, a power of two. */
    public static int align(int offset, int alignment) {
        return (offset + alignment - 1) & -alignment;
    }

    private static int tupleSize(List<Type> elements) {
        int offset = 0;
        for (Type element : elements) {
            offset = align(offset, element.alignment()) + element.size();
        }
        return align(offset, tupleAlignment(elements));
    }

    private static int tupleAlignment(List<Type> elements) {
        int alignment = 1;
        for (Type element : elements) {
            alignment = Math.max(alignment, element.alignment());
        }
        return alignment;
    }
}
