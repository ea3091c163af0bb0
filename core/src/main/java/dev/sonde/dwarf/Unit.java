package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One unit of {@code .debug_info} or {@code .debug_types}: the entries of what was compiled together (DWARF 5 §3.1). Not thread-safe.
 *
 * <p>Sections that its values point into are found through {@link Dwarf}; where a unit's part of them begins is in its first entry's
 * {@code DW_AT_*_base}.
 */
public final class Unit {
    private final Dwarf dwarf;
    private final UnitHeader header;
    private final Cursor in;
    private final AbbrevTable abbrevs;
    private final long[] bases = {-1, -1, -1, -1};

    Unit(Dwarf dwarf, UnitHeader header, Cursor section, AbbrevTable abbrevs) {
        this.dwarf = dwarf;
        this.header = header;
        this.in = section.at(header.offset()).addressSize(header.addressSize());
        this.abbrevs = abbrevs;
    }

    /** Its first entry, which holds all others. */
    public Entry root() {
        Entry root = entry(header.firstEntry());
        if (root == null) {
            throw new MalformedException(in.section(), header.firstEntry(), "the first entry of a unit");
        }
        return root;
    }

    /** The entry at an offset of the section; null for the mark that ends a list of children. */
    Entry entry(long at) {
        return entry(at, header.end());
    }

    /** The same; nothing in it is taken from {@code limit} on. */
    Entry entry(long at, long limit) {
        if (at < header.firstEntry() || at >= header.end()) {
            throw new MalformedException(in.section(), at, "an entry of the unit at 0x" + Long.toHexString(header.offset()));
        }
        long code = in.seek(at).uleb128();
        return code == 0 ? null : new Entry(this, at, abbrevs.get(code, in.section(), at), in.position(), limit);
    }

    /** All its entries in the order of their bytes, whatever they are in. */
    public Iterable<Entry> entries() {
        return () -> new Iterator<>() {
            private Entry next = root();

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
                long at = current.end();
                next = null;
                while (next == null && at < header.end()) {
                    next = entry(at);
                    at++;
                }
                return current;
            }
        };
    }

    UnitHeader header() {
        return header;
    }

    Dwarf dwarf() {
        return dwarf;
    }

    AbbrevTable abbrevs() {
        return abbrevs;
    }

    /** The one cursor of this unit; whoever reads seeks first. */
    Cursor in() {
        return in;
    }

    /** Its name: the path of the source file. */
    public String name() {
        return root().text(Attribute.DW_AT_name).orElse("");
    }

    /** {@code DW_LANG_*}, 0 when it does not say. */
    public int language() {
        return (int) root().constant(Attribute.DW_AT_language).orElse(0);
    }

    /** What made it, empty when it does not say. */
    public String producer() {
        return root().text(Attribute.DW_AT_producer).orElse("");
    }

    /** The file with its entries, of split DWARF (DWARF 5 §7.3.2), which Sonde does not read. */
    public Optional<String> splitFile() {
        Entry root = root();
        Optional<String> name = root.text(Attribute.DW_AT_dwo_name);
        return name.isPresent() ? name : root.text(Attribute.DW_AT_GNU_dwo_name);
    }

    /** The address ranges that its code takes; empty when it does not say. */
    public List<Entry.Range> ranges() {
        return root().ranges();
    }

    /** Its table of lines. */
    public Optional<LineTable> lines() {
        OptionalLong offset = root().sectionOffset(Attribute.DW_AT_stmt_list);
        Optional<Cursor> section = dwarf.section(".debug_line");
        if (offset.isEmpty() || section.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(LineTable.read(this, section.get(), offset.getAsLong()));
    }

    /** The address that range and location lists count from. */
    long lowPc() {
        return root().address(Attribute.DW_AT_low_pc).orElse(0);
    }

    private long base(int index, Attribute attribute, long otherwise) {
        if (bases[index] < 0) {
            bases[index] = otherwise;
            bases[index] = root().sectionOffset(attribute).orElse(otherwise);
        }
        return bases[index];
    }

    /** Entry {@code index} of its part of {@code .debug_addr} (DWARF 5 §7.27). */
    long addressAt(long index) {
        long base = base(0, Attribute.DW_AT_addr_base, 8);
        Cursor section = dwarf.needed(".debug_addr").addressSize(header.addressSize());
        return section.seek(element(section, base, index, header.addressSize())).address();
    }

    /** The string that entry {@code index} of its part of {@code .debug_str_offsets} (DWARF 5 §7.26) points to. */
    String textAt(long index) {
        long base = base(1, Attribute.DW_AT_str_offsets_base, header.version() < 5 ? 0 : header.offsetSize() == 8 ? 16 : 8);
        Cursor section = dwarf.needed(".debug_str_offsets");
        long offset = section.seek(element(section, base, index, header.offsetSize())).unsigned(header.offsetSize());
        return dwarf.needed(".debug_str").stringAt(offset);
    }

    /** Where list {@code index} of its part of {@code .debug_rnglists} begins (DWARF 5 §7.28). */
    long rangeList(long index) {
        return list(".debug_rnglists", base(2, Attribute.DW_AT_rnglists_base, header.offsetSize() == 8 ? 20 : 12), index);
    }

    /** Where list {@code index} of its part of {@code .debug_loclists} begins (DWARF 5 §7.29). */
    long locationList(long index) {
        return list(".debug_loclists", base(3, Attribute.DW_AT_loclists_base, header.offsetSize() == 8 ? 20 : 12), index);
    }

    private long list(String name, long base, long index) {
        Cursor section = dwarf.needed(name);
        return base + section.seek(element(section, base, index, header.offsetSize())).unsigned(header.offsetSize());
    }

    private static long element(Cursor section, long base, long index, int size) {
        if (index < 0 || index > section.size() / size) {
            throw section.malformed("an index of at most " + section.size() / size + ", not " + Long.toUnsignedString(index));
        }
        return base + index * size;
    }

    @Override
    public String toString() {
        return "unit at 0x" + Long.toHexString(header.offset());
    }
}
