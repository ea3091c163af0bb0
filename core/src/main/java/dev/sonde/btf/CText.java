package dev.sonde.btf;

import dev.sonde.bytes.MalformedException;
import java.util.List;

/**
 * Writes one C text. A declaration is built from the inside out: pointers go before what is there, arrays and parameters behind it, the base
 * type in front of all.
 */
final class CText {
    /** Characters handled for one text; ids of a malformed blob can name each other without end. */
    private static final int LIMIT = 8 << 20;

    private final Btf btf;
    private final boolean offsets;
    private final Alignment alignment;
    private int spent;

    CText(Btf btf, boolean offsets) {
        this.btf = btf;
        this.offsets = offsets;
        this.alignment = new Alignment(btf);
    }

    /** {@code name} declared with type {@code id}; {@code level} is how deep in braces this stands. */
    String declaration(int id, String name, int level) {
        String declarator = name;
        String qualifiers = "";
        int current = id;
        for (int depth = 0; depth < Layout.DEPTH; depth++) {
            spend(id, declarator.length() + qualifiers.length() + 1);
            BtfType type = btf.type(current);
            if (type instanceof BtfType.Ptr pointer) {
                declarator = qualifiers.isEmpty() ? pointer(pointer, declarator) : pointer(pointer, joined(qualifiers.strip(), declarator));
                qualifiers = "";
                current = pointer.type();
            } else if (type instanceof BtfType.Array array) {
                declarator = declarator + "[" + array.nelems() + "]";
                current = array.type();
            } else if (type instanceof BtfType.FuncProto prototype) {
                declarator = declarator + parameters(prototype, level);
                current = prototype.returnType();
            } else if (isQualifier(type)) {
                qualifiers = qualifiers.contains(qualifier(type)) ? qualifiers : qualifier(type) + qualifiers;
                current = Layout.target(type);
            } else {
                return joined(qualifiers + base(type, level), declarator);
            }
        }
        throw Layout.cyclic(id);
    }

    private static String joined(String left, String right) {
        return right.isEmpty() ? left : left + " " + right;
    }

    /** {@code *} and what it applies to, in parentheses where an array or a function follows. */
    private String pointer(BtfType.Ptr pointer, String declarator) {
        boolean glued = declarator.isEmpty() || declarator.charAt(0) != '(' && !startsWithQualifier(declarator);
        String starred = glued ? "*".concat(declarator) : "* ".concat(declarator);
        BtfType target = btf.type(unqualified(pointer.type()));
        return target instanceof BtfType.FuncProto || target instanceof BtfType.Array ? "(" + starred + ")" : starred;
    }

    private static boolean startsWithQualifier(String declarator) {
        return startsWithWord(declarator, "const") || startsWithWord(declarator, "volatile") || startsWithWord(declarator, "restrict");
    }

    private static boolean startsWithWord(String text, String word) {
        return text.startsWith(word) && (text.length() == word.length() || text.charAt(word.length()) == ' ');
    }

    private int unqualified(int id) {
        int current = id;
        for (int depth = 0; depth < Layout.DEPTH; depth++) {
            BtfType type = btf.type(current);
            if (!isQualifier(type)) {
                return current;
            }
            current = Layout.target(type);
        }
        throw Layout.cyclic(id);
    }

    private static boolean isQualifier(BtfType type) {
        return type instanceof BtfType.Const || type instanceof BtfType.Volatile || type instanceof BtfType.Restrict
            || type instanceof BtfType.TypeTag;
    }

    /** A const array is recorded as a const array of const elements, but C says {@code const} once. */
    private static String qualifier(BtfType type) {
        if (type instanceof BtfType.Const) {
            return "const ";
        }
        if (type instanceof BtfType.Volatile) {
            return "volatile ";
        }
        return type instanceof BtfType.Restrict ? "restrict " : "";
    }

    private String parameters(BtfType.FuncProto prototype, int level) {
        List<Parameter> parameters = prototype.parameters();
        if (parameters.isEmpty()) {
            return "(void)";
        }
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            text.append(i == 0 ? "" : ", ").append(parameter.isVararg() ? "..." : nested(parameter.type(), parameter.name(), level));
        }
        return text.append(')').toString();
    }

    /** A declaration in braces or parentheses, which must end somewhere. */
    private String nested(int id, String name, int level) {
        if (level > Layout.DEPTH) {
            throw Layout.cyclic(id);
        }
        String text = declaration(id, name, level + 1);
        spend(id, text.length());
        return text;
    }

    private String base(BtfType type, int level) {
        return switch (type) {
            case BtfType.Void _ -> "void";
            case BtfType.Composite composite -> composite.name().isEmpty() ? body(composite, level) : keyword(composite).concat(composite.name());
            case BtfType.Enumeration enumeration ->
                enumeration.name().isEmpty() ? body(enumeration, level) : "enum ".concat(enumeration.name());
            case BtfType.Fwd forward -> (forward.isUnion() ? "union " : "struct ").concat(forward.name());
            case BtfType.Int _, BtfType.Float _, BtfType.Typedef _, BtfType.Func _, BtfType.Var _, BtfType.Datasec _, BtfType.DeclTag _,
                 BtfType.Ptr _, BtfType.Array _, BtfType.FuncProto _, BtfType.Const _, BtfType.Volatile _, BtfType.Restrict _,
                 BtfType.TypeTag _ -> type.name();
        };
    }

    private static String keyword(BtfType.Composite composite) {
        return composite instanceof BtfType.Struct ? "struct " : "union ";
    }

    /** An enum with its constants in braces. */
    String body(BtfType.Enumeration enumeration, int level) {
        StringBuilder text = new StringBuilder(joined("enum", enumeration.name())).append(" {\n");
        boolean wide = enumeration instanceof BtfType.Enum64;
        for (Enumerator value : enumeration.values()) {
            spend(enumeration.id(), value.name().length() + level);
            indent(text, level + 1).append(value.name()).append(" = ");
            text.append(enumeration.isSigned() ? Long.toString(value.value()) : Long.toUnsignedString(value.value()));
            text.append(wide ? enumeration.isSigned() ? "LL" : "ULL" : "").append(",\n");
        }
        return indent(text, level).append('}').append(mode(enumeration)).toString();
    }

    /** The attribute that makes an enum narrower than an {@code int}, or as wide as a {@code long} though its constants are not. */
    private static String mode(BtfType.Enumeration enumeration) {
        return switch (enumeration.size()) {
            case 1 -> " __attribute__((mode(byte)))";
            case 2 -> " __attribute__((mode(HI)))";
            case 8 -> enumeration instanceof BtfType.Enum ? " __attribute__((mode(word)))" : "";
            default -> "";
        };
    }

    /** A struct or union with its members in braces. */
    String body(BtfType.Composite composite, int level) {
        StringBuilder text = new StringBuilder(joined(keyword(composite).strip(), composite.name())).append(" {");
        boolean packed = alignment.isPacked(composite);
        Padding padding = new Padding(text, level + 1);
        for (Member member : composite.members()) {
            if (composite instanceof BtfType.Struct) {
                padding.before(member, packed ? 1 : alignment.of(member.type()), sizeOf(member));
            }
            indent(text.append('\n'), level + 1).append(nested(member.type(), member.name(), level));
            member(text, member);
        }
        if (composite instanceof BtfType.Struct) {
            padding.atEnd(composite, packed ? 1 : alignment.of(composite.id()));
        }
        if (!composite.members().isEmpty() || composite.size() != 0) {
            indent(text.append('\n'), level);
        }
        return text.append(packed ? "} __attribute__((packed))" : "}").toString();
    }

    private void member(StringBuilder text, Member member) {
        if (member.isBitfield()) {
            text.append(": ").append(member.bitfieldSize());
        }
        text.append(';');
        if (offsets) {
            offset(text.append(" /* ").append(member.offset()), member).append(" */");
        }
    }

    private StringBuilder offset(StringBuilder text, Member member) {
        return member.isBitfield() ? text.append(':').append(member.bitOffset() % 8) : text.append(' ').append(sizeOf(member) / 8);
    }

    /** Size in bits. */
    private long sizeOf(Member member) {
        return member.isBitfield() ? member.bitfieldSize() : 8 * btf.sizeOf(member.type()).orElse(0);
    }

    static StringBuilder indent(StringBuilder text, int level) {
        return text.repeat('\t', level);
    }

    private void spend(int id, int characters) {
        spent += characters + 1;
        if (spent > LIMIT) {
            throw new MalformedException("BTF types", 0, "a C text of type id " + id + " of at most " + LIMIT + " characters");
        }
    }
}
