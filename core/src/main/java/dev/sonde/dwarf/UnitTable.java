package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The units of one section. Where they begin is found by hopping over their lengths; a unit is opened when it is asked for, and only the last few
 * stay open, so a large file takes little memory.
 */
final class UnitTable {
    private static final int OPEN = 24;

    private final Dwarf dwarf;
    private final Cursor section;
    private final boolean types;
    private final Map<Long, Unit> open = new LinkedHashMap<>(OPEN * 2, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Unit> eldest) {
            return size() > OPEN;
        }
    };
    private long[] offsets = new long[64];
    private int count;
    private long reached;
    private Map<Long, Long> bySignature;
    private AbbrevTable lastTable;
    private UnitHeader lastUser;

    UnitTable(Dwarf dwarf, Cursor section, boolean types) {
        this.dwarf = dwarf;
        this.section = section;
        this.types = types;
    }

    /** The offset of unit {@code index}; -1 after the last. */
    long offset(int index) {
        while (index >= count && reached < section.size()) {
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, 2 * count);
            }
            offsets[count++] = reached;
            reached = UnitHeader.end(section.at(reached));
        }
        return index < count ? offsets[index] : -1;
    }

    /** The unit that begins at {@code offset}. */
    Unit at(long offset) {
        Unit known = open.get(offset);
        if (known == null) {
            UnitHeader header = UnitHeader.read(section.at(offset), types);
            known = new Unit(dwarf, header, section, table(header));
            open.put(offset, known);
        }
        return known;
    }

    private AbbrevTable table(UnitHeader header) {
        boolean same = lastUser != null && lastUser.abbrevOffset() == header.abbrevOffset() && lastUser.addressSize() == header.addressSize()
                && lastUser.offsetSize() == header.offsetSize() && lastUser.version() == header.version();
        if (!same) {
            lastTable = AbbrevTable.read(dwarf.needed(".debug_abbrev"), header.abbrevOffset(), header);
            lastUser = header;
        }
        return lastTable;
    }

    /** The unit that holds the section's byte at {@code offset}. */
    Unit holding(long offset) {
        if (offset < 0 || offset >= section.size()) {
            throw section.malformed("an offset within its " + section.size() + " bytes, not 0x" + Long.toHexString(offset));
        }
        for (int index = count; reached <= offset; index++) {
            offset(index);
        }
        int found = Arrays.binarySearch(offsets, 0, count, offset);
        return at(offsets[found >= 0 ? found : -found - 2]);
    }

    /** The type unit with that signature; null when there is none. */
    Unit withSignature(long signature) {
        if (bySignature == null) {
            bySignature = new HashMap<>();
            for (int i = 0; offset(i) >= 0; i++) {
                UnitHeader header = UnitHeader.read(section.at(offsets[i]), types);
                if (header.isType()) {
                    bySignature.putIfAbsent(header.signature(), header.offset());
                }
            }
        }
        Long offset = bySignature.get(signature);
        return offset == null ? null : at(offset);
    }
}
