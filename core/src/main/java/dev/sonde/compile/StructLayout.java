package dev.sonde.compile;

import dev.sonde.syntax.Definition;
import dev.sonde.types.Field;
import dev.sonde.types.Fields;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;

/** Lays out one struct or union of a script's C part by the System V ABI: natural alignment, bit fields packed into units of their type. */
final class StructLayout {
    private final ScriptTypes types;
    private final Definition.Aggregate aggregate;
    private final List<Field> fields = new ArrayList<>();
    private long bits;
    private int size;
    private int alignment = 1;

    StructLayout(ScriptTypes types, Definition.Aggregate aggregate) {
        this.types = types;
        this.aggregate = aggregate;
    }

    /** The type. */
    Type lay() {
        for (Definition.Declarator declarator : aggregate.fields().orElseThrow()) {
            add(declarator);
        }
        alignment = Math.max(alignment, aggregate.aligned());
        int whole = Layout.align(Math.max(size, (int) ((bits + 7) / 8)), alignment);
        return new Type.Struct(aggregate.union() ? "union" : "struct", aggregate.name().orElse(""), whole, Fields.of(fields));
    }

    private void add(Definition.Declarator declarator) {
        Type type = types.field(declarator);
        int align = aggregate.packed() ? 1 : Math.max(cAlignment(type), wordAlignment(declarator));
        if (aggregate.union()) {
            bits = 0;
        }
        String name = declarator.name().orElse("");
        if (declarator.bits().isPresent()) {
            int width = (int) types.evaluate(declarator.bits().get()).orElse(0);
            types.checkWidth(declarator, type, width);
            bitField(name, type, width);
        } else {
            int offset = Layout.align((int) ((bits + 7) / 8), align);
            fields.add(Field.plain(name, type, offset));
            bits = 8L * (offset + type.size());
        }
        alignment = Math.max(alignment, align);
        size = Math.max(size, (int) ((bits + 7) / 8));
    }

    private void bitField(String name, Type type, int width) {
        int unit = 8 * Math.max(1, type.size());
        if (width == 0) {
            bits = (bits + unit - 1) / unit * unit;
            return;
        }
        if (!aggregate.packed() && bits / unit != (bits + width - 1) / unit) {
            bits = (bits + unit - 1) / unit * unit;
        }
        int offset = (int) (bits / unit * (unit / 8));
        fields.add(new Field(name, type, offset, (int) (bits - 8L * offset), width));
        bits += width;
    }

    /** What has 16 bytes without being a struct or an array is aligned to all of them. */
    private static int wordAlignment(Definition.Declarator declarator) {
        boolean wide = declarator.pointers() == 0 && declarator.base() instanceof Definition.CType.Named(_, String name)
                && (name.contains("__int128") || name.contains("long") && name.contains("double"));
        return wide ? 16 : 1;
    }

    private static int cAlignment(Type type) {
        return switch (type) {
            case Type.Struct s -> structAlignment(s);
            case Type.Array(Type element, _) -> cAlignment(element);
            case Type.None _, Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Tuple _,
                    Type.Named _, Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _,
                    Type.Timestamp _, Type.Stack _, Type.SiteName _, Type.Aggregate _ -> type.alignment();
        };
    }

    private static int structAlignment(Type.Struct struct) {
        int alignment = 1;
        for (Field field : struct.fields().all()) {
            alignment = Math.max(alignment, cAlignment(field.type()));
        }
        return alignment;
    }
}
