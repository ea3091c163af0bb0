package dev.sonde.types;

import java.util.List;
import java.util.Map;

/**
 * The type of a value of a script. Sizes and alignments are bytes; a value takes the same bytes in a map, in an event record and on the stack.
 * {@link TypeText} spells types as bpftrace does.
 */
public sealed interface Type {
    Type BOOL = new Bool();
    Type INT8 = new Int(1, true);
    Type INT32 = new Int(4, true);
    Type INT64 = new Int(8, true);
    Type UINT8 = new Int(1, false);
    Type UINT16 = new Int(2, false);
    Type UINT32 = new Int(4, false);
    Type UINT64 = new Int(8, false);
    Type NONE = new None();
    Type VOID = new Void();

    /** No value: the result of a call made for its effect. */
    record None() implements Type {}

    /** What a {@code void *} points to. */
    record Void() implements Type {}

    /** One byte, 0 or 1. */
    record Bool() implements Type {}

    /** An integer of 1, 2, 4 or 8 bytes. */
    record Int(int size, boolean signed) implements Type {
        public Int {
            if (size != 1 && size != 2 && size != 4 && size != 8) {
                throw new IllegalArgumentException("integer of " + size + " bytes");
            }
        }
    }

    /** An enum: an integer whose values have names. */
    record Enumeration(String name, int size, boolean signed, Map<Long, String> names) implements Type {}

    /** A string of at most {@code capacity} bytes with its final NUL. */
    record Text(int capacity) implements Type {}

    /** Bytes with a length: a 4-byte length, then {@code capacity} bytes. */
    record Buffer(int capacity) implements Type {}

    /** A pointer, 8 bytes. */
    record Pointer(Type target, AddressSpace space) implements Type {}

    /** {@code count} elements in a row. */
    record Array(Type element, int count) implements Type {}

    /**
     * A struct or union. Two are equal when tag, name and size are: the fields may be read late.
     *
     * @param tag {@code struct} or {@code union}
     * @param name empty when anonymous
     */
    record Struct(String tag, String name, int size, Fields fields) implements Type {
        @Override
        public boolean equals(Object other) {
            return other instanceof Struct that
                    && tag.equals(that.tag)
                    && name.equals(that.name)
                    && size == that.size
                    && (!name.isEmpty() || fields.all().equals(that.fields.all()));
        }

        @Override
        public int hashCode() {
            return name.hashCode() * 31 + size;
        }
    }

    /** A tuple: its elements in order, each at its natural alignment. */
    record Tuple(List<Type> elements) implements Type {
        public Tuple {
            elements = List.copyOf(elements);
        }
    }

    /** A tuple whose elements have names. */
    record Named(List<String> names, List<Type> elements) implements Type {
        public Named {
            names = List.copyOf(names);
            elements = List.copyOf(elements);
        }
    }

    /** An IP address: 8 bytes of address family (AF_INET 2, AF_INET6 10; 0 for none), then 16 bytes of address in network order. */
    record Inet() implements Type {}

    /** A MAC address, 6 bytes. */
    record Mac() implements Type {}

    /** A user id shown as the user's name, 8 bytes. */
    record Username() implements Type {}

    /** A kernel address shown as a symbol, 8 bytes. */
    record KernelSymbol() implements Type {}

    /** A user address shown as a symbol: 8 bytes of address, 4 of process id, 4 unused. */
    record UserSymbol() implements Type {}

    /** A cgroup id shown as its path: 8 bytes; {@code controller} is the file pattern of cgroup_path()'s second argument, empty for none. */
    record CgroupPath(String controller) implements Type {}

    /** A time shown by strftime: 8 bytes of nanoseconds in {@code clock} (monotonic, boottime, …). */
    record Timestamp(String format, Clock clock) implements Type {}

    /** A stack: 8 bytes of id in the stack map, 4 bytes of process id (0 for a kernel stack), 4 unused. */
    record Stack(boolean kernel, StackMode mode, int limit) implements Type {}

    /** The attach point's text or its function's name: 8 bytes of index in the specification's site table. */
    record SiteName(boolean function) implements Type {}

    /** An aggregation, which lives only in maps. */
    record Aggregate(Aggregation aggregation) implements Type {}

    /** Size in bytes; 0 for {@code None} and {@code Void}. */
    default int size() {
        return Layout.size(this);
    }

    /** Alignment in bytes. */
    default int alignment() {
        return Layout.alignment(this);
    }

    /** Whether a value fits in one register. */
    default boolean isScalar() {
        return switch (this) {
            case Bool _, Int _, Enumeration _, Pointer _, Username _, KernelSymbol _, CgroupPath _, Timestamp _, SiteName _ -> true;
            case None _, Void _, Text _, Buffer _, Array _, Struct _, Tuple _, Named _, Inet _, Mac _, UserSymbol _, Stack _, Aggregate _ -> false;
        };
    }

    /** Whether it counts as an integer: integers, booleans and enums. */
    default boolean isInteger() {
        return this instanceof Int || this instanceof Bool || this instanceof Enumeration;
    }

    /** Whether its integer value is signed; pointers and other scalars are not. */
    default boolean isSigned() {
        return switch (this) {
            case Int(_, var signed) -> signed;
            case Enumeration e -> e.signed();
            case Aggregate(Aggregation aggregation) -> aggregation.signed();
            case Bool _, Pointer _, Username _, KernelSymbol _, CgroupPath _, Timestamp _, SiteName _, None _, Void _, Text _, Buffer _,
                    Array _, Struct _, Tuple _, Named _, Inet _, Mac _, UserSymbol _, Stack _ -> false;
        };
    }
}
