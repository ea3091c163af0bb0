package dev.sonde.target;

import dev.sonde.btf.BtfType;
import dev.sonde.btf.Enumerator;
import dev.sonde.btf.Member;
import dev.sonde.btf.Parameter;
import dev.sonde.bytes.MalformedException;
import dev.sonde.dwarf.Attribute;
import dev.sonde.dwarf.Entry;
import dev.sonde.dwarf.Expression;
import dev.sonde.dwarf.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads one type: an entry of DWARF (DWARF 5 chapter 5) as a type of BTF. A class is a struct, and its bases are its first, nameless members. */
final class DwarfTypeReader {
    private static final int DW_ATE_boolean = 2;
    private static final int DW_ATE_complex_float = 3;
    private static final int DW_ATE_float = 4;
    private static final int DW_ATE_signed = 5;
    private static final int DW_ATE_signed_char = 6;
    private static final int POINTER = 8;
    private static final int MOST_MEMBERS = 0xffff;
    private static final int NESTED = 64;
    /** Entries looked at to see that a type does not hold itself. */
    private static final int EFFORT = 4096;

    private final DwarfTypes types;
    private final int id;

    DwarfTypeReader(DwarfTypes types, int id) {
        this.types = types;
        this.id = id;
    }

    BtfType read(Entry entry, int dimension) {
        int target = types.id(entry.type());
        return switch (entry.tag()) {
            case DW_TAG_base_type -> base(entry);
            case DW_TAG_pointer_type, DW_TAG_reference_type, DW_TAG_rvalue_reference_type -> new BtfType.Ptr(id, target);
            case DW_TAG_const_type -> new BtfType.Const(id, target);
            case DW_TAG_volatile_type, DW_TAG_atomic_type -> new BtfType.Volatile(id, target);
            case DW_TAG_restrict_type -> new BtfType.Restrict(id, target);
            case DW_TAG_typedef -> new BtfType.Typedef(id, entry.name(), target);
            case DW_TAG_structure_type, DW_TAG_class_type, DW_TAG_union_type -> aggregate(entry);
            case DW_TAG_enumeration_type -> enumeration(entry);
            case DW_TAG_array_type -> array(entry, dimension);
            case DW_TAG_subroutine_type -> prototype(entry);
            case DW_TAG_ptr_to_member_type -> new BtfType.Int(id, "", size(entry, POINTER), false, false, false, 0, 64);
            case DW_TAG_unspecified_type -> new BtfType.Void();
            default -> throw new MalformedException(".debug_info", entry.offset().value(), "a type, not " + entry.tag());
        };
    }

    private static int size(Entry entry, int otherwise) {
        long size = entry.constant(Attribute.DW_AT_byte_size).orElse(otherwise);
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw new MalformedException(".debug_info", entry.offset().value(), "a size below 2 GiB, not " + Long.toUnsignedString(size));
        }
        return (int) size;
    }

    private BtfType base(Entry entry) {
        int size = size(entry, 0);
        String name = entry.name();
        return switch ((int) entry.constant(Attribute.DW_AT_encoding).orElse(DW_ATE_signed)) {
            case DW_ATE_boolean -> new BtfType.Int(id, name, size, false, false, size == 1, 0, 8 * size);
            case DW_ATE_complex_float, DW_ATE_float -> new BtfType.Float(id, name, size);
            case DW_ATE_signed, DW_ATE_signed_char -> new BtfType.Int(id, name, size, true, false, false, 0, 8 * size);
            default -> new BtfType.Int(id, name, size, false, false, false, 0, 8 * size);
        };
    }

    /** One that is only declared may be described in a type unit, or further on in its unit. */
    private BtfType aggregate(Entry entry) {
        Entry whole = entry.reference(Attribute.DW_AT_signature).orElse(entry);
        boolean union = whole.tag() == Tag.DW_TAG_union_type;
        if (whole.flag(Attribute.DW_AT_declaration)) {
            return new BtfType.Fwd(id, whole.name(), union);
        }
        int size = size(whole, 0);
        List<Member> members = new ArrayList<>();
        for (Entry child : whole.children()) {
            boolean part = child.tag() == Tag.DW_TAG_member || child.tag() == Tag.DW_TAG_inheritance;
            if (part && members.size() < MOST_MEMBERS) {
                member(child, size).ifPresent(members::add);
            }
        }
        return union ? new BtfType.Union(id, whole.name(), size, members) : new BtfType.Struct(id, whole.name(), size, members);
    }

    /** Static members and virtual bases are not at a fixed place within. */
    private Optional<Member> member(Entry member, int size) {
        boolean base = member.tag() == Tag.DW_TAG_inheritance;
        if (member.flag(Attribute.DW_AT_external) || member.flag(Attribute.DW_AT_declaration)
                || base && member.constant(Attribute.DW_AT_virtuality).orElse(0) != 0) {
            return Optional.empty();
        }
        Optional<Entry> type = member.type();
        OptionalLong location = location(member);
        if (location.isEmpty() || type.isEmpty() || !fits(type.get(), size, new int[] {EFFORT})) {
            return Optional.empty();
        }
        int width = (int) member.constant(Attribute.DW_AT_bit_size).orElse(0);
        long bits = width > 0 ? bitOffset(member, location.getAsLong(), width) : 8 * location.getAsLong();
        return Optional.of(new Member(base ? "" : member.name(), types.id(type), bits, width));
    }

    private static OptionalLong location(Entry member) {
        OptionalLong constant = member.constant(Attribute.DW_AT_data_member_location);
        if (constant.isPresent() || !member.has(Attribute.DW_AT_data_member_location)) {
            return constant.isPresent() ? constant : OptionalLong.of(0);
        }
        Optional<Long> added = member.expression(Attribute.DW_AT_data_member_location).flatMap(Expression::addend);
        return added.isPresent() ? OptionalLong.of(added.get()) : OptionalLong.empty();
    }

    /** Until DWARF 3 a bit field counted from the high end of an integer that holds it. */
    private static long bitOffset(Entry member, long location, int width) {
        OptionalLong fromEnd = member.constant(Attribute.DW_AT_bit_offset);
        if (fromEnd.isPresent()) {
            long storage = member.constant(Attribute.DW_AT_byte_size).orElseGet(() -> member.type().map(t -> (long) size(t, 4)).orElse(4L));
            return 8 * (location + storage) - fromEnd.getAsLong() - width;
        }
        return 8 * location + member.constant(Attribute.DW_AT_data_bit_offset).orElse(0);
    }

    /** Whether a member of that type can be in a struct of {@code size} bytes: one of the same size must not lead back to its struct. */
    private static boolean fits(Entry type, int size, int[] effort) {
        Entry entry = type;
        for (int i = 0; i < NESTED && !entry.tag().isAggregate(); i++) {
            boolean same = entry.tag() == Tag.DW_TAG_typedef || entry.tag() == Tag.DW_TAG_const_type || entry.tag() == Tag.DW_TAG_volatile_type
                    || entry.tag() == Tag.DW_TAG_array_type;
            Optional<Entry> next = same ? entry.type() : Optional.empty();
            if (next.isEmpty()) {
                return true;
            }
            entry = next.get();
        }
        entry = entry.reference(Attribute.DW_AT_signature).orElse(entry);
        int own = size(entry, 0);
        if (own != size) {
            return own < size;
        }
        for (Entry child : entry.children()) {
            boolean part = child.tag() == Tag.DW_TAG_member || child.tag() == Tag.DW_TAG_inheritance;
            if (part && (--effort[0] < 0 || !child.type().map(t -> fits(t, size, effort)).orElse(true))) {
                return false;
            }
        }
        return true;
    }

    private BtfType enumeration(Entry entry) {
        Entry whole = entry.reference(Attribute.DW_AT_signature).orElse(entry);
        int size = size(whole, 4);
        List<Enumerator> values = new ArrayList<>();
        boolean negative = false;
        for (Entry child : whole.children()) {
            if (child.tag() == Tag.DW_TAG_enumerator && values.size() < MOST_MEMBERS) {
                long value = child.constant(Attribute.DW_AT_const_value).orElse(0);
                negative |= value < 0;
                values.add(new Enumerator(child.name(), value, id));
            }
        }
        Optional<Entry> underlying = whole.type();
        boolean signed = underlying.isPresent() ? types.type(types.resolve(types.id(underlying))) instanceof BtfType.Int i && i.isSigned() : negative;
        List<Enumerator> extended = new ArrayList<>();
        for (Enumerator value : values) {
            extended.add(new Enumerator(value.name(), extended(value.value(), size, signed), id));
        }
        return size > 4 ? new BtfType.Enum64(id, whole.name(), size, signed, extended) : new BtfType.Enum(id, whole.name(), size, signed, extended);
    }

    private static long extended(long value, int size, boolean signed) {
        int unused = 64 - 8 * Math.clamp(size, 1, 8);
        return signed ? value << unused >> unused : value << unused >>> unused;
    }

    private BtfType array(Entry entry, int dimension) {
        List<Long> counts = new ArrayList<>();
        for (Entry child : entry.children()) {
            if (child.tag() == Tag.DW_TAG_subrange_type) {
                OptionalLong upper = child.constant(Attribute.DW_AT_upper_bound);
                counts.add(child.constant(Attribute.DW_AT_count).orElse(upper.isPresent() ? upper.getAsLong() + 1 : 0));
            }
        }
        long count = dimension < counts.size() ? Math.clamp(counts.get(dimension), 0, Integer.MAX_VALUE) : 0;
        boolean inner = dimension + 1 < counts.size();
        return new BtfType.Array(id, inner ? types.id(entry, dimension + 1) : types.id(entry.type()), 0, count);
    }

    private BtfType prototype(Entry entry) {
        List<Parameter> parameters = new ArrayList<>();
        for (Entry child : entry.children()) {
            if (child.tag() == Tag.DW_TAG_formal_parameter && parameters.size() < MOST_MEMBERS) {
                parameters.add(new Parameter("", types.id(child.type())));
            }
        }
        return new BtfType.FuncProto(id, types.id(entry.type()), parameters);
    }
}
