package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A debugging information entry (DWARF 5 §2.1, §7.5.2): a tag, values, and entries within it. Values are read when they are asked for.
 *
 * <pre>
 * Entry --&gt; code:uleb value* (Entry* 0:uleb)?     shape in .debug_abbrev; the list is there when the shape has children
 * </pre>
 */
public final class Entry {
    private static final int CHAIN = 16;

    /**
     * The place of an entry.
     *
     * @param types whether it is in {@code .debug_types} (DWARF 4 §7.5.1.2) and not in {@code .debug_info}
     * @param value bytes from the start of that section
     */
    public record Offset(boolean types, long value) {}

    /** Addresses from {@code low} up to and without {@code high}. */
    public record Range(long low, long high) {
        /** Whether {@code address} is one of them. */
        public boolean contains(long address) {
            return Long.compareUnsigned(address, low) >= 0 && Long.compareUnsigned(address, high) < 0;
        }
    }

    private final Unit unit;
    private final long offset;
    private final AbbrevTable.Abbrev abbrev;
    private final long values;
    private final long limit;

    /**
     * @param values where its values begin
     * @param limit where what is in it ends at the latest: entries that reach over each other would take for ever to walk
     */
    Entry(Unit unit, long offset, AbbrevTable.Abbrev abbrev, long values, long limit) {
        this.unit = unit;
        this.offset = offset;
        this.abbrev = abbrev;
        this.values = values;
        this.limit = limit;
    }

    /** What it stands for. */
    public Tag tag() {
        return abbrev.tag();
    }

    /** The unit that it is in. */
    public Unit unit() {
        return unit;
    }

    /** Where it is. */
    public Offset offset() {
        return new Offset(unit.header().types(), offset);
    }

    /** Whether it has that value. */
    public boolean has(Attribute attribute) {
        return abbrev.indexOf(attribute) >= 0;
    }

    /** Whether it has the flag set. */
    public boolean flag(Attribute attribute) {
        return constant(attribute).orElse(0) != 0;
    }

    private Value value(Attribute attribute) {
        int index = abbrev.indexOf(attribute);
        if (index < 0) {
            return null;
        }
        Cursor in = unit.in().seek(values);
        for (int i = 0; i < index; i++) {
            Value.skip(abbrev.form(i), in, unit.header());
        }
        return Value.at(abbrev.form(index), in, abbrev.implicit(index), unit);
    }

    /** A string. */
    public Optional<String> text(Attribute attribute) {
        Value value = value(attribute);
        return value == null ? Optional.empty() : value.text();
    }

    /** A number: unsigned where its form does not say. */
    public OptionalLong constant(Attribute attribute) {
        Value value = value(attribute);
        return value == null ? OptionalLong.empty() : value.constant();
    }

    /** An address. */
    public OptionalLong address(Attribute attribute) {
        Value value = value(attribute);
        return value == null ? OptionalLong.empty() : value.address();
    }

    /** An offset into the section that belongs to the attribute. */
    OptionalLong sectionOffset(Attribute attribute) {
        Value value = value(attribute);
        return value == null ? OptionalLong.empty() : value.sectionOffset();
    }

    /** Another entry; empty too when that is in a file that was not handed in. */
    public Optional<Entry> reference(Attribute attribute) {
        Value value = value(attribute);
        return value == null ? Optional.empty() : value.reference();
    }

    /** How to compute what the attribute tells, when that is not a list of such. */
    public Optional<Expression> expression(Attribute attribute) {
        Value value = value(attribute);
        return value == null ? Optional.empty() : value.block().map(block -> Expression.read(block, unit));
    }

    /** Where its value is while the processor is at {@code pc}; empty when nobody knows. */
    public Optional<Expression> location(long pc) {
        Value value = value(Attribute.DW_AT_location);
        if (value == null) {
            return Optional.empty();
        }
        Optional<Cursor> block = value.block();
        return block.isPresent() ? block.map(b -> Expression.read(b, unit)) : value.locationList(pc);
    }

    /** The addresses of its code (§2.17); empty when it has none. */
    public List<Range> ranges() {
        OptionalLong low = address(Attribute.DW_AT_low_pc);
        Value high = value(Attribute.DW_AT_high_pc);
        if (low.isPresent() && high != null) {
            long start = low.getAsLong();
            long end = high.address().orElseGet(() -> start + high.constant().orElse(0));
            return end == start ? List.of() : List.of(new Range(start, end));
        }
        Value list = value(Attribute.DW_AT_ranges);
        return list == null ? List.of() : list.rangeList();
    }

    /** The address where it begins: {@code DW_AT_entry_pc} (§2.18), else {@code DW_AT_low_pc}, else the start of its first range. */
    public OptionalLong entryPc() {
        Value entry = value(Attribute.DW_AT_entry_pc);
        OptionalLong low = address(Attribute.DW_AT_low_pc);
        List<Range> ranges = low.isPresent() ? List.of() : ranges();
        OptionalLong base = low.isPresent() || ranges.isEmpty() ? low : OptionalLong.of(ranges.getFirst().low());
        if (entry == null) {
            return base;
        }
        OptionalLong address = entry.address();
        return address.isPresent() || base.isEmpty() ? address : OptionalLong.of(base.getAsLong() + entry.constant().orElse(0));
    }

    /** The entry with more about the same thing: {@code DW_AT_abstract_origin}, else {@code DW_AT_specification}, else {@code DW_AT_signature}. */
    public Optional<Entry> origin() {
        Optional<Entry> origin = reference(Attribute.DW_AT_abstract_origin);
        return origin.isPresent() ? origin : reference(Attribute.DW_AT_specification);
    }

    /** Itself, or the one of its {@link #origin} chain that has the value first. */
    public Optional<Entry> withValue(Attribute attribute) {
        Entry entry = this;
        for (int i = 0; i < CHAIN && entry != null; i++) {
            if (entry.has(attribute)) {
                return Optional.of(entry);
            }
            entry = entry.origin().orElse(null);
        }
        return Optional.empty();
    }

    /** Its name, or that of its origin; empty when it has none. */
    public String name() {
        return withValue(Attribute.DW_AT_name).flatMap(e -> e.text(Attribute.DW_AT_name)).orElse("");
    }

    /** Whether its own name is {@code wanted}; makes no string. */
    boolean isNamed(byte[] wanted) {
        Value value = value(Attribute.DW_AT_name);
        return value != null && value.isText(wanted);
    }

    /** Its name in the symbol table, where that is another one; or that of its origin. */
    public Optional<String> linkageName() {
        Optional<String> name = withValue(Attribute.DW_AT_linkage_name).flatMap(e -> e.text(Attribute.DW_AT_linkage_name));
        return name.isPresent() ? name : withValue(Attribute.DW_AT_MIPS_linkage_name).flatMap(e -> e.text(Attribute.DW_AT_MIPS_linkage_name));
    }

    /** Its type, or that of its origin; empty for void. */
    public Optional<Entry> type() {
        return withValue(Attribute.DW_AT_type).flatMap(e -> e.reference(Attribute.DW_AT_type));
    }

    /** The offset after its values. */
    long end() {
        if (abbrev.size() >= 0) {
            return values + abbrev.size();
        }
        Cursor in = unit.in().seek(values);
        for (int i = 0; i < abbrev.count(); i++) {
            Value.skip(abbrev.form(i), in, unit.header());
        }
        return in.position();
    }

    /** The offset after it and all that is in it. */
    private long after() {
        if (!abbrev.hasChildren()) {
            return end();
        }
        Value sibling = value(Attribute.DW_AT_sibling);
        if (sibling != null) {
            long next = sibling.localOffset();
            if (next <= offset) {
                throw new MalformedException(unit.in().section(), offset, "a DW_AT_sibling after its entry");
            }
            return next;
        }
        return afterChildren();
    }

    private long afterChildren() {
        long at = end();
        int depth = 1;
        while (depth > 0 && at < unit.header().end()) {
            Entry entry = unit.entry(at);
            if (entry == null) {
                depth--;
                at++;
            } else if (entry.abbrev.hasChildren() && entry.has(Attribute.DW_AT_sibling)) {
                at = entry.after();
            } else {
                depth += entry.abbrev.hasChildren() ? 1 : 0;
                at = entry.end();
            }
        }
        return at;
    }

    /** The entries directly in it, in order. */
    public Iterable<Entry> children() {
        return () -> new Children(abbrev.hasChildren() ? end() : Long.MAX_VALUE, has(Attribute.DW_AT_sibling) ? Math.min(limit, after()) : limit);
    }

    private final class Children implements Iterator<Entry> {
        private final long end;
        private Entry next;

        Children(long at, long end) {
            this.end = end;
            this.next = read(at);
        }

        private Entry read(long at) {
            return at >= end ? null : unit.entry(at, end);
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Entry next() {
            if (next == null) {
                throw new NoSuchElementException();
            }
            Entry current = next;
            next = read(current.after());
            return current;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry that && offset().equals(that.offset());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return abbrev.tag() + " at 0x" + Long.toHexString(offset);
    }
}
