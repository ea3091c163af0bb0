package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The debug information of one file, DWARF 2 to 5, of 32 or 64 bits.
 *
 * <p>A section is opened when it is first needed. Looking for a function by its address reads one unit; looking for a name passes over the outer
 * entries of all units and keeps none of them. Input that does not follow the format raises {@link MalformedException}. Not thread-safe.
 */
public final class Dwarf {
    /** How deep scopes are looked into: more than anyone nests namespaces and classes. */
    static final int SCOPES = 32;

    private final Sections source;
    private final Supplier<Optional<Dwarf>> supplementary;
    private final Map<String, Optional<Cursor>> sections = new HashMap<>();
    private Cursor texts;
    private UnitTable info;
    private UnitTable types;
    private Optional<Dwarf> other;

    private Dwarf(Sections source, Supplier<Optional<Dwarf>> supplementary) {
        this.source = source;
        this.supplementary = supplementary;
    }

    /** Where a file's {@code .debug_*} sections come from; asked for each once, when it is first needed. */
    @FunctionalInterface
    public interface Sections {
        /** The section of that name, decompressed, with the file's byte order; empty when the file has none. */
        Optional<Cursor> find(String name);
    }

    /** What {@code sections} hold. */
    public static Dwarf of(Sections sections) {
        return new Dwarf(sections, Optional::empty);
    }

    /** The same with a file that several share, which dwz makes ({@code .gnu_debugaltlink}, DWARF 5 §7.3.6); it is opened when it is needed. */
    public static Dwarf of(Sections sections, Supplier<Optional<Dwarf>> supplementary) {
        return new Dwarf(sections, supplementary);
    }

    Optional<Cursor> section(String name) {
        Optional<Cursor> known = sections.get(name);
        if (known == null) {
            known = source.find(name);
            sections.put(name, known);
        }
        return known.map(section -> section.at(0));
    }

    Cursor needed(String name) {
        return section(name).orElseThrow(() -> new MalformedException(name, 0, "the section, which another points into"));
    }

    /** The one cursor over {@code .debug_str}, at {@code offset}. */
    Cursor text(long offset) {
        if (texts == null) {
            texts = needed(".debug_str");
        }
        return texts.seek(offset);
    }

    Optional<Dwarf> supplementary() {
        if (other == null) {
            other = supplementary.get();
        }
        return other;
    }

    /** Whether there is any. */
    public boolean isEmpty() {
        return section(".debug_info").filter(Cursor::hasRemaining).isEmpty();
    }

    private UnitTable table(boolean ofTypes) {
        if (ofTypes) {
            types = types == null ? new UnitTable(this, section(".debug_types").orElseGet(() -> none(".debug_types")), true) : types;
            return types;
        }
        info = info == null ? new UnitTable(this, section(".debug_info").orElseGet(() -> none(".debug_info")), false) : info;
        return info;
    }

    private static Cursor none(String name) {
        return Cursor.of(new byte[0], name);
    }

    /** The units of {@code .debug_info} in order; each is opened when it comes. */
    public Iterable<Unit> units() {
        return () -> new Units(table(false));
    }

    /** The units of {@code .debug_types}. */
    Iterable<Unit> typeUnits() {
        return () -> new Units(table(true));
    }

    private static final class Units implements Iterator<Unit> {
        private final UnitTable table;
        private int index;

        Units(UnitTable table) {
            this.table = table;
        }

        @Override
        public boolean hasNext() {
            return table.offset(index) >= 0;
        }

        @Override
        public Unit next() {
            long offset = table.offset(index++);
            if (offset < 0) {
                throw new NoSuchElementException();
            }
            return table.at(offset);
        }
    }

    /** The entry at a place that another entry told of. */
    public Entry entry(Entry.Offset at) {
        Entry entry = table(at.types()).holding(at.value()).entry(at.value());
        if (entry == null) {
            throw new MalformedException(at.types() ? ".debug_types" : ".debug_info", at.value(), "an entry, not the end of a list");
        }
        return entry;
    }

    /** The type that a type unit with that signature describes. */
    Optional<Entry> typeOf(long signature) {
        Unit unit = table(false).withSignature(signature);
        unit = unit == null ? table(true).withSignature(signature) : unit;
        return unit == null ? Optional.empty() : Optional.ofNullable(unit.entry(unit.header().offset() + unit.header().typeOffset()));
    }

    /** The unit whose code is at {@code address}. */
    public Optional<Unit> unitAt(long address) {
        Optional<Cursor> aranges = section(".debug_aranges");
        long offset = aranges.isPresent() ? ArangeTable.find(aranges.get(), address) : -1;
        if (offset >= 0) {
            return Optional.of(table(false).at(offset));
        }
        for (Unit unit : units()) {
            if (unit.header().kind() != UnitHeader.DW_UT_type && covers(unit.ranges(), address)) {
                return Optional.of(unit);
            }
        }
        return Optional.empty();
    }

    private static boolean covers(List<Entry.Range> ranges, long address) {
        for (Entry.Range range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** The function that begins at {@code address}. */
    public Optional<Entry> subprogramAt(long address) {
        Optional<Unit> unit = unitAt(address);
        return unit.flatMap(u -> Optional.ofNullable(within(u.root(), address, 0)).or(() -> anywhere(u, address)));
    }

    private static Entry within(Entry scope, long address, int depth) {
        for (Entry child : scope.children()) {
            Entry found = child.tag() == Tag.DW_TAG_subprogram && begins(child, address) ? child
                    : child.tag().isScope() && depth < SCOPES ? within(child, address, depth + 1) : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static boolean begins(Entry subprogram, long address) {
        OptionalLong low = subprogram.address(Attribute.DW_AT_low_pc);
        if (low.isPresent()) {
            return low.getAsLong() == address;
        }
        List<Entry.Range> ranges = subprogram.ranges();
        return !ranges.isEmpty() && ranges.getFirst().low() == address;
    }

    /** Functions of local classes are inside other functions. */
    private static Optional<Entry> anywhere(Unit unit, long address) {
        for (Entry entry : unit.entries()) {
            if (entry.tag() == Tag.DW_TAG_subprogram && begins(entry, address)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /** The first definition called {@code name}, as the source has it without its scopes, whose tag is wanted: in {@code home}, else in any unit. */
    public Optional<Entry> named(String name, Unit home, Predicate<Tag> wanted) {
        NameSearch search = new NameSearch(this, name);
        Optional<Entry> found = search.in(home, wanted);
        return found.isPresent() ? found : search.anywhere(wanted);
    }

    /** Every place where the function {@code name} was inlined: its {@code DW_TAG_inlined_subroutine}s that have code. */
    public List<Entry> inlined(String name) {
        return new NameSearch(this, name).inlined();
    }
}
