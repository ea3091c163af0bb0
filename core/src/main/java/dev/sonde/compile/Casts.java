package dev.sonde.compile;

import dev.sonde.types.Aggregation;
import dev.sonde.types.Field;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Which casts there are, and what offsetof gives. */
final class Casts {
    private Casts() {}

    /** The type of {@code (wanted)operand}; {@code NONE} when there is no such cast. */
    static Type result(Type wanted, Type operand) {
        Type from = operand instanceof Type.Aggregate(var aggregation) ? readType(aggregation) : operand;
        return switch (wanted) {
            case Type.Bool _ when from instanceof Type.Text -> wanted;
            case Type.Int _, Type.Bool _, Type.Enumeration _ -> from.isScalar() || bytes(from, wanted.size()) ? wanted : Type.NONE;
            case Type.Pointer _ -> from.isScalar() || from instanceof Type.Array ? wanted : Type.NONE;
            case Type.Array(Type element, int count) -> array(element, count, from);
            case Type.Struct _ -> from.isScalar() || from instanceof Type.Struct ? wanted : Type.NONE;
            case Type.Text(int capacity) -> from instanceof Type.Text t ? new Type.Text(capacity == 0 ? t.capacity() : capacity) : Type.NONE;
            case Type.Buffer _ -> from instanceof Type.Buffer || from instanceof Type.Text || from instanceof Type.Array ? wanted : Type.NONE;
            case Type.Username _, Type.KernelSymbol _, Type.CgroupPath _, Type.Timestamp _, Type.SiteName _ -> from.isScalar() ? wanted : Type.NONE;
            case Type.Tuple _, Type.Named _ -> Unify.types(wanted, from) != null ? wanted : Type.NONE;
            case Type.None _, Type.Void _, Type.Inet _, Type.Mac _, Type.UserSymbol _, Type.Stack _, Type.Aggregate _ ->
                    wanted.equals(from) ? wanted : Type.NONE;
        };
    }

    private static boolean bytes(Type from, int size) {
        return from instanceof Type.Array && from.size() == size;
    }

    private static Type array(Type element, int count, Type from) {
        int size = from instanceof Type.Text(int capacity) ? capacity : from.size();
        if (!from.isInteger() && !(from instanceof Type.Pointer) && !(from instanceof Type.Text) && !(from instanceof Type.Array)) {
            return Type.NONE;
        }
        if (count == 0) {
            return element.size() == 0 || size % element.size() != 0 ? Type.NONE : new Type.Array(element, size / element.size());
        }
        boolean fits = from instanceof Type.Text ? element.size() * count == size : element.size() * count <= Math.max(size, 8);
        return fits ? new Type.Array(element, count) : Type.NONE;
    }

    /** What reading an aggregation as a value gives. */
    static Type readType(Aggregation aggregation) {
        return switch (aggregation) {
            case Aggregation.Count _, Aggregation.Sum _, Aggregation.Min _, Aggregation.Max _, Aggregation.Avg _ ->
                    new Type.Int(8, aggregation.signed());
            case Aggregation.Stats _, Aggregation.Hist _, Aggregation.Lhist _, Aggregation.Tseries _ -> Type.NONE;
        };
    }

    /** Bytes from the start of {@code type} to the field at the end of a path. */
    static OptionalLong offset(Type type, List<String> path) {
        long offset = 0;
        Type current = type;
        for (String name : path) {
            Optional<Field> field = current instanceof Type.Struct s ? s.fields().find(name) : Optional.empty();
            if (field.isEmpty()) {
                return OptionalLong.empty();
            }
            offset += field.get().offset();
            current = field.get().type();
        }
        return OptionalLong.of(offset);
    }
}
