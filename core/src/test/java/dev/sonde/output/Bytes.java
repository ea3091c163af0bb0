package dev.sonde.output;

import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lays values out as their types say: numbers, strings, {@code byte[]} as they are, {@code List} for tuples, records and arrays. */
final class Bytes {
    private Bytes() {}

    static byte[] of(Type type, Object value) {
        ByteBuffer buffer = ByteBuffer.allocate(type.size()).order(ByteOrder.LITTLE_ENDIAN);
        put(buffer, 0, type, value);
        return buffer.array();
    }

    private static void put(ByteBuffer to, int at, Type type, Object value) {
        switch (value) {
            case Number number -> number(to, at, type, number.longValue());
            case Boolean bool -> to.put(at, (byte) (bool ? 1 : 0));
            case String text -> string(to, at, type, text);
            case byte[] bytes -> to.put(at, bytes);
            case List<?> list -> list(to, at, type, list);
            default -> throw new IllegalArgumentException(value.toString());
        }
    }

    private static void number(ByteBuffer to, int at, Type type, long value) {
        for (int i = 0; i < Math.min(8, type.size()); i++) {
            to.put(at + i, (byte) (value >>> 8 * i));
        }
    }

    private static void string(ByteBuffer to, int at, Type type, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (type instanceof Type.Buffer) {
            to.putInt(at, utf8.length);
            to.put(at + 4, utf8);
        } else {
            to.put(at, utf8, 0, Math.min(utf8.length, type.size()));
        }
    }

    private static void list(ByteBuffer to, int at, Type type, List<?> list) {
        for (int i = 0; i < list.size(); i++) {
            switch (type) {
                case Type.Tuple(List<Type> elements) -> put(to, at + Layout.tupleOffset(elements, i), elements.get(i), list.get(i));
                case Type.Named n -> put(to, at + Layout.tupleOffset(n.elements(), i), n.elements().get(i), list.get(i));
                case Type.Array(Type element, _) -> put(to, at + i * element.size(), element, list.get(i));
                case Type.Struct s -> put(to, at + s.fields().all().get(i).offset(), s.fields().all().get(i).type(), list.get(i));
                default -> put(to, at + 8 * i, Type.INT64, list.get(i));
            }
        }
    }
}
