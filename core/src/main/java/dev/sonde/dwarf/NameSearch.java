package dev.sonde.dwarf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds entries by their names: by passing over the outer entries of units, for most files carry no index of names. */
final class NameSearch {
    private final Dwarf dwarf;
    private final byte[] name;

    /** A search for {@code name} as the source has it, without the scopes it is in. */
    NameSearch(Dwarf dwarf, String name) {
        this.dwarf = dwarf;
        this.name = name.getBytes(StandardCharsets.UTF_8);
    }

    /** The first entry of one unit that {@code wanted} takes and that is a definition. */
    Optional<Entry> in(Unit unit, Predicate<Tag> wanted) {
        List<Entry> found = new ArrayList<>(1);
        collect(unit.root(), entry -> wanted.test(entry.tag()) && !entry.flag(Attribute.DW_AT_declaration), true, found, 0);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    /** The same of all units. */
    Optional<Entry> anywhere(Predicate<Tag> wanted) {
        Optional<Entry> found = among(dwarf.units(), wanted);
        return found.isPresent() ? found : among(dwarf.typeUnits(), wanted);
    }

    private Optional<Entry> among(Iterable<Unit> units, Predicate<Tag> wanted) {
        for (Unit unit : units) {
            Optional<Entry> found = in(unit, wanted);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private void collect(Entry scope, Predicate<Entry> wanted, boolean first, List<Entry> found, int depth) {
        for (Entry child : scope.children()) {
            if (child.isNamed(name) && wanted.test(child)) {
                found.add(child);
            }
            if (child.tag().isScope() && depth < Dwarf.SCOPES) {
                collect(child, wanted, first, found, depth + 1);
            }
            if (first && !found.isEmpty()) {
                return;
            }
        }
    }

    /** Every place where the function was inlined: its {@code DW_TAG_inlined_subroutine}s that have code. */
    List<Entry> inlined() {
        List<Entry> copies = new ArrayList<>();
        List<Entry.Offset> bodies = new ArrayList<>();
        for (Unit unit : dwarf.units()) {
            List<Entry> own = new ArrayList<>();
            collect(unit.root(), entry -> entry.tag() == Tag.DW_TAG_subprogram, false, own, 0);
            for (Entry subprogram : own) {
                bodies.add(subprogram.offset());
            }
            if (!own.isEmpty() && !across(unit)) {
                copies(unit, bodies, copies);
            }
        }
        for (Unit unit : bodies.isEmpty() ? List.<Unit>of() : dwarf.units()) {
            if (across(unit)) {
                copies(unit, bodies, copies);
            }
        }
        return copies;
    }

    /** Link-time optimisation inlines functions of other units. */
    private static boolean across(Unit unit) {
        return unit.abbrevs().refersAcross(Tag.DW_TAG_inlined_subroutine, Attribute.DW_AT_abstract_origin);
    }

    /** The body may be a definition whose name is in a declaration: then its specification is one of {@code bodies}. */
    private static void copies(Unit unit, List<Entry.Offset> bodies, List<Entry> copies) {
        for (Entry entry : unit.entries()) {
            if (entry.tag() == Tag.DW_TAG_inlined_subroutine && entry.entryPc().isPresent()) {
                Optional<Entry> body = entry.reference(Attribute.DW_AT_abstract_origin);
                Optional<Entry> declared = body.flatMap(b -> b.reference(Attribute.DW_AT_specification));
                if (body.filter(b -> bodies.contains(b.offset())).isPresent() || declared.filter(d -> bodies.contains(d.offset())).isPresent()) {
                    copies.add(entry);
                }
            }
        }
    }
}
