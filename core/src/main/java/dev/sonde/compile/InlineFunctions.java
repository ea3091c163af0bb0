package dev.sonde.compile;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.syntax.Transform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Replaces calls of the script's functions ({@code fn}) by block expressions with their bodies: parameters become variables of their own, passed by
 * value, and a {@code return} leaves the body, which stands in a loop that runs once. A function may call others, not itself.
 */
final class InlineFunctions {
    private final Environment environment;
    private final Map<String, Script.Function> functions = new HashMap<>();
    private final List<String> open = new ArrayList<>();
    private int calls;

    InlineFunctions(Environment environment) {
        this.environment = environment;
    }

    /** The script without calls of its own functions. */
    Script inline(Script script) {
        if (script.functions().isEmpty()) {
            return script;
        }
        script.functions().forEach(function -> functions.put(function.name(), function));
        var transform = new Transform(this::use, name -> name);
        List<Script.Probe> probes = script.probes().stream().map(transform::probe).toList();
        return new Script(script.source(), script.definitions(), script.config(), script.imports(), script.maps(), List.of(),
                script.macros(), probes);
    }

    private Expression use(Expression expression) {
        return expression instanceof Expression.Call call && functions.containsKey(call.name()) ? call(call, functions.get(call.name())) : expression;
    }

    private Expression call(Expression.Call call, Script.Function function) {
        if (open.contains(function.name())) {
            return refuse(call.span(), function.name() + "() calls itself: the kernel allows no recursion");
        }
        List<Expression> values = new ArrayList<>();
        for (Expression.Argument argument : call.arguments()) {
            if (argument instanceof Expression.Argument.Value(Expression value)) {
                values.add(value);
            }
        }
        if (calls == TreeExtent.MOST_USES) {
            return refuse(call.span(), "Functions are called in more than " + calls + " places, with those in functions");
        }
        int wanted = function.parameters().size();
        if (values.size() != wanted) {
            return refuse(call.span(), function.name() + "() requires " + wanted + (wanted == 1 ? " argument" : " arguments")
                    + " (" + values.size() + " provided)");
        }
        open.add(function.name());
        Expression inlined = body(call.span(), function, values, "'" + ++calls);
        open.removeLast();
        if (open.isEmpty() && !TreeExtent.fits(inlined)) {
            return refuse(call.span(), "The call of " + function.name() + "() stands for too much");
        }
        return inlined;
    }

    private Expression refuse(Span span, String message) {
        environment.diagnostics().add(span, DiagnosticCode.BAD_ARGUMENTS, message);
        return new Expression.IntegerLiteral(span, 0, false);
    }

    private Expression body(Span span, Script.Function function, List<Expression> values, String suffix) {
        var transform = new Transform(e -> e instanceof Expression.Variable v ? new Expression.Variable(v.span(), v.name() + suffix) : use(e),
                n -> n + suffix);
        Script.Block body = transform.block(function.body());
        String result = "return" + suffix;
        String done = "done" + suffix;
        List<Statement> statements = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Script.Parameter parameter = function.parameters().get(i);
            statements.add(new Statement.Let(parameter.span(), parameter.name() + suffix, Optional.of(parameter.type()), Optional.of(values.get(i))));
        }
        boolean gives = function.result().filter(t -> !t.span().text().equals("void")).isPresent();
        if (gives) {
            statements.add(new Statement.Let(span, result, function.result(), Optional.empty()));
        }
        statements.add(new Statement.Let(span, done, Optional.empty(), Optional.of(new Expression.IntegerLiteral(span, 0, false))));
        var leaving = new Leaving(result, done, gives);
        Script.Block once = leaving.block(body, false);
        List<Statement> inside = new ArrayList<>(once.statements());
        once.result().ifPresent(value -> inside.add(gives
                ? new Statement.Assign(value.span(), new Expression.Variable(value.span(), result), Optional.empty(), value)
                : new Statement.Evaluate(value.span(), value)));
        statements.add(new Statement.Unroll(span, new Expression.IntegerLiteral(span, 1, false),
                new Script.Block(body.span(), inside, Optional.empty())));
        Optional<Expression> value = gives ? Optional.of(new Expression.Variable(span, result)) : Optional.empty();
        return new Expression.BlockValue(span, new Script.Block(body.span(), statements, value));
    }

    /** Turns returns into an assignment and breaks, through as many loops as there are. */
    private record Leaving(String result, String done, boolean gives) {
        Script.Block block(Script.Block block, boolean inLoop) {
            List<Statement> statements = new ArrayList<>();
            for (Statement statement : block.statements()) {
                add(statements, statement, inLoop);
            }
            return new Script.Block(block.span(), statements, block.result());
        }

        private void add(List<Statement> out, Statement statement, boolean inLoop) {
            switch (statement) {
                case Statement.Return(var span, var value) -> leave(out, span, value, inLoop);
                case Statement.If(var span, var comptime, var condition, var then, var otherwise) ->
                        out.add(new Statement.If(span, comptime, condition, block(then, inLoop), otherwise.map(b -> block(b, inLoop))));
                case Statement.Nested(var span, var block) -> out.add(new Statement.Nested(span, block(block, inLoop)));
                case Statement.While(var span, var condition, var body) -> loop(out, new Statement.While(span, condition, block(body, true)), inLoop);
                case Statement.Unroll(var span, var count, var body) -> loop(out, new Statement.Unroll(span, count, block(body, true)), inLoop);
                case Statement.ForRange(var span, var name, var from, var to, var body) ->
                        loop(out, new Statement.ForRange(span, name, from, to, block(body, true)), inLoop);
                case Statement.ForMap(var span, var name, var map, var body) ->
                        loop(out, new Statement.ForMap(span, name, map, block(body, true)), inLoop);
                case Statement.Evaluate _, Statement.Assign _, Statement.Discard _, Statement.Let _, Statement.Destructure _, Statement.Break _,
                        Statement.Continue _, Statement.ImportStatement _ -> out.add(statement);
            }
        }

        private void loop(List<Statement> out, Statement loop, boolean inLoop) {
            out.add(loop);
            Span span = loop.span();
            out.add(new Statement.If(span, false, new Expression.Variable(span, done),
                    new Script.Block(span, List.of(new Statement.Break(span)), Optional.empty()), Optional.empty()));
        }

        private void leave(List<Statement> out, Span span, Optional<Expression> value, boolean inLoop) {
            if (gives && value.isPresent()) {
                out.add(new Statement.Assign(span, new Expression.Variable(span, result), Optional.empty(), value.get()));
            }
            if (inLoop) {
                out.add(new Statement.Assign(span, new Expression.Variable(span, done), Optional.empty(),
                        new Expression.IntegerLiteral(span, 1, false)));
            }
            out.add(new Statement.Break(span));
        }
    }
}
