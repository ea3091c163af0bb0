package dev.sonde.spec;

import dev.sonde.types.Field;
import dev.sonde.types.Fields;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The records, sealed interfaces and enums that a {@link TraceSpec} is made of, found once from its components. Nothing outside of this set is ever
 * written or made, whatever a file says.
 */
final class TraceSchema {
    private static final Set<Class<?>> PLAIN = Set.of(boolean.class, char.class, int.class, long.class, Long.class, String.class, byte[].class);
    private static final Set<Class<?>> CONTAINERS = Set.of(List.class, Optional.class, Map.class);

    /** A record: its components and how it is made. */
    record Form(Class<?> type, RecordComponent[] components, Constructor<?> constructor) {}

    private final Map<Class<?>, Form> forms = new LinkedHashMap<>();
    private final Map<Class<?>, List<Class<?>>> alternatives = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    TraceSchema() {
        add(TraceSpec.class);
    }

    /** Of a record of the set. */
    Form form(Class<?> record) {
        return forms.get(record);
    }

    /** The records of a sealed interface in the order of their numbers; a record alone is its only one. */
    List<Class<?>> alternatives(Class<?> type) {
        return alternatives.get(type);
    }

    /** A number that changes with the names and components of the set. */
    long fingerprint() {
        return checksum(text.toString().getBytes(StandardCharsets.UTF_8), 0, -1);
    }

    /** The CRC-32 of the bytes from {@code start}; up to the end when {@code end} is negative. */
    static long checksum(byte[] bytes, int start, int end) {
        var crc = new CRC32();
        crc.update(bytes, start, (end < 0 ? bytes.length : end) - start);
        return crc.getValue();
    }

    /** Whether a component is left out: what a pointer points to may point back, and only its address is ever printed. */
    static boolean isLeftOut(RecordComponent component) {
        return component.getDeclaringRecord() == dev.sonde.types.Type.Pointer.class && component.getName().equals("target");
    }

    private void add(Type type) {
        if (type instanceof ParameterizedType container && CONTAINERS.contains(container.getRawType())) {
            for (Type argument : container.getActualTypeArguments()) {
                add(argument);
            }
        } else if (type == Fields.class) {
            add(Field.class);
        } else if (!PLAIN.contains(type)) {
            add((Class<?>) type);
        }
    }

    private void add(Class<?> type) {
        if (alternatives.containsKey(type)) {
            return;
        }
        text.append(type.getName());
        List<Class<?>> records = new ArrayList<>();
        alternatives.put(type, records);
        if (type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                text.append(' ').append(((Enum<?>) constant).name());
            }
        } else if (type.isRecord()) {
            records.add(type);
            addRecord(type);
        } else {
            addSealed(type, records);
        }
    }

    private void addRecord(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
            text.append(' ').append(components[i].getName()).append(':').append(components[i].getGenericType().getTypeName());
        }
        try {
            forms.put(type, new Form(type, components, type.getDeclaredConstructor(types)));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record without its constructor: " + type, e);
        }
        for (RecordComponent component : components) {
            if (!isLeftOut(component)) {
                add(component.getGenericType());
            }
        }
    }

    private void addSealed(Class<?> type, List<Class<?>> records) {
        if (!type.isSealed()) {
            throw new IllegalStateException("a trace holds what cannot be written: " + type);
        }
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            add(permitted);
            records.addAll(alternatives.get(permitted));
        }
    }
}
