package dev.sonde.types;

import dev.sonde.btf.BtfType;
import dev.sonde.btf.Enumerator;
import dev.sonde.btf.Member;
import dev.sonde.btf.TypeGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The types of a graph as script types: those of a kernel, or of a program. A struct's fields are read when they are first asked for.
 *
 * <p>An array of {@code char} is a string. A pointer points into the graph's own address space unless it carries the {@code user} type tag.
 */
public final class GraphTypes {
    private final TypeGraph graph;
    private final AddressSpace space;
    private final Map<Integer, Type> converted = new HashMap<>();

    /** Types of {@code graph}, whose pointers point into {@code space}. */
    public GraphTypes(TypeGraph graph, AddressSpace space) {
        this.graph = graph;
        this.space = space;
    }

    /** The struct or union of that name; {@code tag} is the keyword. */
    public Optional<Type> struct(String tag, String name) {
        return (tag.equals("union") ? graph.union(name).map(BtfType::id) : graph.struct(name).map(BtfType::id)).map(this::of);
    }

    /** The enum of that name. */
    public Optional<Type> enumeration(String name) {
        return graph.enumeration(name).map(e -> of(e.id()));
    }

    /** The typedef or base type of that name. */
    public Optional<Type> named(String name) {
        return graph.typedef(name).map(BtfType::id).or(() -> graph.integer(name).map(BtfType::id)).map(this::of);
    }

    /** The value of an enumerator of any enum. */
    public OptionalLong enumerator(String name) {
        Optional<Enumerator> found = graph.enumerator(name);
        return found.isPresent() ? OptionalLong.of(found.get().value()) : OptionalLong.empty();
    }

    /** The enum type that an enumerator belongs to. */
    public Optional<Type> enumOf(String enumerator) {
        return graph.enumerator(enumerator).filter(e -> e.enumId() != 0).map(e -> of(e.enumId()));
    }

    /** The type of that id. */
    public Type of(int id) {
        Type known = converted.get(id);
        if (known == null) {
            known = convert(id);
            converted.put(id, known);
        }
        return known;
    }

    private Type convert(int id) {
        BtfType type = graph.type(id);
        return switch (type) {
            case BtfType.Void _ -> Type.VOID;
            case BtfType.Int i -> integer(i);
            case BtfType.Ptr p -> pointer(p);
            case BtfType.Array a -> array(a);
            case BtfType.Composite c -> new Type.Struct(c instanceof BtfType.Union ? "union" : "struct", c.name(), (int) c.size(), fields(c));
            case BtfType.Enumeration e -> new Type.Enumeration(e.name(), e.size(), e.isSigned(), names(e));
            case BtfType.Fwd f -> forward(f);
            case BtfType.Typedef t -> of(t.type());
            case BtfType.Volatile t -> of(t.type());
            case BtfType.Const t -> of(t.type());
            case BtfType.Restrict t -> of(t.type());
            case BtfType.TypeTag t -> of(t.type());
            case BtfType.Float f -> new Type.Array(Type.UINT8, f.size());
            case BtfType.Func _, BtfType.FuncProto _, BtfType.Datasec _, BtfType.DeclTag _ -> Type.VOID;
            case BtfType.Var v -> of(v.type());
        };
    }

    private static Type integer(BtfType.Int type) {
        if (type.isBool()) {
            return Type.BOOL;
        }
        return switch (type.size()) {
            case 1, 2, 4, 8 -> new Type.Int(type.size(), type.isSigned());
            default -> new Type.Array(Type.UINT8, type.size());
        };
    }

    private Type pointer(BtfType.Ptr pointer) {
        AddressSpace pointed = space;
        for (BtfType target = graph.type(pointer.type()); target instanceof BtfType.TypeTag tag; target = graph.type(tag.type())) {
            if (tag.name().equals("user")) {
                pointed = AddressSpace.USER;
            }
        }
        // A struct may point to itself: its own conversion does not look at its fields, so this ends.
        return new Type.Pointer(of(pointer.type()), pointed);
    }

    private Type array(BtfType.Array array) {
        int count = (int) Math.min(Integer.MAX_VALUE / 4096, array.nelems());
        boolean chars = graph.type(graph.resolve(array.type())) instanceof BtfType.Int i && i.size() == 1 && (i.isChar() || i.name().equals("char"));
        return chars ? new Type.Text(count) : new Type.Array(of(array.type()), count);
    }

    private Type forward(BtfType.Fwd forward) {
        String tag = forward.isUnion() ? "union" : "struct";
        if (graph.hasQuickNames()) {
            OptionalInt whole = definition(forward);
            return whole.isPresent() ? of(whole.getAsInt()) : new Type.Struct(tag, forward.name(), 0, Fields.of(List.of()));
        }
        return new Type.Struct(tag, forward.name(), 0, () -> {
            OptionalInt whole = definition(forward);
            return whole.isPresent() && of(whole.getAsInt()) instanceof Type.Struct struct && struct.size() > 0 ? struct.fields().all() : List.of();
        });
    }

    private OptionalInt definition(BtfType.Fwd forward) {
        Optional<Integer> found = forward.isUnion() ? graph.union(forward.name()).map(BtfType.Union::id)
                : graph.struct(forward.name()).map(BtfType.Struct::id);
        return found.isPresent() ? OptionalInt.of(found.get()) : OptionalInt.empty();
    }

    private Fields fields(BtfType.Composite composite) {
        return new Fields() {
            private List<Field> read;

            @Override
            public List<Field> all() {
                if (read == null) {
                    List<Field> fields = new ArrayList<>();
                    for (Member member : composite.members()) {
                        fields.add(field(member));
                    }
                    read = List.copyOf(fields);
                }
                return read;
            }
        };
    }

    private Field field(Member member) {
        Type type = of(member.type());
        if (!member.isBitfield()) {
            return Field.plain(member.name(), type, (int) (member.bitOffset() / 8));
        }
        int unit = Math.max(1, type.size());
        int offset = (int) (member.bitOffset() / 8 / unit * unit);
        int shift = (int) (member.bitOffset() - 8L * offset);
        if (shift + member.bitfieldSize() > 8 * unit) {
            offset = (int) (member.bitOffset() / 8);
            shift = (int) (member.bitOffset() % 8);
        }
        return new Field(member.name(), type, offset, shift, member.bitfieldSize());
    }

    private static Map<Long, String> names(BtfType.Enumeration enumeration) {
        Map<Long, String> names = new LinkedHashMap<>();
        for (Enumerator value : enumeration.values()) {
            names.putIfAbsent(value.value(), value.name());
        }
        return names;
    }
}
