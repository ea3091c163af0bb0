package dev.sonde.output;

import dev.sonde.types.Aggregation;
import dev.sonde.types.Field;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.util.List;

/** Writes values as JSON: numbers, arrays and objects where the type has them, else a string of the value's text. */
final class ValueJson {
    private final ValueText text;
    private final TextBuffer scratch = new TextBuffer(256);

    ValueJson(ValueText text) {
        this.text = text;
    }

    /** Writes the value of {@code type} that starts at {@code b[at]}. */
    void write(TextBuffer out, Type type, byte[] b, int at) {
        switch (type) {
            case Type.None _, Type.Void _ -> out.put("null");
            case Type.Bool _ -> out.put(b[at] != 0 ? "true" : "false");
            case Type.Int(int size, boolean signed) -> integer(out, LittleEndian.integer(b, at, size, signed), signed);
            case Type.Enumeration e -> JsonText.integer(out, LittleEndian.integer(b, at, e.size(), e.signed()), e.signed());
            case Type.Pointer _ -> JsonText.integer(out, LittleEndian.int64(b, at), false);
            case Type.Buffer(int capacity) -> buffer(out, b, at + 4, BufferText.length(b, at, capacity));
            case Type.Array(Type element, int count) -> array(out, element, count, b, at);
            case Type.Struct s -> {
                out.put('{');
                fields(out, s, b, at, 0);
                out.put('}');
            }
            case Type.Tuple(List<Type> elements) -> tuple(out, elements, b, at);
            case Type.Named n -> named(out, n, b, at);
            case Type.Text _, Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _, Type.Timestamp _,
                    Type.Stack _, Type.SiteName _ -> string(out, type, b, at);
            case Type.Aggregate(Aggregation aggregation) -> totals(out, Totals.of(aggregation, b, at));
        }
    }

    /** A key as the name of a member: the text of the value without its outer parentheses and without spaces. */
    void key(TextBuffer out, Type type, byte[] b, int at) {
        text.write(scratch.cut(0), type, b, at);
        int length = scratch.length();
        boolean bare = length >= 2 && scratch.array()[0] == '(' && scratch.array()[length - 1] == ')';
        JsonText.string(out, scratch.array(), bare ? 1 : 0, bare ? length - 2 : length, true);
    }

    /** An aggregation that is one number or, for stats, three. */
    void totals(TextBuffer out, Totals totals) {
        boolean signed = totals.aggregation.signed();
        long shown = Totals.divide(totals.number(), text.divisor(), signed);
        if (totals.aggregation instanceof Aggregation.Stats) {
            JsonText.integer(out.put("{\"count\": "), totals.words()[1], false);
            JsonText.integer(out.put(", \"average\": "), shown, signed);
            JsonText.integer(out.put(", \"total\": "), totals.words()[0], signed);
            out.put('}');
        } else {
            JsonText.integer(out, shown, signed);
        }
    }

    private void integer(TextBuffer out, long value, boolean signed) {
        JsonText.integer(out, Totals.divide(value, text.divisor(), signed), signed);
    }

    private void string(TextBuffer out, Type type, byte[] b, int at) {
        text.write(scratch.cut(0), type, b, at);
        JsonText.string(out, scratch.array(), 0, scratch.length(), false);
    }

    private static void buffer(TextBuffer out, byte[] b, int at, int length) {
        out.put('[');
        for (int i = 0; i < length; i++) {
            if (i > 0) {
                out.put(',');
            }
            out.decimal(b[at + i]);
        }
        out.put(']');
    }

    private void array(TextBuffer out, Type element, int count, byte[] b, int at) {
        out.put('[');
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.put(',');
            }
            write(out, element, b, at + i * element.size());
        }
        out.put(']');
    }

    private void tuple(TextBuffer out, List<Type> elements, byte[] b, int at) {
        out.put('[');
        for (int i = 0; i < elements.size(); i++) {
            if (i > 0) {
                out.put(',');
            }
            write(out, elements.get(i), b, at + Layout.tupleOffset(elements, i));
        }
        out.put(']');
    }

    private void named(TextBuffer out, Type.Named type, byte[] b, int at) {
        out.put('{');
        for (int i = 0; i < type.names().size(); i++) {
            member(out, type.names().get(i), i);
            write(out, type.elements().get(i), b, at + Layout.tupleOffset(type.elements(), i));
        }
        out.put('}');
    }

    private static void member(TextBuffer out, String name, int index) {
        if (index > 0) {
            out.put(", ");
        }
        JsonText.string(out, name);
        out.put(": ");
    }

    private int fields(TextBuffer out, Type.Struct type, byte[] b, int at, int before) {
        int written = before;
        for (Field field : type.fields().all()) {
            if (!field.name().isEmpty()) {
                member(out, field.name(), written++);
                field(out, field, b, at + field.offset());
            } else if (field.type() instanceof Type.Struct inner) {
                written = fields(out, inner, b, at + field.offset(), written);
            }
        }
        return written;
    }

    private void field(TextBuffer out, Field field, byte[] b, int at) {
        if (!field.isBitField()) {
            write(out, field.type(), b, at);
            return;
        }
        boolean signed = field.type().isSigned();
        long value = LittleEndian.bits(b, at, field.bitShift(), field.bitWidth(), signed);
        if (field.type() instanceof Type.Bool) {
            out.put(value != 0 ? "true" : "false");
        } else {
            integer(out, value, signed);
        }
    }
}
