package dev.sonde.dwarf;

import dev.sonde.bytes.Cursor;
import dev.sonde.bytes.MalformedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One table of {@code .debug_abbrev}: the shapes of a unit's entries (DWARF 5 §7.5.3).
 *
 * <pre>
 * Table  --&gt; Abbrev* code:uleb=0
 * Abbrev --&gt; code:uleb tag:uleb children:u8 (attribute:uleb form:uleb (value:sleb if DW_FORM_implicit_const))* 0:uleb 0:uleb
 * </pre>
 */
final class AbbrevTable {
    private static final String SECTION = ".debug_abbrev";

    private final List<Abbrev> inOrder = new ArrayList<>();
    private final Map<Long, Abbrev> others = new HashMap<>();

    private AbbrevTable() {
    }

    /** A shape: its tag and what values its entries have. */
    static final class Abbrev {
        private final Tag tag;
        private final boolean children;
        private final Attribute[] attributes;
        private final Form[] forms;
        private final long[] implicit;
        private final int size;

        private Abbrev(Tag tag, boolean children, List<Spec> specs, int size) {
            int count = specs.size();
            this.tag = tag;
            this.children = children;
            this.size = size;
            attributes = new Attribute[count];
            forms = new Form[count];
            implicit = new long[count];
            for (int i = 0; i < count; i++) {
                attributes[i] = specs.get(i).attribute;
                forms[i] = specs.get(i).form;
                implicit[i] = specs.get(i).implicit;
            }
        }

        Tag tag() {
            return tag;
        }

        boolean hasChildren() {
            return children;
        }

        int count() {
            return attributes.length;
        }

        Form form(int i) {
            return forms[i];
        }

        long implicit(int i) {
            return implicit[i];
        }

        /** Bytes of all values together; -1 when that differs between entries. */
        int size() {
            return size;
        }

        int indexOf(Attribute attribute) {
            for (int i = 0; i < attributes.length; i++) {
                if (attributes[i] == attribute) {
                    return i;
                }
            }
            return -1;
        }
    }

    private record Spec(Attribute attribute, Form form, long implicit) {}

    /** The table at {@code offset}, for a unit of that format. */
    static AbbrevTable read(Cursor section, long offset, UnitHeader unit) {
        AbbrevTable table = new AbbrevTable();
        Cursor in = section.at(offset);
        for (long code = in.uleb128(); code != 0; code = in.uleb128()) {
            Abbrev abbrev = abbrev(in, unit);
            if (code == table.inOrder.size() + 1) {
                table.inOrder.add(abbrev);
            } else {
                table.others.put(code, abbrev);
            }
        }
        return table;
    }

    private static Abbrev abbrev(Cursor in, UnitHeader unit) {
        Tag tag = Tag.of(in.uleb128());
        boolean children = in.u8() != 0;
        List<Spec> specs = new ArrayList<>();
        int size = 0;
        while (true) {
            long attribute = in.uleb128();
            long code = in.uleb128();
            if (attribute == 0 && code == 0) {
                return new Abbrev(tag, children, specs, size);
            }
            Form form = Form.of(code);
            if (form == null) {
                throw in.malformed("a form of DWARF 2 to 5, not 0x" + Long.toHexString(code));
            }
            specs.add(new Spec(Attribute.of(attribute), form, form == Form.DW_FORM_implicit_const ? in.sleb128() : 0));
            int one = form.size(unit.addressSize(), unit.offsetSize(), unit.version());
            size = one < 0 || size < 0 ? -1 : size + one;
        }
    }

    /** Whether any entry of that tag refers to other units through {@code attribute}. */
    boolean refersAcross(Tag tag, Attribute attribute) {
        for (Abbrev abbrev : inOrder) {
            int i = abbrev.tag == tag ? abbrev.indexOf(attribute) : -1;
            if (i >= 0 && (abbrev.forms[i] == Form.DW_FORM_ref_addr || abbrev.forms[i] == Form.DW_FORM_indirect)) {
                return true;
            }
        }
        return !others.isEmpty();
    }

    /** The shape with {@code code}, which is not 0; {@code at} is where it was used. */
    Abbrev get(long code, String section, long at) {
        Abbrev found = code > 0 && code <= inOrder.size() ? inOrder.get((int) code - 1) : others.get(code);
        if (found == null) {
            throw new MalformedException(section, at, "the code of an abbreviation in " + SECTION + ", not " + Long.toUnsignedString(code));
        }
        return found;
    }
}
