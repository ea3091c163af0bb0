package dev.sonde.spec;

import dev.sonde.types.Fields;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a {@link CompiledTrace}.
 *
 * <p>Integers are LEB128; a text is the number of its UTF-16 units and each of them; a list its length and elements; an Optional a list of at most
 * one. A record is 0, its number among those its declared type allows, and its components; or, when it was written before, 1 and up for the first
 * record that was finished and those after it. So a text that thousands of instructions are of is written once.
 */
final class TraceWriter {
    private final TraceSchema schema = new TraceSchema();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final IdentityHashMap<Object, Integer> written = new IdentityHashMap<>();

    /** The whole file. */
    byte[] write(CompiledTrace compiled) {
        out.writeBytes(CompiledTrace.START.getBytes(StandardCharsets.US_ASCII));
        unsigned(compiled.conditions().size());
        for (CompiledTrace.Condition condition : compiled.conditions()) {
            text(condition.name());
            text(condition.value());
        }
        unsigned(schema.fingerprint());
        record(TraceSpec.class, compiled.trace());
        long checksum = TraceSchema.checksum(out.toByteArray(), 0, -1);
        for (int i = 0; i < 4; i++) {
            out.write((int) (checksum >>> 8 * i));
        }
        return out.toByteArray();
    }

    private void value(Type type, Object value) {
        switch (value) {
            case Boolean b -> out.write(b ? 1 : 0);
            case Character c -> unsigned(c);
            case Integer i -> signed(i);
            case Long l -> signed(l);
            case String s -> text(s);
            case byte[] bytes -> {
                unsigned(bytes.length);
                out.writeBytes(bytes);
            }
            case Enum<?> e -> unsigned(e.ordinal());
            case List<?> list -> list(argument(type, 0), list);
            case Optional<?> optional -> list(argument(type, 0), optional.map(List::<Object>of).orElse(List.of()));
            case Map<?, ?> map -> map(type, map);
            case Fields fields -> list(dev.sonde.types.Field.class, fields.all());
            default -> record((Class<?>) type, value);
        }
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private void list(Type element, List<?> list) {
        unsigned(list.size());
        for (Object value : list) {
            value(element, value);
        }
    }

    private void map(Type type, Map<?, ?> map) {
        unsigned(map.size());
        map.forEach((key, value) -> {
            value(argument(type, 0), key);
            value(argument(type, 1), value);
        });
    }

    private void record(Class<?> declared, Object value) {
        Integer before = written.get(value);
        if (before != null) {
            unsigned(before);
            return;
        }
        unsigned(0);
        unsigned(schema.alternatives(declared).indexOf(value.getClass()));
        for (RecordComponent component : schema.form(value.getClass()).components()) {
            if (!TraceSchema.isLeftOut(component)) {
                value(component.getGenericType(), component(component, value));
            }
        }
        written.put(value, written.size() + 1);
    }

    private static Object component(RecordComponent component, Object value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record that cannot be read: " + value.getClass(), e);
        }
    }

    private void text(String text) {
        unsigned(text.length());
        for (int i = 0; i < text.length(); i++) {
            unsigned(text.charAt(i));
        }
    }

    private void unsigned(long value) {
        long rest = value;
        for (; rest >>> 7 != 0; rest >>>= 7) {
            out.write((int) rest & 0x7f | 0x80);
        }
        out.write((int) rest);
    }

    /** The sign in the lowest bit, so that small numbers are short. */
    private void signed(long value) {
        unsigned(value << 1 ^ value >> 63);
    }
}
