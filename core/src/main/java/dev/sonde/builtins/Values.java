package dev.sonde.builtins;

import dev.sonde.types.Aggregation;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;

/** What a value is when it is read. */
final class Values {
    private Values() {}

    /** The type that reading a value of {@code type} gives: an aggregation gives its integer. */
    static Type read(Type type) {
        return type instanceof Type.Aggregate(Aggregation aggregation) ? switch (aggregation) {
            case Aggregation.Count _, Aggregation.Sum _, Aggregation.Min _, Aggregation.Max _, Aggregation.Avg _, Aggregation.Stats _ ->
                    new Type.Int(8, aggregation.signed());
            case Aggregation.Hist _, Aggregation.Lhist _, Aggregation.Tseries _ -> Type.NONE;
        } : type;
    }

    /** The kind of a type, as typeinfo and messages name it. */
    static String kind(Type type) {
        return switch (type) {
            case Type.Int _, Type.Enumeration _ -> "int";
            case Type.Text _, Type.SiteName _ -> "string";
            case Type.Buffer _ -> "buffer";
            case Type.Pointer _ -> "pointer";
            case Type.Array _ -> "array";
            case Type.Struct _ -> "c_type";
            case Type.Tuple _ -> "tuple";
            case Type.Named _ -> "record";
            case Type.Inet _ -> "inet";
            case Type.Stack(boolean kernel, _, _) -> kernel ? "kstack" : "ustack";
            case Type.None _, Type.Void _, Type.Bool _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _,
                    Type.Timestamp _, Type.Aggregate _ -> TypeText.of(type);
        };
    }

    /** Whether a text can be read from it: a string, an array or pointer of one-byte integers. */
    static boolean isStringLike(Type type) {
        return type instanceof Type.Text || type instanceof Type.Array(Type element, _) && isByte(element)
                || type instanceof Type.Pointer(Type target, _) && isByte(target);
    }

    private static boolean isByte(Type type) {
        return type.isInteger() && type.size() == 1;
    }
}
