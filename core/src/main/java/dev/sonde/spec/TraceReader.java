package dev.sonde.spec;

import dev.sonde.spec.CompiledTrace.Condition;
import dev.sonde.spec.CompiledTrace.MalformedTraceException;
import dev.sonde.types.Field;
import dev.sonde.types.Fields;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what {@link TraceWriter} writes. It makes records and enums of {@link TraceSchema} only. What it makes takes memory in proportion to the
 * file, and what walks through it comes to an end: nesting and the number of records counted with their repetitions are limited.
 */
final class TraceReader {
    private static final byte[] START = CompiledTrace.START.getBytes(StandardCharsets.US_ASCII);
    private static final int CHECKSUM = 4;
    private static final int DEEPEST = 256;
    private static final long MOST_RECORDS = 1 << 26;

    private final byte[] bytes;
    private final int end;
    private final List<Object> records = new ArrayList<>();
    /** Of each record, how many it holds, itself and repetitions included. */
    private final List<Long> weights = new ArrayList<>();
    private TraceSchema schema;
    private int at;
    private int depth;
    private long weight;

    TraceReader(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length - CHECKSUM;
    }

    /** The whole file. */
    CompiledTrace read() throws MalformedTraceException {
        List<Condition> conditions = conditions();
        schema = new TraceSchema();
        if (unsigned() != schema.fingerprint()) {
            throw new MalformedTraceException("it was written by another version of Sonde");
        }
        var trace = (TraceSpec) record(TraceSpec.class);
        if (at != end) {
            throw malformed("more bytes than the trace has");
        }
        String mistake = new TraceCheck(trace).mistake();
        if (!mistake.isEmpty()) {
            throw new MalformedTraceException("it is malformed: " + mistake);
        }
        return new CompiledTrace(conditions, trace);
    }

    /** What stands first. */
    List<Condition> conditions() throws MalformedTraceException {
        if (end < START.length || !Arrays.equals(bytes, 0, START.length, START, 0, START.length)) {
            throw new MalformedTraceException("it is no compiled trace, or only its beginning");
        }
        at = end;
        long checksum = 0;
        for (int i = 0; i < CHECKSUM; i++) {
            checksum |= (bytes[end + i] & 0xffL) << 8 * i;
        }
        if (checksum != TraceSchema.checksum(bytes, 0, end)) {
            throw new MalformedTraceException("it is not whole or was changed: its checksum is wrong");
        }
        at = START.length;
        List<Condition> conditions = new ArrayList<>();
        for (int count = count(); count > 0; count--) {
            conditions.add(new Condition(text(), text()));
        }
        return conditions;
    }

    private Object value(Type type) throws MalformedTraceException {
        if (type instanceof ParameterizedType container) {
            return container(container);
        }
        var plain = (Class<?>) type;
        if (plain == boolean.class) {
            return choice(2) == 1;
        } else if (plain == char.class) {
            return (char) choice(1 << 16);
        } else if (plain == int.class) {
            return integer();
        } else if (plain == long.class || plain == Long.class) {
            return signed();
        } else if (plain == String.class) {
            return text();
        } else if (plain == byte[].class) {
            int count = count();
            at += count;
            return Arrays.copyOfRange(bytes, at - count, at);
        } else if (plain.isEnum()) {
            return plain.getEnumConstants()[choice(plain.getEnumConstants().length)];
        }
        return plain == Fields.class ? fields() : record(plain);
    }

    private Object container(ParameterizedType type) throws MalformedTraceException {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == Map.class) {
            return map(arguments);
        }
        List<Object> list = list(arguments[0]);
        if (type.getRawType() == List.class) {
            return list;
        }
        if (list.size() > 1) {
            throw malformed("an optional value of several");
        }
        return list.stream().findFirst();
    }

    private List<Object> list(Type element) throws MalformedTraceException {
        List<Object> list = new ArrayList<>();
        for (int count = count(); count > 0; count--) {
            list.add(value(element));
        }
        return list;
    }

    private Map<Object, Object> map(Type[] arguments) throws MalformedTraceException {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int count = count(); count > 0; count--) {
            if (map.put(value(arguments[0]), value(arguments[1])) != null) {
                throw malformed("a key that stands twice");
            }
        }
        return map;
    }

    private Fields fields() throws MalformedTraceException {
        List<Field> fields = new ArrayList<>();
        for (int count = count(); count > 0; count--) {
            fields.add((Field) record(Field.class));
        }
        return Fields.of(fields);
    }

    private Object record(Class<?> declared) throws MalformedTraceException {
        int before = choice(records.size() + 1);
        if (before > 0) {
            add(weights.get(before - 1));
            Object record = records.get(before - 1);
            if (!declared.isInstance(record)) {
                throw malformed("a record of another kind");
            }
            return record;
        }
        if (++depth > DEEPEST) {
            throw malformed("records nested too deeply");
        }
        long outer = weight;
        weight = 1;
        List<Class<?>> alternatives = schema.alternatives(declared);
        Object record = record(schema.form(alternatives.get(choice(alternatives.size()))));
        records.add(record);
        weights.add(weight);
        add(outer);
        depth--;
        return record;
    }

    private void add(long more) throws MalformedTraceException {
        weight += more;
        if (weight > MOST_RECORDS) {
            throw malformed("too many records");
        }
    }

    private Object record(TraceSchema.Form form) throws MalformedTraceException {
        RecordComponent[] components = form.components();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = TraceSchema.isLeftOut(components[i]) ? dev.sonde.types.Type.VOID : value(components[i].getGenericType());
        }
        try {
            return form.constructor().newInstance(values);
        } catch (InvocationTargetException e) {
            throw malformed("a value that is not possible: " + e.getCause().getMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record that cannot be made: " + form.type(), e);
        }
    }

    /** A length: of what takes at least a byte each. */
    private int count() throws MalformedTraceException {
        long count = unsigned();
        if (count < 0 || count > end - at) {
            throw malformed("more elements than bytes are left");
        }
        return (int) count;
    }

    /** A number below {@code limit}. */
    private int choice(int limit) throws MalformedTraceException {
        long value = unsigned();
        if (value < 0 || value >= limit) {
            throw malformed("a number that is not below " + limit);
        }
        return (int) value;
    }

    private int integer() throws MalformedTraceException {
        long value = signed();
        if (value != (int) value) {
            throw malformed("a number that takes more than 32 bits");
        }
        return (int) value;
    }

    private String text() throws MalformedTraceException {
        int count = count();
        var text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append((char) choice(1 << 16));
        }
        return text.toString();
    }

    private long signed() throws MalformedTraceException {
        long value = unsigned();
        return value >>> 1 ^ -(value & 1);
    }

    private long unsigned() throws MalformedTraceException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            if (at >= end || shift > 63) {
                throw malformed("a number without an end");
            }
            int next = bytes[at++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private MalformedTraceException malformed(String what) {
        return new MalformedTraceException("it is malformed at offset " + at + ": " + what);
    }
}
