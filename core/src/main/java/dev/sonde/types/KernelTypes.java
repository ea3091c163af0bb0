package dev.sonde.types;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfType;
import dev.sonde.btf.Enumerator;
import dev.sonde.btf.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The kernel's types as script types. BTF is opened at the first question and a struct's fields are read when they are first asked for, so a script
 * that names no kernel type pays nothing.
 *
 * <p>An array of {@code char} is a string. A pointer points into the kernel unless it carries the {@code user} type tag.
 */
public final class KernelTypes {
    private final Supplier<Optional<Btf>> source;
    private final Map<Integer, Type> converted = new HashMap<>();
    private Optional<Btf> btf;

    /** Types of the BTF that {@code source} gives; it is asked at most once. */
    public KernelTypes(Supplier<Optional<Btf>> source) {
        this.source = source;
    }

    /** The BTF below, when the kernel has it. */
    public Optional<Btf> btf() {
        if (btf == null) {
            btf = source.get();
        }
        return btf;
    }

    /** The struct or union of that name; {@code tag} is the keyword. */
    public Optional<Type> struct(String tag, String name) {
        return btf().flatMap(b -> (tag.equals("union") ? b.union(name).map(BtfType::id) : b.struct(name).map(BtfType::id))).map(this::of);
    }

    /** The enum of that name. */
    public Optional<Type> enumeration(String name) {
        return btf().flatMap(b -> b.enumeration(name)).map(e -> of(e.id()));
    }

    /** The typedef or base type of that name. */
    public Optional<Type> named(String name) {
        return btf().flatMap(b -> b.typedef(name).map(BtfType::id).or(() -> b.integer(name).map(BtfType::id))).map(this::of);
    }

    /** The value of an enumerator of any enum. */
    public OptionalLong enumerator(String name) {
        Optional<Enumerator> found = btf().flatMap(b -> b.enumerator(name));
        return found.isPresent() ? OptionalLong.of(found.get().value()) : OptionalLong.empty();
    }

    /** The enum type that an enumerator belongs to. */
    public Optional<Type> enumOf(String enumerator) {
        return btf().flatMap(b -> b.enumerator(enumerator)).filter(e -> e.enumId() != 0).map(e -> of(e.enumId()));
    }

    /** The type of that BTF id. */
    public Type of(int id) {
        Type known = converted.get(id);
        if (known == null) {
            known = convert(btf().orElseThrow(), id);
            converted.put(id, known);
        }
        return known;
    }

    private Type convert(Btf b, int id) {
        BtfType type = b.type(id);
        return switch (type) {
            case BtfType.Void _ -> Type.VOID;
            case BtfType.Int i -> integer(i);
            case BtfType.Ptr p -> pointer(b, p);
            case BtfType.Array a -> array(b, a);
            case BtfType.Composite c -> new Type.Struct(c instanceof BtfType.Union ? "union" : "struct", c.name(), (int) c.size(), fields(c));
            case BtfType.Enumeration e -> new Type.Enumeration(e.name(), e.size(), e.isSigned(), names(e));
            case BtfType.Fwd f -> forward(b, f);
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

    private Type pointer(Btf b, BtfType.Ptr pointer) {
        AddressSpace space = AddressSpace.KERNEL;
        for (BtfType target = b.type(pointer.type()); target instanceof BtfType.TypeTag tag; target = b.type(tag.type())) {
            if (tag.name().equals("user")) {
                space = AddressSpace.USER;
            }
        }
        // A struct may point to itself: its own conversion does not look at its fields, so this ends.
        return new Type.Pointer(of(pointer.type()), space);
    }

    private Type array(Btf b, BtfType.Array array) {
        int count = (int) Math.min(Integer.MAX_VALUE / 4096, array.nelems());
        boolean chars = b.type(b.resolve(array.type())) instanceof BtfType.Int i && i.size() == 1 && (i.isChar() || i.name().equals("char"));
        return chars ? new Type.Text(count) : new Type.Array(of(array.type()), count);
    }

    private Type forward(Btf b, BtfType.Fwd forward) {
        OptionalInt whole = forward.isUnion()
                ? b.union(forward.name()).map(u -> OptionalInt.of(u.id())).orElse(OptionalInt.empty())
                : b.struct(forward.name()).map(s -> OptionalInt.of(s.id())).orElse(OptionalInt.empty());
        return whole.isPresent() ? of(whole.getAsInt()) : new Type.Struct(forward.isUnion() ? "union" : "struct", forward.name(), 0, Fields.of(List.of()));
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
