package dev.sonde.types;

import java.util.List;

/** Spells types as bpftrace does in its messages: {@code int64}, {@code string[16]}, {@code struct sock *}, {@code (int64,string[5])}. */
public final class TypeText {
    private TypeText() {}

    /** The spelling of {@code type}. */
    public static String of(Type type) {
        return switch (type) {
            case Type.None _ -> "none";
            case Type.Void _ -> "void";
            case Type.Bool _ -> "bool";
            case Type.Int(int size, boolean signed) -> (signed ? "int" : "uint") + 8 * size;
            case Type.Enumeration e -> e.name().isEmpty() ? (e.signed() ? "int" : "uint") + 8 * e.size() : "enum " + e.name();
            case Type.Text(int capacity) -> "string[" + capacity + "]";
            case Type.Buffer(int capacity) -> "buffer[" + (4 + capacity) + "]";
            case Type.Pointer(Type target, _) -> of(target) + " *";
            case Type.Array(Type element, int count) -> of(element) + "[" + count + "]";
            case Type.Struct s -> s.tag() + " " + (s.name().isEmpty() ? "<anonymous>" : s.name());
            case Type.Tuple(List<Type> elements) -> tuple(elements);
            case Type.Named n -> named(n);
            case Type.Inet _ -> "inet[24]";
            case Type.Mac _ -> "mac_address";
            case Type.Username _ -> "username_t";
            case Type.KernelSymbol _ -> "ksym_t";
            case Type.UserSymbol _ -> "usym_t";
            case Type.CgroupPath _ -> "cgroup_path_t";
            case Type.Timestamp _ -> "timestamp";
            case Type.Stack(boolean kernel, var mode, int limit) -> (kernel ? "kstack_" : "ustack_") + mode.word() + "_" + limit;
            case Type.SiteName _ -> "string";
            case Type.Aggregate(Aggregation aggregation) -> aggregate(aggregation);
        };
    }

    private static String tuple(List<Type> elements) {
        var text = new StringBuilder("(");
        for (Type element : elements) {
            text.append(text.length() == 1 ? "" : ",").append(of(element));
        }
        return text.append(')').toString();
    }

    private static String named(Type.Named named) {
        var text = new StringBuilder("record { ");
        for (int i = 0; i < named.names().size(); i++) {
            text.append(i == 0 ? "" : ", ").append('.').append(named.names().get(i)).append(" = ").append(of(named.elements().get(i)));
        }
        return text.append(" }").toString();
    }

    private static String aggregate(Aggregation aggregation) {
        return switch (aggregation) {
            case Aggregation.Count _ -> "count_t";
            case Aggregation.Sum(boolean signed) -> signed ? "sum_t" : "usum_t";
            case Aggregation.Min(boolean signed) -> signed ? "min_t" : "umin_t";
            case Aggregation.Max(boolean signed) -> signed ? "max_t" : "umax_t";
            case Aggregation.Avg(boolean signed) -> signed ? "avg_t" : "uavg_t";
            case Aggregation.Stats(boolean signed) -> signed ? "stats_t" : "ustats_t";
            case Aggregation.Hist _ -> "hist_t";
            case Aggregation.Lhist _ -> "lhist_t";
            case Aggregation.Tseries _ -> "tseries_t";
        };
    }
}
