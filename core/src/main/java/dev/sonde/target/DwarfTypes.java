package dev.sonde.target;

import dev.sonde.btf.BtfType;
import dev.sonde.btf.Enumerator;
import dev.sonde.btf.TypeGraph;
import dev.sonde.bytes.MalformedException;
import dev.sonde.dwarf.Dwarf;
import dev.sonde.dwarf.Entry;
import dev.sonde.dwarf.Tag;
import dev.sonde.dwarf.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The types of a binary in the form of BTF, read one by one as they are asked for. A name means what it means in one unit, and where that has none
 * of the name what it means in the first unit that has. What is malformed is {@code void}, and told of in {@link #problem}.
 */
final class DwarfTypes implements TypeGraph {
    /** How many pointers, arrays, qualifiers and typedefs may stand before a type. */
    private static final int CHAIN = 128;

    private final Dwarf dwarf;
    private final Unit home;
    private final Map<Key, Integer> ids = new HashMap<>();
    private final List<Key> keys = new ArrayList<>();
    private final Map<Integer, BtfType> known = new HashMap<>();
    private final Map<Name, Integer> named = new HashMap<>();
    private String problem = "";

    DwarfTypes(Dwarf dwarf, Unit home) {
        this.dwarf = dwarf;
        this.home = home;
        keys.add(null);
    }

    /**
     * What an id stands for.
     *
     * @param dimension of an array: how many of its dimensions have been taken off
     */
    record Key(Entry.Offset offset, int dimension) {}

    /** What was looked for by name; it stands for id 0 when nothing was found. */
    private record Name(String name, Set<Tag> wanted) {}

    /** The unit whose names come first. */
    Unit home() {
        return home;
    }

    String problem() {
        return problem;
    }

    /** The id of the type that {@code entry} describes; 0, void, without one. */
    int id(Optional<Entry> entry) {
        return entry.isEmpty() ? 0 : id(entry.get(), 0);
    }

    int id(Entry entry, int dimension) {
        Key key = new Key(entry.offset(), dimension);
        Integer id = ids.get(key);
        if (id == null) {
            id = keys.size();
            keys.add(key);
            ids.put(key, id);
        }
        return id;
    }

    /** The entry of an id that is not 0. */
    Entry entry(int id) {
        return dwarf.entry(keys.get(id).offset);
    }

    @Override
    public BtfType type(int id) {
        if (id <= 0 || id >= keys.size()) {
            return new BtfType.Void();
        }
        BtfType type = known.get(id);
        if (type == null) {
            type = checked(() -> read(id), new BtfType.Void());
            known.put(id, type);
        }
        return type;
    }

    private <T> T checked(Supplier<T> reader, T otherwise) {
        try {
            return reader.get();
        } catch (MalformedException e) {
            problem = problem.isEmpty() ? e.getMessage() : problem;
            return otherwise;
        }
    }

    private BtfType read(int id) {
        Key key = keys.get(id);
        BtfType type = new DwarfTypeReader(this, id).read(dwarf.entry(key.offset), key.dimension);
        endsSomewhere(type);
        return type;
    }

    /** Refuses a type that is made of itself. */
    private void endsSomewhere(BtfType first) {
        BtfType type = first;
        for (int i = 0; i < CHAIN; i++) {
            int next = target(type);
            if (next <= 0) {
                return;
            }
            Key key = keys.get(next);
            BtfType read = known.get(next);
            type = read != null ? read : new DwarfTypeReader(this, next).read(dwarf.entry(key.offset), key.dimension);
        }
        throw new MalformedException(".debug_info", 0, "a type that is not made of itself");
    }

    private static int target(BtfType type) {
        return switch (type) {
            case BtfType.Ptr t -> t.type();
            case BtfType.Array t -> t.type();
            case BtfType.Typedef t -> t.type();
            case BtfType.Volatile t -> t.type();
            case BtfType.Const t -> t.type();
            case BtfType.Restrict t -> t.type();
            case BtfType.Void _, BtfType.Int _, BtfType.Composite _, BtfType.Enumeration _, BtfType.Fwd _, BtfType.Func _, BtfType.FuncProto _,
                    BtfType.Var _, BtfType.Datasec _, BtfType.Float _, BtfType.DeclTag _, BtfType.TypeTag _ -> 0;
        };
    }

    @Override
    public int resolve(int id) {
        int current = id;
        while (true) {
            switch (type(current)) {
                case BtfType.Typedef t -> current = t.type();
                case BtfType.Volatile t -> current = t.type();
                case BtfType.Const t -> current = t.type();
                case BtfType.Restrict t -> current = t.type();
                case BtfType.Void _, BtfType.Int _, BtfType.Ptr _, BtfType.Array _, BtfType.Composite _, BtfType.Enumeration _, BtfType.Fwd _,
                        BtfType.Func _, BtfType.FuncProto _, BtfType.Var _, BtfType.Datasec _, BtfType.Float _, BtfType.DeclTag _,
                        BtfType.TypeTag _ -> {
                    return current;
                }
            }
        }
    }

    @Override
    public boolean hasQuickNames() {
        return false;
    }

    /** A name that is not there costs a look through all units, and a script may have it at many places: so that is remembered, too. */
    private <T extends BtfType> Optional<T> find(String name, Set<Tag> wanted, Function<BtfType, Optional<T>> as) {
        var sought = new Name(name, wanted);
        Integer id = named.get(sought);
        if (id == null) {
            id = id(checked(() -> dwarf.named(name, home, wanted::contains), Optional.empty()));
            named.put(sought, id);
        }
        return id == 0 ? Optional.empty() : as.apply(type(id));
    }

    @Override
    public Optional<BtfType.Struct> struct(String name) {
        return find(name, Set.of(Tag.DW_TAG_structure_type, Tag.DW_TAG_class_type),
                type -> type instanceof BtfType.Struct s ? Optional.of(s) : Optional.empty());
    }

    @Override
    public Optional<BtfType.Union> union(String name) {
        return find(name, Set.of(Tag.DW_TAG_union_type), type -> type instanceof BtfType.Union u ? Optional.of(u) : Optional.empty());
    }

    @Override
    public Optional<BtfType.Enumeration> enumeration(String name) {
        return find(name, Set.of(Tag.DW_TAG_enumeration_type),
                type -> type instanceof BtfType.Enumeration e ? Optional.of(e) : Optional.empty());
    }

    /** A class is a type by its bare name; so are structs and unions in C++, which {@link #struct} finds. */
    @Override
    public Optional<BtfType.Typedef> typedef(String name) {
        return find(name, Set.of(Tag.DW_TAG_typedef), type -> type instanceof BtfType.Typedef t ? Optional.of(t) : Optional.empty());
    }

    @Override
    public Optional<BtfType.Int> integer(String name) {
        return find(name, Set.of(Tag.DW_TAG_base_type), type -> type instanceof BtfType.Int i ? Optional.of(i) : Optional.empty());
    }

    /** Constants are not looked for by name: there is no index of them, and the enum's own name finds them all. */
    @Override
    public Optional<Enumerator> enumerator(String name) {
        return Optional.empty();
    }
}
