package dev.sonde.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The direct parts of tree nodes, and searches over whole trees. */
public final class Children {
    private Children() {}

    /** The expressions and blocks directly below {@code expression}, in order; each is an {@link Expression} or a {@link Script.Block}. */
    public static List<Object> of(Expression expression) {
        return switch (expression) {
            case Expression.IntegerLiteral _, Expression.StringLiteral _, Expression.BooleanLiteral _, Expression.Identifier _, Expression.Variable _,
                    Expression.Positional _, Expression.PositionalCount _, Expression.MapReference _ -> List.of();
            case Expression.MapAccess a -> List.copyOf(a.keys());
            case Expression.Unary u -> List.of(u.operand());
            case Expression.Increment i -> List.of(i.target());
            case Expression.Binary b -> List.of(b.left(), b.right());
            case Expression.Ternary t -> t.yes().isPresent() ? List.of(t.condition(), t.yes().get(), t.no()) : List.of(t.condition(), t.no());
            case Expression.IfValue i -> List.of(i.condition(), i.yes(), i.no());
            case Expression.BlockValue b -> List.of(b.block());
            case Expression.Call c -> arguments(c.arguments());
            case Expression.Cast c -> with(named(c.type()), List.of(c.operand()));
            case Expression.Field f -> List.of(f.operand());
            case Expression.Element e -> List.of(e.operand());
            case Expression.Index i -> List.of(i.operand(), i.index());
            case Expression.Tuple t -> List.copyOf(t.elements());
            case Expression.OfRecord r -> List.copyOf(r.values());
            case Expression.Sizeof s -> arguments(List.of(s.operand()));
            case Expression.Offsetof o -> arguments(List.of(o.operand()));
            case Expression.Comptime c -> List.of(c.expression());
        };
    }

    /** The expressions and blocks directly below {@code statement}, in order. */
    public static List<Object> of(Statement statement) {
        return switch (statement) {
            case Statement.Evaluate e -> List.of(e.expression());
            case Statement.Assign a -> List.of(a.target(), a.value());
            case Statement.Discard d -> List.of(d.value());
            case Statement.Let l -> with(l.type().isPresent() ? named(l.type().get()) : List.of(),
                    l.value().isPresent() ? List.of(l.value().get()) : List.of());
            case Statement.Destructure d -> List.of(d.value());
            case Statement.If i -> i.otherwise().isPresent()
                    ? List.of(i.condition(), i.then(), i.otherwise().get()) : List.of(i.condition(), i.then());
            case Statement.Unroll u -> List.of(u.count(), u.body());
            case Statement.While w -> List.of(w.condition(), w.body());
            case Statement.ForRange f -> List.of(f.from(), f.to(), f.body());
            case Statement.ForMap f -> List.of(f.map(), f.body());
            case Statement.Break _, Statement.Continue _, Statement.ImportStatement _ -> List.of();
            case Statement.Return r -> r.value().isPresent() ? List.of(r.value().get()) : List.of();
            case Statement.Nested n -> List.of(n.block());
        };
    }

    /** Whether {@code wanted} holds of {@code root} or of any expression below it. */
    public static boolean any(Expression root, Predicate<Expression> wanted) {
        return wanted.test(root) || anyOf(of(root), wanted);
    }

    /** Whether {@code wanted} holds of any expression in {@code block}. */
    public static boolean any(Script.Block block, Predicate<Expression> wanted) {
        for (Statement statement : block.statements()) {
            if (anyOf(of(statement), wanted)) {
                return true;
            }
        }
        return block.result().isPresent() && any(block.result().get(), wanted);
    }

    private static boolean anyOf(List<Object> parts, Predicate<Expression> wanted) {
        for (Object part : parts) {
            if (part instanceof Expression e ? any(e, wanted) : part instanceof Script.Block b && any(b, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static List<Object> arguments(List<Expression.Argument> arguments) {
        List<Object> values = new ArrayList<>(arguments.size());
        for (Expression.Argument argument : arguments) {
            switch (argument) {
                case Expression.Argument.Value(Expression value) -> values.add(value);
                case Expression.Argument.OfType(TypeName type) -> values.addAll(named(type));
            }
        }
        return values;
    }

    private static List<Object> with(List<Object> first, List<Object> second) {
        if (first.isEmpty()) {
            return second;
        }
        List<Object> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    /** The expressions in the {@code typeof} parts of a type. */
    public static List<Object> named(TypeName type) {
        return switch (type) {
            case TypeName.TypeOf(_, Expression expression) -> List.of(expression);
            case TypeName.Pointer(_, TypeName target) -> named(target);
            case TypeName.Array(_, TypeName element, _) -> named(element);
            case TypeName.Tuple(_, List<TypeName> elements) -> named(elements);
            case TypeName.OfRecord(_, _, List<TypeName> types) -> named(types);
            case TypeName.Named _, TypeName.Tagged _ -> List.of();
        };
    }

    private static List<Object> named(List<TypeName> types) {
        List<Object> expressions = new ArrayList<>();
        types.forEach(type -> expressions.addAll(named(type)));
        return expressions;
    }
}
