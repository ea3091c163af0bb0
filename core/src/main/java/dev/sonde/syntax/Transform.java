package dev.sonde.syntax;

import dev.sonde.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Rebuilds a tree with some expressions and names replaced. Every expression is given to the replacement after its parts were rebuilt; names of
 * variables that statements bind ({@code let}, loops, destructuring) are given to the renaming. A name where a type can stand may be one for a type.
 */
public final class Transform {
    private final UnaryOperator<Expression> replacement;
    private final UnaryOperator<String> renaming;
    private final Function<String, TypeName> types;

    /**
     * @param replacement gives the expression to put for a rebuilt one, mostly itself
     * @param renaming gives the name to put for a bound variable's, mostly itself
     */
    public Transform(UnaryOperator<Expression> replacement, UnaryOperator<String> renaming) {
        this(replacement, renaming, _ -> null);
    }

    /**
     * @param replacement gives the expression to put for a rebuilt one, mostly itself
     * @param renaming gives the name to put for a bound variable's, mostly itself
     * @param types gives the type that a name stands for, mostly null: then the name stays
     */
    public Transform(UnaryOperator<Expression> replacement, UnaryOperator<String> renaming, Function<String, TypeName> types) {
        this.replacement = replacement;
        this.renaming = renaming;
        this.types = types;
    }

    /** The rebuilt block. */
    public Script.Block block(Script.Block block) {
        List<Statement> statements = new ArrayList<>(block.statements().size());
        block.statements().forEach(s -> statements.add(statement(s)));
        return new Script.Block(block.span(), statements, block.result().map(this::expression));
    }

    /** The rebuilt probe. */
    public Script.Probe probe(Script.Probe probe) {
        return new Script.Probe(probe.span(), probe.attachPoints(), probe.predicate().map(this::expression), block(probe.body()));
    }

    /** The rebuilt statement. */
    public Statement statement(Statement statement) {
        return switch (statement) {
            case Statement.Evaluate(var span, var e) -> new Statement.Evaluate(span, expression(e));
            case Statement.Assign(var span, var target, var operator, var value) ->
                    new Statement.Assign(span, expression(target), operator, expression(value));
            case Statement.Discard(var span, var value) -> new Statement.Discard(span, expression(value));
            case Statement.Let(var span, var name, var type, var value) ->
                    new Statement.Let(span, renaming.apply(name), type.map(this::type), value.map(this::expression));
            case Statement.Destructure(var span, var names, var value) ->
                    new Statement.Destructure(span, names.stream().map(renaming).toList(), expression(value));
            case Statement.If(var span, var comptime, var condition, var then, var otherwise) ->
                    new Statement.If(span, comptime, expression(condition), block(then), otherwise.map(this::block));
            case Statement.Unroll(var span, var count, var body) -> new Statement.Unroll(span, expression(count), block(body));
            case Statement.While(var span, var condition, var body) -> new Statement.While(span, expression(condition), block(body));
            case Statement.ForRange(var span, var name, var from, var to, var body) ->
                    new Statement.ForRange(span, renaming.apply(name), expression(from), expression(to), block(body));
            case Statement.ForMap(var span, var name, var map, var body) ->
                    new Statement.ForMap(span, renaming.apply(name), expression(map) instanceof Expression.MapReference m ? m : map, block(body));
            case Statement.Break _, Statement.Continue _, Statement.ImportStatement _ -> statement;
            case Statement.Return(var span, var value) -> new Statement.Return(span, value.map(this::expression));
            case Statement.Nested(var span, var block) -> new Statement.Nested(span, block(block));
        };
    }

    /** The rebuilt expression. */
    public Expression expression(Expression expression) {
        return replacement.apply(switch (expression) {
            case Expression.IntegerLiteral _, Expression.StringLiteral _, Expression.BooleanLiteral _, Expression.Identifier _, Expression.Variable _,
                    Expression.Positional _, Expression.PositionalCount _, Expression.MapReference _ -> expression;
            case Expression.MapAccess(var span, var map, var keys) -> mapAccess(span, map, keys);
            case Expression.Unary(var span, var operator, var operand) -> new Expression.Unary(span, operator, expression(operand));
            case Expression.Increment(var span, var target, var decrement, var prefix) ->
                    new Expression.Increment(span, expression(target), decrement, prefix);
            case Expression.Binary(var span, var operator, var left, var right) ->
                    new Expression.Binary(span, operator, expression(left), expression(right));
            case Expression.Ternary(var span, var condition, var yes, var no) ->
                    new Expression.Ternary(span, expression(condition), yes.map(this::expression), expression(no));
            case Expression.IfValue(var span, var comptime, var condition, var yes, var no) ->
                    new Expression.IfValue(span, comptime, expression(condition), block(yes), block(no));
            case Expression.BlockValue(var span, var block) -> new Expression.BlockValue(span, block(block));
            case Expression.Call(var span, var nameSpan, var name, var arguments) -> new Expression.Call(span, nameSpan, name, arguments(arguments));
            case Expression.Cast(var span, var type, var operand) -> new Expression.Cast(span, type(type), expression(operand));
            case Expression.Field(var span, var operand, var nameSpan, var name, var arrow) ->
                    new Expression.Field(span, expression(operand), nameSpan, name, arrow);
            case Expression.Element(var span, var operand, var index) -> new Expression.Element(span, expression(operand), index);
            case Expression.Index(var span, var operand, var index) -> new Expression.Index(span, expression(operand), expression(index));
            case Expression.Tuple(var span, var elements) -> new Expression.Tuple(span, all(elements));
            case Expression.OfRecord(var span, var names, var values) -> new Expression.OfRecord(span, names, all(values));
            case Expression.Sizeof(var span, var operand) -> new Expression.Sizeof(span, argument(operand));
            case Expression.Offsetof(var span, var operand, var fields) -> new Expression.Offsetof(span, argument(operand), fields);
            case Expression.Comptime(var span, var inner) -> new Expression.Comptime(span, expression(inner));
        });
    }

    private Expression mapAccess(Span span, Expression.MapReference map, List<Expression> keys) {
        Expression replaced = expression(map);
        return new Expression.MapAccess(span, replaced instanceof Expression.MapReference m ? m : map, all(keys));
    }

    private List<Expression> all(List<Expression> expressions) {
        List<Expression> rebuilt = new ArrayList<>(expressions.size());
        expressions.forEach(e -> rebuilt.add(expression(e)));
        return rebuilt;
    }

    private List<Expression.Argument> arguments(List<Expression.Argument> arguments) {
        List<Expression.Argument> rebuilt = new ArrayList<>(arguments.size());
        arguments.forEach(a -> rebuilt.add(argument(a)));
        return rebuilt;
    }

    private Expression.Argument argument(Expression.Argument argument) {
        return switch (argument) {
            case Expression.Argument.Value(Expression.Identifier(_, String name)) when types.apply(name) != null ->
                    new Expression.Argument.OfType(types.apply(name));
            case Expression.Argument.Value(Expression value) -> new Expression.Argument.Value(expression(value));
            case Expression.Argument.OfType(TypeName type) -> new Expression.Argument.OfType(type(type));
        };
    }

    /** The rebuilt type. */
    public TypeName type(TypeName type) {
        return switch (type) {
            case TypeName.Named(_, String name) when types.apply(name) != null -> types.apply(name);
            case TypeName.TypeOf(_, Expression.Identifier(_, String name)) when types.apply(name) != null -> types.apply(name);
            case TypeName.Named _, TypeName.Tagged _ -> type;
            case TypeName.Pointer(var span, var target) -> new TypeName.Pointer(span, type(target));
            case TypeName.Array(var span, var element, Optional<Expression> size) ->
                    new TypeName.Array(span, type(element), size.map(this::expression));
            case TypeName.TypeOf(var span, var inner) -> new TypeName.TypeOf(span, expression(inner));
            case TypeName.Tuple(var span, var elements) -> new TypeName.Tuple(span, elements.stream().map(this::type).toList());
            case TypeName.OfRecord(var span, var names, var types) -> new TypeName.OfRecord(span, names, types.stream().map(this::type).toList());
        };
    }
}
