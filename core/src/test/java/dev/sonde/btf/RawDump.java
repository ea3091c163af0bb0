package dev.sonde.btf;

import java.util.List;

/** Writes types in the raw form of {@code bpftool btf dump file X}, so that the two can be compared whole. */
final class RawDump {
    private final Btf btf;
    private final StringBuilder out = new StringBuilder();

    private RawDump(Btf btf) {
        this.btf = btf;
    }

    static String of(Btf btf) {
        RawDump dump = new RawDump(btf);
        for (int id = btf.firstId(); id < btf.typeCount(); id++) {
            dump.type(id);
        }
        return dump.out.toString();
    }

    private void type(int id) {
        BtfType type = btf.type(id);
        String name = type.name().isEmpty() ? "(anon)" : type.name();
        out.append('[').append(id).append("] ").append(btf.kind(id)).append(" '").append(name).append('\'');
        switch (type) {
            case BtfType.Void _ -> throw new AssertionError("void in a type section");
            case BtfType.Int integer -> integer(integer);
            case BtfType.Array array -> put("type_id", array.type()).put("index_type_id", array.indexType()).put("nr_elems", array.nelems());
            case BtfType.Composite composite -> members(composite);
            case BtfType.Enumeration enumeration -> values(enumeration);
            case BtfType.Fwd forward -> out.append(" fwd_kind=").append(forward.isUnion() ? "union" : "struct");
            case BtfType.Func function -> put("type_id", function.type()).linkage(function.linkage());
            case BtfType.Var variable -> put("type_id", variable.type()).linkage(variable.linkage());
            case BtfType.FuncProto prototype -> parameters(prototype);
            case BtfType.Datasec section -> variables(section);
            case BtfType.Float number -> put("size", number.size());
            case BtfType.DeclTag tag -> put("type_id", tag.type()).put("component_idx", tag.componentIndex());
            case BtfType.Ptr pointer -> put("type_id", pointer.type());
            case BtfType.Typedef typedef -> put("type_id", typedef.type());
            case BtfType.Const qualified -> put("type_id", qualified.type());
            case BtfType.Volatile qualified -> put("type_id", qualified.type());
            case BtfType.Restrict qualified -> put("type_id", qualified.type());
            case BtfType.TypeTag tag -> put("type_id", tag.type());
        }
        out.append('\n');
    }

    private RawDump put(String key, long value) {
        out.append(' ').append(key).append('=').append(value);
        return this;
    }

    private void linkage(Linkage linkage) {
        out.append(" linkage=").append(linkage.name().toLowerCase());
    }

    private void integer(BtfType.Int integer) {
        int encoding = (integer.isSigned() ? 1 : 0) + (integer.isChar() ? 2 : 0) + (integer.isBool() ? 4 : 0);
        String[] names = {"(none)", "SIGNED", "CHAR", "UNKN", "BOOL", "UNKN", "UNKN", "UNKN"};
        put("size", integer.size()).put("bits_offset", integer.bitOffset()).put("nr_bits", integer.bits());
        out.append(" encoding=").append(names[encoding]);
    }

    private void members(BtfType.Composite composite) {
        put("size", composite.size()).put("vlen", composite.members().size());
        for (Member member : composite.members()) {
            element(member.name()).put("type_id", member.type()).put("bits_offset", member.bitOffset());
            if (member.isBitfield()) {
                put("bitfield_size", member.bitfieldSize());
            }
        }
    }

    private void values(BtfType.Enumeration enumeration) {
        out.append(" encoding=").append(enumeration.isSigned() ? "SIGNED" : "UNSIGNED");
        put("size", enumeration.size()).put("vlen", enumeration.values().size());
        for (Enumerator value : enumeration.values()) {
            String digits = enumeration.isSigned() ? Long.toString(value.value()) : Long.toUnsignedString(value.value());
            String suffix = enumeration instanceof BtfType.Enum64 ? enumeration.isSigned() ? "LL" : "ULL" : "";
            element(value.name()).out.append(" val=").append(digits).append(suffix);
        }
    }

    private void parameters(BtfType.FuncProto prototype) {
        put("ret_type_id", prototype.returnType()).put("vlen", prototype.parameters().size());
        for (Parameter parameter : prototype.parameters()) {
            element(parameter.name()).put("type_id", parameter.type());
        }
    }

    private void variables(BtfType.Datasec section) {
        List<BtfType.SecInfo> variables = section.variables();
        put("size", section.size()).put("vlen", variables.size());
        for (BtfType.SecInfo variable : variables) {
            out.append("\n\ttype_id=").append(variable.type());
            put("offset", variable.offset()).put("size", variable.size());
            out.append(" (").append(btf.kind(variable.type())).append(" '").append(btf.nameOf(variable.type())).append("')");
        }
    }

    private RawDump element(String name) {
        out.append("\n\t'").append(name.isEmpty() ? "(anon)" : name).append('\'');
        return this;
    }
}
