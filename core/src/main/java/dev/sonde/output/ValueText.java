package dev.sonde.output;

import dev.sonde.spec.TraceSpec;
import dev.sonde.types.Field;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.util.List;

/** Writes values as text: what {@code print} and {@code %s} show. */
final class ValueText {
    private static final byte[] TRUE = TextBuffer.ascii("true");
    private static final byte[] FALSE = TextBuffer.ascii("false");

    private final Resolver resolver;
    private final List<TraceSpec.Site> sites;
    private final byte[] trailer;
    private final StackText stacks;
    private boolean plus;
    private long divisor = 1;

    ValueText(Resolver resolver, TraceSpec spec) {
        this.resolver = resolver;
        sites = spec.sites();
        trailer = TextBuffer.ascii(spec.options().truncationTrailer());
        stacks = new StackText(resolver);
    }

    /** Whether a {@code +} goes before signed integers that are not negative. */
    void plus(boolean on) {
        plus = on;
    }

    /** What integers are divided by. */
    void divisor(long value) {
        divisor = value == 0 ? 1 : value;
    }

    long divisor() {
        return divisor;
    }

    /** Writes the value of {@code type} that starts at {@code b[at]}. */
    void write(TextBuffer out, Type type, byte[] b, int at) {
        switch (type) {
            case Type.None _, Type.Void _ -> out.put("null");
            case Type.Bool _ -> out.put(b[at] != 0 ? TRUE : FALSE);
            case Type.Int(int size, boolean signed) -> integer(out, LittleEndian.integer(b, at, size, signed), signed);
            case Type.Enumeration e -> enumerator(out, e, LittleEndian.integer(b, at, e.size(), e.signed()));
            case Type.Text(int capacity) -> text(out, b, at, capacity);
            case Type.Buffer(int capacity) -> BufferText.plain(out, b, at + 4, BufferText.length(b, at, capacity));
            case Type.Pointer _ -> out.put('0').put('x').hex(LittleEndian.int64(b, at));
            case Type.Array(Type element, int count) -> array(out, element, count, b, at);
            case Type.Struct s -> struct(out, s, b, at);
            case Type.Tuple(List<Type> elements) -> tuple(out, elements, b, at);
            case Type.Named n -> named(out, n, b, at);
            case Type.Inet _ -> AddressText.inet(out, b, at);
            case Type.Mac _ -> AddressText.mac(out, b, at);
            case Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _, Type.Timestamp _, Type.SiteName _ ->
                name(out, type, b, at);
            case Type.Stack stack -> stacks.write(out, stack, LittleEndian.int64(b, at), LittleEndian.int32(b, at + 8));
            case Type.Aggregate(var aggregation) -> AggregateText.write(out, Totals.of(aggregation, b, at), divisor);
        }
    }

    private void name(TextBuffer out, Type type, byte[] b, int at) {
        long value = LittleEndian.int64(b, at);
        switch (type) {
            case Type.Username _ -> out.put(resolver.username(value));
            case Type.KernelSymbol _ -> out.put(resolver.kernelSymbol(value));
            case Type.UserSymbol _ -> out.put(resolver.userSymbol(value, LittleEndian.int32(b, at + 8)));
            case Type.CgroupPath(String controller) -> out.put(resolver.cgroupPath(value, controller));
            case Type.Timestamp(String format, var clock) -> TimeFormat.event(out, format, resolver.wallClock(clock, value));
            case Type.SiteName(boolean function) -> site(out, value, function);
            case Type.None _, Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Array _,
                    Type.Struct _, Type.Tuple _, Type.Named _, Type.Inet _, Type.Mac _, Type.Stack _, Type.Aggregate _ ->
                throw new IllegalArgumentException(type.toString());
        }
    }

    private void site(TextBuffer out, long index, boolean function) {
        if (index >= 0 && index < sites.size()) {
            TraceSpec.Site site = sites.get((int) index);
            out.put(function ? site.function() : site.probe());
        }
    }

    private void integer(TextBuffer out, long value, boolean signed) {
        long shown = divisor == 1 ? value : signed ? value / divisor : Long.divideUnsigned(value, divisor);
        if (!signed) {
            out.unsigned(shown);
            return;
        }
        if (plus && shown >= 0) {
            out.put('+');
        }
        out.decimal(shown);
    }

    private static void enumerator(TextBuffer out, Type.Enumeration type, long value) {
        String name = type.names().get(value);
        if (name != null) {
            out.put(name);
        } else {
            out.decimal(value);
        }
    }

    /** A string; one without a NUL in its capacity was cut and gets the trailer. */
    void text(TextBuffer out, byte[] b, int at, int capacity) {
        int length = LittleEndian.textLength(b, at, capacity);
        out.put(b, at, length);
        if (length == capacity) {
            out.put(trailer);
        }
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
        out.put('(');
        for (int i = 0; i < elements.size(); i++) {
            if (i > 0) {
                out.put(',').put(' ');
            }
            write(out, elements.get(i), b, at + Layout.tupleOffset(elements, i));
        }
        out.put(')');
    }

    private void named(TextBuffer out, Type.Named type, byte[] b, int at) {
        out.put('{');
        for (int i = 0; i < type.names().size(); i++) {
            out.put(i == 0 ? " ." : ", .").put(type.names().get(i)).put(" = ");
            write(out, type.elements().get(i), b, at + Layout.tupleOffset(type.elements(), i));
        }
        out.put(type.names().isEmpty() ? "}" : " }");
    }

    private void struct(TextBuffer out, Type.Struct type, byte[] b, int at) {
        out.put('{');
        int fields = fields(out, type, b, at, 0);
        out.put(fields == 0 ? "}" : " }");
    }

    /** Writes the fields of {@code type}, those of anonymous members among them; returns how many are written by now. */
    private int fields(TextBuffer out, Type.Struct type, byte[] b, int at, int before) {
        int written = before;
        for (Field field : type.fields().all()) {
            if (!field.name().isEmpty()) {
                out.put(written++ == 0 ? " ." : ", .").put(field.name()).put(" = ");
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
        switch (field.type()) {
            case Type.Enumeration e -> enumerator(out, e, value);
            case Type.Bool _ -> out.put(value != 0 ? TRUE : FALSE);
            case Type.Int _, Type.None _, Type.Void _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Array _, Type.Struct _, Type.Tuple _,
                    Type.Named _, Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _,
                    Type.Timestamp _, Type.Stack _, Type.SiteName _, Type.Aggregate _ -> integer(out, value, signed);
        }
    }
}
