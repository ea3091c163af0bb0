package dev.sonde.btf;

import java.util.ArrayList;
import java.util.List;

/** Makes the record of one type from the words of its section. */
final class TypeDecoder {
    private static final int INT_SIGNED = 1;
    private static final int INT_CHAR = 2;
    private static final int INT_BOOL = 4;

    // All names of one type, in characters. An honest type has far less; a hostile one could name a long string a million times.
    private static final int NAMES_LIMIT = 16 << 20;

    private final TypeSection types;
    private final StringSection strings;
    private final int id;
    private final int at;
    private int names;

    /** {@code id} is in {@code types}. */
    TypeDecoder(TypeSection types, StringSection strings, int id) {
        this.types = types;
        this.strings = strings;
        this.id = id;
        this.at = types.start(id);
    }

    BtfType decode() {
        int number = types.kind(at);
        if (number >= BtfKind.COUNT) {
            throw types.malformed(at, "a kind up to " + (BtfKind.COUNT - 1) + ", not " + number);
        }
        int target = types.sizeOrType(at);
        return switch (BtfKind.of(number)) {
            case UNKN -> throw types.malformed(at, "a kind that is not 0");
            case INT -> integer();
            case PTR -> new BtfType.Ptr(id, target);
            case ARRAY -> new BtfType.Array(id, types.word(at + 3), types.word(at + 4), Integer.toUnsignedLong(types.word(at + 5)));
            case STRUCT -> new BtfType.Struct(id, name(at), Integer.toUnsignedLong(target), members());
            case UNION -> new BtfType.Union(id, name(at), Integer.toUnsignedLong(target), members());
            case ENUM -> new BtfType.Enum(id, name(at), target, types.kindFlag(at), enumerators());
            case ENUM64 -> new BtfType.Enum64(id, name(at), target, types.kindFlag(at), enumerators());
            case FWD -> new BtfType.Fwd(id, name(at), types.kindFlag(at));
            case TYPEDEF -> new BtfType.Typedef(id, name(at), target);
            case VOLATILE -> new BtfType.Volatile(id, target);
            case CONST -> new BtfType.Const(id, target);
            case RESTRICT -> new BtfType.Restrict(id, target);
            case FUNC -> new BtfType.Func(id, name(at), target, linkage(at + 1, types.vlen(at)));
            case FUNC_PROTO -> new BtfType.FuncProto(id, target, parameters());
            case VAR -> new BtfType.Var(id, name(at), target, linkage(at + 3, types.word(at + 3)));
            case DATASEC -> new BtfType.Datasec(id, name(at), Integer.toUnsignedLong(target), variables());
            case FLOAT -> new BtfType.Float(id, name(at), target);
            case DECL_TAG -> new BtfType.DeclTag(id, name(at), target, types.word(at + 3));
            case TYPE_TAG -> new BtfType.TypeTag(id, name(at), target, types.kindFlag(at));
        };
    }

    /** The enumerator called {@code name} of this enum; null when it has none. */
    Enumerator enumerator(byte[] name) {
        int width = enumeratorWords();
        int count = types.vlen(at);
        for (int i = 0; i < count; i++) {
            if (strings.is(types.word(at + 3 + i * width), name)) {
                return enumerator(i);
            }
        }
        return null;
    }

    private Enumerator enumerator(int index) {
        int width = enumeratorWords();
        int from = at + 3 + index * width;
        int low = types.word(from + 1);
        long value = width == 3
            ? Integer.toUnsignedLong(low) | (long) types.word(from + 2) << 32
            : types.kindFlag(at) ? low : Integer.toUnsignedLong(low);
        return new Enumerator(name(from), value, id);
    }

    private int enumeratorWords() {
        return types.kind(at) == BtfKind.ENUM64.ordinal() ? 3 : 2;
    }

    private List<Enumerator> enumerators() {
        int count = types.vlen(at);
        List<Enumerator> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(enumerator(i));
        }
        return values;
    }

    private BtfType.Int integer() {
        int data = types.word(at + 3);
        int encoding = data >>> 24 & 15;
        return new BtfType.Int(id, name(at), types.sizeOrType(at), (encoding & INT_SIGNED) != 0, (encoding & INT_CHAR) != 0,
            (encoding & INT_BOOL) != 0, data >>> 16 & 255, data & 255);
    }

    private List<Member> members() {
        int count = types.vlen(at);
        boolean packed = types.kindFlag(at);
        List<Member> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = at + 3 + i * 3;
            int offset = types.word(from + 2);
            String name = name(from);
            members.add(packed
                ? new Member(name, types.word(from + 1), offset & 0xffffff, offset >>> 24)
                : new Member(name, types.word(from + 1), Integer.toUnsignedLong(offset), 0));
        }
        return members;
    }

    private List<Parameter> parameters() {
        int count = types.vlen(at);
        List<Parameter> parameters = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = at + 3 + i * 2;
            parameters.add(new Parameter(name(from), types.word(from + 1)));
        }
        return parameters;
    }

    private List<BtfType.SecInfo> variables() {
        int count = types.vlen(at);
        List<BtfType.SecInfo> variables = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int from = at + 3 + i * 3;
            variables.add(new BtfType.SecInfo(types.word(from), Integer.toUnsignedLong(types.word(from + 1)),
                Integer.toUnsignedLong(types.word(from + 2))));
        }
        return variables;
    }

    private Linkage linkage(int at, int number) {
        return switch (number) {
            case 0 -> Linkage.STATIC;
            case 1 -> Linkage.GLOBAL;
            case 2 -> Linkage.EXTERN;
            default -> throw types.malformed(at, "a linkage of 0, 1 or 2, not " + Integer.toUnsignedString(number));
        };
    }

    /** The name whose offset is the word at {@code index}; a type's own is its first word. */
    private String name(int index) {
        String name = strings.get(types.word(index));
        names += name.length();
        if (names > NAMES_LIMIT) {
            throw types.malformed(index, "names of at most " + NAMES_LIMIT + " characters in all");
        }
        return name;
    }
}
