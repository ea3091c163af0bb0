package dev.sonde.btf;

/**
 * Prints types as C, in the form of {@code bpftool btf dump format c}: tabs, the compiler's names of the integers, explicit padding where
 * alignment alone would not place a member, {@code __attribute__((packed))}.
 *
 * <p>Type tags are left out. A renderer has no state and may be shared.
 */
public final class CRenderer {
    private final Btf btf;
    private final boolean offsets;

    /** A renderer of {@code btf}'s types. */
    public CRenderer(Btf btf) {
        this(btf, false);
    }

    /** With {@code offsets}, each member is followed by a comment with its offset and its size in bytes, or in bits as {@code byte:bit}. */
    public CRenderer(Btf btf, boolean offsets) {
        this.btf = btf;
        this.offsets = offsets;
    }

    /** The definition of type {@code id}, with its semicolon and without a newline at the end: {@code struct list_head {...};}. */
    public String definition(int id) {
        CText text = new CText(btf, offsets);
        return switch (btf.type(id)) {
            case BtfType.Composite composite -> text.body(composite, 0).concat(";");
            case BtfType.Enumeration enumeration -> text.body(enumeration, 0).concat(";");
            case BtfType.Typedef typedef -> "typedef " + text.declaration(typedef.type(), typedef.name(), 0) + ";";
            case BtfType.Func function -> text.declaration(function.type(), function.name(), 0).concat(";");
            case BtfType.Var variable -> text.declaration(variable.type(), variable.name(), 0).concat(";");
            case BtfType.Datasec section -> "/* section " + section.name() + ": " + section.variables().size() + " variables */";
            case BtfType.DeclTag tag -> "/* tag " + tag.name() + " of " + btf.nameOf(tag.type()) + " */";
            case BtfType.Void _, BtfType.Int _, BtfType.Ptr _, BtfType.Array _, BtfType.Fwd _, BtfType.Volatile _, BtfType.Const _,
                 BtfType.Restrict _, BtfType.FuncProto _, BtfType.Float _, BtfType.TypeTag _ -> text.declaration(id, "", 0).concat(";");
        };
    }

    /** The name of type {@code id} as a cast spells it: {@code const struct sk_buff *}, {@code int (*)(void *)}. */
    public String typeName(int id) {
        return new CText(btf, offsets).declaration(id, "", 0);
    }

    /** The declaration of {@code name} with type {@code id}: {@code struct sk_buff *skb}, {@code u8 mac[6]}, {@code int (*fn)(void *)}. */
    public String declaration(int id, String name) {
        return new CText(btf, offsets).declaration(id, name, 0);
    }

    /**
     * A parameter or field as probe listings print it: the type's name, a space, the name ({@code struct sk_buff * skb},
     * {@code int (*)(void *) fn}); an array as C declares it ({@code unsigned char mac[6]}); variable arguments as {@code ...}.
     */
    public String parameter(int id, String name) {
        if (id == 0) {
            return "...";
        }
        boolean plain = name.isEmpty() || btf.type(btf.resolve(id)) instanceof BtfType.Array;
        return plain ? declaration(id, name) : typeName(id) + " " + name;
    }
}
