package dev.sonde.syntax;

import dev.sonde.syntax.Expression.Argument;
import dev.sonde.syntax.Script.AttachPoint;
import dev.sonde.syntax.Script.Block;
import java.util.List;
import java.util.function.Function;

/** Prints a script as a tree, one node a line, one space a level. */
public final class AstPrinter {
    private final StringBuilder out = new StringBuilder();
    private final Function<Expression, String> notes;
    private int depth;
    private String note = "";

    private AstPrinter(Function<Expression, String> notes) {
        this.notes = notes;
    }

    /** The tree of {@code script}; lines end in a newline. */
    public static String print(Script script) {
        var printer = new AstPrinter(_ -> "");
        printer.line("Program");
        printer.depth++;
        printer.script(script);
        return printer.out.toString();
    }

    /** The tree of one probe, with what {@code notes} says of each expression behind it. */
    public static String print(Script.Probe probe, Function<Expression, String> notes) {
        var printer = new AstPrinter(notes);
        printer.probe(probe);
        return printer.out.toString();
    }

    private void line(String text) {
        out.repeat(' ', depth).append(text).append(note).append('\n');
        note = "";
    }

    private void node(String text, Runnable children) {
        line(text);
        depth++;
        children.run();
        depth--;
    }

    private void node(String text, Expression... children) {
        node(text, () -> {
            for (Expression child : children) {
                expression(child);
            }
        });
    }

    private void script(Script script) {
        script.definitions().forEach(this::definition);
        script.config().forEach(item -> node("config: " + item.key(), item.value()));
        script.imports().forEach(imported -> line("import: " + imported.path()));
        script.maps().forEach(map -> node("map decl: @" + map.name() + " " + map.kind(), () -> map.maxEntries().ifPresent(this::expression)));
        script.functions().forEach(this::function);
        script.macros().forEach(macro -> node("macro: " + macro.name(), () -> {
            macro.parameters().forEach(parameter -> line("arg: " + parameter));
            block(macro.body());
        }));
        script.probes().forEach(this::probe);
    }

    private void function(Script.Function function) {
        node("fn: " + function.name(), () -> {
            function.parameters().forEach(parameter -> line("arg: $" + parameter.name() + " :: " + Formatter.format(parameter.type())));
            function.result().ifPresent(type -> line("result :: " + Formatter.format(type)));
            block(function.body());
        });
    }

    private void probe(Script.Probe probe) {
        for (AttachPoint point : probe.attachPoints()) {
            line(point.text());
        }
        depth++;
        probe.predicate().ifPresent(predicate -> node("pred", predicate));
        block(probe.body());
        depth--;
    }

    private void block(Block block) {
        block.statements().forEach(this::statement);
        block.result().ifPresent(result -> node("result", result));
    }

    private void section(String name, Block block) {
        node(name, () -> block(block));
    }

    private void definition(Definition definition) {
        switch (definition) {
            case Definition.Include include -> line("include: " + include.path());
            case Definition.Define define -> line("define: " + define.name()
                    + (define.functionLike() ? "(" + String.join(", ", define.parameters()) + ")" : "") + " " + define.value());
            case Definition.Struct struct -> aggregate(struct.type());
            case Definition.Enumeration enumeration -> enumeration(enumeration);
            case Definition.Typedef typedef -> node("typedef", () -> declarator(typedef.declarator()));
        }
    }

    private void aggregate(Definition.Aggregate type) {
        String attributes = (type.packed() ? " packed" : "") + (type.aligned() > 0 ? " aligned " + type.aligned() : "");
        node((type.union() ? "union" : "struct") + type.name().map(name -> " " + name).orElse("") + attributes, () ->
            type.fields().ifPresent(fields -> fields.forEach(this::declarator)));
    }

    private void enumeration(Definition.Enumeration type) {
        node("enum" + type.name().map(name -> " " + name).orElse(""), () -> type.enumerators().forEach(enumerator ->
            node(enumerator.name(), () -> enumerator.value().ifPresent(this::expression))));
    }

    private void declarator(Definition.Declarator declarator) {
        String name = declarator.name().orElse("") + "*".repeat(declarator.pointers()) + (declarator.functionPointer() ? "()" : "");
        node("field: " + name, () -> {
            switch (declarator.base()) {
                case Definition.CType.Named named -> line(named.name());
                case Definition.CType.OfAggregate(Definition.Aggregate aggregate) -> aggregate(aggregate);
                case Definition.CType.OfEnum(Definition.Enumeration enumeration) -> enumeration(enumeration);
            }
            declarator.dimensions().forEach(dimension -> node("[]", dimension));
            declarator.bits().ifPresent(bits -> node("bits", bits));
        });
    }

    private void statement(Statement statement) {
        switch (statement) {
            case Statement.Evaluate(_, Expression expression) -> expression(expression);
            case Statement.Assign assign -> node(assign.operator().map(BinaryOperator::text).orElse("") + "=", assign.target(), assign.value());
            case Statement.Discard discard -> node("_ =", discard.value());
            case Statement.Let let -> node("decl: $" + let.name() + let.type().map(type -> " :: " + Formatter.format(type)).orElse(""), () ->
                let.value().ifPresent(this::expression));
            case Statement.Destructure destructure -> node("decl: ($" + String.join(", $", destructure.names()) + ")", destructure.value());
            case Statement.If branch -> ifElse(branch.comptime(), branch.condition(), branch.then(), branch.otherwise().orElse(null));
            case Statement.Unroll loop -> loop("unroll", loop.count(), loop.body());
            case Statement.While loop -> loop("while", loop.condition(), loop.body());
            case Statement.ForRange loop -> node("for", () -> {
                line("decl: $" + loop.name());
                node("range", loop.from(), loop.to());
                block(loop.body());
            });
            case Statement.ForMap loop -> node("for", () -> {
                line("decl: $" + loop.name());
                expression(loop.map());
                block(loop.body());
            });
            case Statement.Break _ -> line("break");
            case Statement.Continue _ -> line("continue");
            case Statement.Return returned -> node("return", () -> returned.value().ifPresent(this::expression));
            case Statement.Nested nested -> section("block", nested.block());
            case Statement.ImportStatement imported -> line("import: " + imported.path());
        }
    }

    private void loop(String word, Expression condition, Block body) {
        node(word, () -> {
            expression(condition);
            block(body);
        });
    }

    private void ifElse(boolean comptime, Expression condition, Block yes, Block no) {
        node(comptime ? "if comptime" : "if", () -> {
            expression(condition);
            section("then", yes);
            if (no != null) {
                section("else", no);
            }
        });
    }

    private void expression(Expression expression) {
        note = notes.apply(expression);
        switch (expression) {
            case Expression.IntegerLiteral literal ->
                line("int: " + (literal.unsigned() ? Long.toUnsignedString(literal.value()) + "u" : Long.toString(literal.value())));
            case Expression.StringLiteral literal -> line("string: " + ExpressionFormatter.quoted(literal.value()));
            case Expression.BooleanLiteral literal -> line("bool: " + literal.value());
            case Expression.Identifier identifier -> line("identifier: " + identifier.name());
            case Expression.Variable variable -> line("variable: $" + variable.name());
            case Expression.Positional positional -> line("param: $" + positional.index());
            case Expression.PositionalCount _ -> line("param: $#");
            case Expression.MapReference map -> line("map: @" + map.name());
            case Expression.MapAccess access -> node("map: @" + access.map().name(), access.keys().toArray(new Expression[0]));
            case Expression.Unary unary -> node(name(unary.operator()), unary.operand());
            case Expression.Increment increment ->
                node((increment.decrement() ? "--" : "++") + (increment.prefix() ? " (pre)" : " (post)"), increment.target());
            case Expression.Binary binary -> node(binary.operator().text(), binary.left(), binary.right());
            case Expression.Ternary ternary -> node("?:", () -> {
                expression(ternary.condition());
                ternary.yes().ifPresent(this::expression);
                expression(ternary.no());
            });
            case Expression.IfValue value -> ifElse(value.comptime(), value.condition(), value.yes(), value.no());
            case Expression.BlockValue value -> section("block", value.block());
            case Expression.Call call -> node("call: " + call.name(), () -> call.arguments().forEach(this::argument));
            case Expression.Cast cast -> node("(" + Formatter.format(cast.type()) + ")", cast.operand());
            case Expression.Field field -> node((field.arrow() ? "->" : ".") + " " + field.name(), field.operand());
            case Expression.Element element -> node(". " + element.index(), element.operand());
            case Expression.Index index -> node("[]", index.operand(), index.index());
            case Expression.Tuple tuple -> node("tuple:", tuple.elements().toArray(new Expression[0]));
            case Expression.OfRecord record -> record(record.names(), record.values());
            case Expression.Sizeof sizeof -> node("sizeof", () -> argument(sizeof.operand()));
            case Expression.Offsetof offsetof -> node("offsetof: " + String.join(".", offsetof.fields()), () -> argument(offsetof.operand()));
            case Expression.Comptime comptime -> node("comptime", comptime.expression());
        }
    }

    private static String name(UnaryOperator operator) {
        return operator == UnaryOperator.DEREFERENCE ? "dereference" : operator.text();
    }

    private void record(List<String> names, List<Expression> values) {
        node("record:", () -> {
            for (int i = 0; i < names.size(); i++) {
                node(names.get(i), values.get(i));
            }
        });
    }

    private void argument(Argument argument) {
        switch (argument) {
            case Argument.Value(Expression value) -> expression(value);
            case Argument.OfType(TypeName type) -> line("type: " + Formatter.format(type));
        }
    }
}
