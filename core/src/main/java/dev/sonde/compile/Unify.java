package dev.sonde.compile;

import dev.sonde.types.AddressSpace;
import dev.sonde.types.Aggregation;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;

/** The smallest type that holds the values of two types. */
final class Unify {
    private Unify() {}

    /** The common type of {@code a} and {@code b}, or null when there is none; {@code NONE} goes with everything. */
    static Type types(Type a, Type b) {
        if (a == Type.NONE || a.equals(b)) {
            return b;
        }
        if (b == Type.NONE) {
            return a;
        }
        if (a.isInteger() && b.isInteger()) {
            return integers(a, b);
        }
        return switch (a) {
            case Type.Text(int x) when b instanceof Type.Text(int y) -> new Type.Text(Math.max(x, y));
            case Type.Buffer(int x) when b instanceof Type.Buffer(int y) -> new Type.Buffer(Math.max(x, y));
            case Type.Pointer p when b instanceof Type.Pointer q -> pointers(p, q);
            case Type.Tuple(List<Type> x) when b instanceof Type.Tuple(List<Type> y) -> tuple(x, y);
            case Type.Named n when b instanceof Type.Named m && inOrder(n.names(), m.names(), m.elements()) != null -> named(n, m);
            case Type.Stack s when b instanceof Type.Stack t && s.kernel() == t.kernel() && s.mode() == t.mode() ->
                    new Type.Stack(s.kernel(), s.mode(), Math.max(s.limit(), t.limit()));
            case Type.Array(Type x, int n) when b instanceof Type.Array(Type y, int m) && n == m && types(x, y) != null ->
                    new Type.Array(types(x, y), n);
            case Type.SiteName _ when b instanceof Type.Text -> a;
            case Type.SiteName(boolean function) when function && b instanceof Type.KernelSymbol -> b;
            case Type.KernelSymbol _ when b instanceof Type.SiteName(boolean function) && function -> a;
            case Type.Text _ when b instanceof Type.SiteName -> b;
            case Type.Aggregate(Aggregation x) when b instanceof Type.Aggregate(Aggregation y) && sameShape(x, y) ->
                    x.signed() ? a : b;
            case Type.None _, Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Text _, Type.Buffer _, Type.Array _, Type.Struct _,
                    Type.Tuple _, Type.Named _, Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _,
                    Type.Timestamp _, Type.Stack _, Type.SiteName _, Type.Aggregate _ -> null;
            case Type.Pointer _ -> null;
        };
    }

    /** Whether two calls fill the same buckets. */
    private static boolean sameShape(Aggregation a, Aggregation b) {
        return switch (a) {
            case Aggregation.Hist _, Aggregation.Lhist _ -> a.equals(b);
            case Aggregation.Tseries t -> b instanceof Aggregation.Tseries u && t.interval() == u.interval() && t.buckets() == u.buckets()
                    && t.function() == u.function();
            case Aggregation.Count _, Aggregation.Sum _, Aggregation.Min _, Aggregation.Max _, Aggregation.Avg _, Aggregation.Stats _ ->
                    a.getClass() == b.getClass();
        };
    }

    private static Type pointers(Type.Pointer a, Type.Pointer b) {
        if (a.target() instanceof Type.Void) {
            return b;
        }
        return b.target() instanceof Type.Void || a.target().equals(b.target()) ? a : null;
    }

    private static Type integers(Type a, Type b) {
        if (a instanceof Type.Bool || b instanceof Type.Bool) {
            return a instanceof Type.Bool ? b : a;
        }
        int size = Math.max(a.size(), b.size());
        if (a.isSigned() == b.isSigned()) {
            return a instanceof Type.Enumeration && b instanceof Type.Enumeration ? a : new Type.Int(size, a.isSigned());
        }
        Type unsigned = a.isSigned() ? b : a;
        Type signed = a.isSigned() ? a : b;
        return signed.size() > unsigned.size() ? signed : new Type.Int(Math.min(8, 2 * unsigned.size()), true);
    }

    /** The common type of {@code type} and that of literals which are not negative: those take the sign of the other. */
    static Type withLiteral(Type type, Type literal) {
        if (type instanceof Type.Int(int size, boolean signed) && !signed && literal instanceof Type.Int(int other, _)) {
            return new Type.Int(Math.max(size, other), false);
        }
        if (type instanceof Type.Tuple(List<Type> x) && literal instanceof Type.Tuple(List<Type> y) && x.size() == y.size()) {
            List<Type> elements = withLiterals(x, y);
            return elements == null ? null : new Type.Tuple(elements);
        }
        if (type instanceof Type.Named(List<String> names, List<Type> x) && literal instanceof Type.Named(List<String> same, List<Type> y)
                && inOrder(names, same, y) != null) {
            List<Type> elements = withLiterals(x, inOrder(names, same, y));
            return elements == null ? null : new Type.Named(names, elements);
        }
        return types(type, literal);
    }

    private static List<Type> withLiterals(List<Type> types, List<Type> literals) {
        List<Type> both = new ArrayList<>(types.size());
        for (int i = 0; i < types.size(); i++) {
            both.add(withLiteral(types.get(i), literals.get(i)));
        }
        return both.contains(null) ? null : both;
    }

    private static Type tuple(List<Type> a, List<Type> b) {
        List<Type> both = elements(a, b);
        return both == null ? null : new Type.Tuple(both);
    }

    private static Type named(Type.Named a, Type.Named b) {
        List<Type> both = elements(a.elements(), inOrder(a.names(), b.names(), b.elements()));
        return both == null ? null : new Type.Named(a.names(), both);
    }

    /** What belongs to {@code others}, in the order of {@code names}: a record's fields are told by name; null when there are others. */
    static <T> List<T> inOrder(List<String> names, List<String> others, List<T> values) {
        if (names.equals(others)) {
            return values;
        }
        if (names.size() != others.size() || !others.containsAll(names)) {
            return null;
        }
        List<T> ordered = new ArrayList<>(names.size());
        names.forEach(name -> ordered.add(values.get(others.indexOf(name))));
        return ordered;
    }

    private static List<Type> elements(List<Type> a, List<Type> b) {
        if (a.size() != b.size()) {
            return null;
        }
        List<Type> both = new ArrayList<>(a.size());
        for (int i = 0; i < a.size(); i++) {
            Type type = types(a.get(i), b.get(i));
            if (type == null) {
                return null;
            }
            both.add(type);
        }
        return both;
    }

    /** The type as a map keeps it: integers take 8 bytes there, so that every assignment fits. */
    static Type stored(Type type) {
        return switch (type) {
            case Type.Int(_, boolean signed) -> new Type.Int(8, signed);
            case Type.Tuple(List<Type> elements) -> new Type.Tuple(elements.stream().map(Unify::stored).toList());
            case Type.Named(List<String> names, List<Type> elements) -> new Type.Named(names, elements.stream().map(Unify::stored).toList());
            case Type.None _, Type.Void _, Type.Bool _, Type.Enumeration _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Array _, Type.Struct _,
                    Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _, Type.Timestamp _,
                    Type.Stack _, Type.SiteName _, Type.Aggregate _ -> type;
        };
    }

    /** The same with every pointer into kernel memory made one into {@code space}: what a struct read from there holds. */
    static Type inSpace(Type type, AddressSpace space) {
        return switch (type) {
            case Type.Pointer(Type target, var old) when old == AddressSpace.KERNEL && space == AddressSpace.USER ->
                    new Type.Pointer(target, space);
            case Type.Array(Type element, int count) -> new Type.Array(inSpace(element, space), count);
            case Type.None _, Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Struct _,
                    Type.Tuple _, Type.Named _, Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _,
                    Type.Timestamp _, Type.Stack _, Type.SiteName _, Type.Aggregate _ -> type;
        };
    }
}
