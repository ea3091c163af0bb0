package dev.sonde.btf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds a BTF blob for {@code BPF_BTF_LOAD} (Linux 4.18).
 *
 * <p>Types get the ids 1, 2, … in the order in which they are added; a type may name ids that come later. Equal strings are stored once, equal
 * types are not looked for. The ids inside the records that are added are those of this writer; their own {@code id()} is ignored.
 */
public final class BtfWriter {
    private static final int HEADER = 24;
    private static final int KIND_FLAG = 1 << 31;
    private static final int MOST_ELEMENTS = 0xffff;
    private static final long FLAGGED_OFFSETS = 1 << 24;

    private final Map<String, Integer> offsets = new HashMap<>();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private int[] words = new int[64];
    private int used;
    private int types;

    /** An empty blob. */
    public BtfWriter() {
        strings.write(0);
        offsets.put("", 0);
    }

    /** The offset of {@code text} in the string section, which it joins if it is new: a name or a source line for {@link LineInfo}. */
    public int string(String text) {
        Integer known = offsets.get(text);
        if (known != null) {
            return known;
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL within a BTF string");
        }
        int offset = strings.size();
        strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        strings.write(0);
        offsets.put(text, offset);
        return offset;
    }

    /** Adds {@code type} and gives its id. */
    public int add(BtfType type) {
        switch (type) {
            case BtfType.Void _ -> throw new IllegalArgumentException("void is id 0 and is not added");
            case BtfType.Int integer -> integer(integer);
            case BtfType.Ptr pointer -> head(BtfKind.PTR, "", 0, 0, pointer.type());
            case BtfType.Array array -> array(array);
            case BtfType.Struct struct -> composite(BtfKind.STRUCT, struct);
            case BtfType.Union union -> composite(BtfKind.UNION, union);
            case BtfType.Enum narrow -> enumeration(BtfKind.ENUM, narrow);
            case BtfType.Enum64 wide -> enumeration(BtfKind.ENUM64, wide);
            case BtfType.Fwd forward -> head(BtfKind.FWD, forward.name(), flag(forward.isUnion()), 0, 0);
            case BtfType.Typedef typedef -> head(BtfKind.TYPEDEF, typedef.name(), 0, 0, typedef.type());
            case BtfType.Volatile qualified -> head(BtfKind.VOLATILE, "", 0, 0, qualified.type());
            case BtfType.Const qualified -> head(BtfKind.CONST, "", 0, 0, qualified.type());
            case BtfType.Restrict qualified -> head(BtfKind.RESTRICT, "", 0, 0, qualified.type());
            case BtfType.Func function -> head(BtfKind.FUNC, function.name(), 0, function.linkage().ordinal(), function.type());
            case BtfType.FuncProto prototype -> prototype(prototype);
            case BtfType.Var variable -> variable(variable);
            case BtfType.Datasec section -> section(section);
            case BtfType.Float number -> head(BtfKind.FLOAT, number.name(), 0, 0, number.size());
            case BtfType.DeclTag tag -> declTag(tag);
            case BtfType.TypeTag tag -> head(BtfKind.TYPE_TAG, tag.name(), flag(tag.isAttribute()), 0, tag.type());
        }
        return types;
    }

    /** An integer of {@code size} bytes. */
    public int integer(String name, int size, boolean signed) {
        return add(new BtfType.Int(0, name, size, signed, false, false, 0, size * 8));
    }

    /** A pointer to {@code type}. */
    public int pointer(int type) {
        return add(new BtfType.Ptr(0, type));
    }

    /** An array of {@code count} elements of {@code type}, indexed by the integer {@code indexType}. */
    public int array(int type, int indexType, long count) {
        return add(new BtfType.Array(0, type, indexType, count));
    }

    /** A struct of {@code size} bytes. */
    public int struct(String name, long size, Member... members) {
        return add(new BtfType.Struct(0, name, size, List.of(members)));
    }

    /** An unsigned or signed enum of 4 bytes. */
    public int enumeration(String name, boolean signed, Enumerator... values) {
        return add(new BtfType.Enum(0, name, 4, signed, List.of(values)));
    }

    /** A typedef of {@code type}. */
    public int typedef(String name, int type) {
        return add(new BtfType.Typedef(0, name, type));
    }

    /** A prototype that returns {@code returnType}. */
    public int prototype(int returnType, Parameter... parameters) {
        return add(new BtfType.FuncProto(0, returnType, List.of(parameters)));
    }

    /** A function with {@code prototype}. */
    public int function(String name, int prototype, Linkage linkage) {
        return add(new BtfType.Func(0, name, prototype, linkage));
    }

    /** A variable of {@code type}. */
    public int variable(String name, int type, Linkage linkage) {
        return add(new BtfType.Var(0, name, type, linkage));
    }

    /** A section of {@code variables}, ordered by offset. */
    public int section(String name, long size, BtfType.SecInfo... variables) {
        return add(new BtfType.Datasec(0, name, size, List.of(variables)));
    }

    /** The blob, in this machine's byte order, as the kernel wants it. */
    public byte[] toBytes() {
        return toBytes(ByteOrder.nativeOrder());
    }

    byte[] toBytes(ByteOrder order) {
        int typeSize = used * 4;
        ByteBuffer out = ByteBuffer.allocate(HEADER + typeSize + strings.size()).order(order);
        out.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(HEADER);
        out.putInt(0).putInt(typeSize).putInt(typeSize).putInt(strings.size());
        out.asIntBuffer().put(words, 0, used);
        return out.position(HEADER + typeSize).put(strings.toByteArray()).array();
    }

    private void head(BtfKind kind, String name, int flag, int elements, int sizeOrType) {
        if (elements > MOST_ELEMENTS) {
            throw new IllegalArgumentException(elements + " elements in the type " + name + "; BTF allows " + MOST_ELEMENTS);
        }
        put(string(name));
        put(flag | kind.ordinal() << 24 | elements);
        put(sizeOrType);
        types++;
    }

    private void integer(BtfType.Int integer) {
        head(BtfKind.INT, integer.name(), 0, 0, integer.size());
        int encoding = (integer.isSigned() ? 1 : 0) | (integer.isChar() ? 2 : 0) | (integer.isBool() ? 4 : 0);
        put(encoding << 24 | integer.bitOffset() << 16 | integer.bits());
    }

    private void array(BtfType.Array array) {
        head(BtfKind.ARRAY, "", 0, 0, 0);
        put(array.type());
        put(array.indexType());
        put((int) array.nelems());
    }

    private void composite(BtfKind kind, BtfType.Composite composite) {
        boolean flagged = hasBitfield(composite.members());
        head(kind, composite.name(), flag(flagged), composite.members().size(), (int) composite.size());
        for (Member member : composite.members()) {
            if (flagged && member.bitOffset() >= FLAGGED_OFFSETS) {
                throw new IllegalArgumentException("member " + member.name() + " lies too far into a struct that has bit fields");
            }
            put(string(member.name()));
            put(member.type());
            put(member.bitfieldSize() << 24 | (int) member.bitOffset());
        }
    }

    private static boolean hasBitfield(List<Member> members) {
        for (Member member : members) {
            if (member.isBitfield()) {
                return true;
            }
        }
        return false;
    }

    private void enumeration(BtfKind kind, BtfType.Enumeration enumeration) {
        head(kind, enumeration.name(), flag(enumeration.isSigned()), enumeration.values().size(), enumeration.size());
        for (Enumerator value : enumeration.values()) {
            put(string(value.name()));
            put((int) value.value());
            if (kind == BtfKind.ENUM64) {
                put((int) (value.value() >>> 32));
            }
        }
    }

    private void prototype(BtfType.FuncProto prototype) {
        head(BtfKind.FUNC_PROTO, "", 0, prototype.parameters().size(), prototype.returnType());
        for (Parameter parameter : prototype.parameters()) {
            put(string(parameter.name()));
            put(parameter.type());
        }
    }

    private void variable(BtfType.Var variable) {
        head(BtfKind.VAR, variable.name(), 0, 0, variable.type());
        put(variable.linkage().ordinal());
    }

    private void section(BtfType.Datasec section) {
        head(BtfKind.DATASEC, section.name(), 0, section.variables().size(), (int) section.size());
        for (BtfType.SecInfo variable : section.variables()) {
            put(variable.type());
            put((int) variable.offset());
            put((int) variable.size());
        }
    }

    private void declTag(BtfType.DeclTag tag) {
        head(BtfKind.DECL_TAG, tag.name(), 0, 0, tag.type());
        put(tag.componentIndex());
    }

    private static int flag(boolean set) {
        return set ? KIND_FLAG : 0;
    }

    private void put(int word) {
        if (used == words.length) {
            words = Arrays.copyOf(words, used * 2);
        }
        words[used++] = word;
    }
}
