package dev.sonde.compile;

import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;

/** Makes the code of statements and blocks. */
final class LowerStatements {
    private final LowerProbe probe;
    private final LowerExpressions expressions;
    private final LowerOperators operators;
    private final Body body;
    private final IrBuilder ir;

    LowerStatements(LowerProbe probe, LowerExpressions expressions) {
        this.probe = probe;
        this.expressions = expressions;
        this.operators = new LowerOperators(probe, expressions);
        this.body = probe.body();
        this.ir = body.ir();
    }

    /** A block for its effect. */
    void block(Script.Block block) {
        blockValue(block);
    }

    /** A block and the value of its last expression. */
    Value blockValue(Script.Block block) {
        declare(block);
        for (Statement statement : block.statements()) {
            ir.at(Optional.of(statement.span()));
            statement(statement);
        }
        if (block.result().isEmpty()) {
            return new Value.Nothing(Type.NONE);
        }
        return evaluate(block.result().get());
    }

    private void declare(Script.Block block) {
        for (Variable variable : probe.unit().scopes().declaredIn(block)) {
            probe.home(variable);
        }
    }

    private void statement(Statement statement) {
        switch (statement) {
            case Statement.Evaluate e -> evaluate(e.expression());
            case Statement.Assign a -> assign(a);
            case Statement.Discard d -> evaluate(d.value());
            case Statement.Let l -> let(l);
            case Statement.Destructure d -> destructure(d);
            case Statement.If i -> branch(i);
            case Statement.Unroll u -> unroll(u);
            case Statement.While w -> new LowerLoop(probe).lower(w);
            case Statement.ForRange f -> new LowerLoop(probe).lower(f);
            case Statement.ForMap f -> new LowerMapLoop(probe).lower(f);
            case Statement.Break _ -> ir.jump(body.loops().getFirst().end());
            case Statement.Continue _ -> ir.jump(body.loops().getFirst().next());
            case Statement.Return r -> leave(r);
            case Statement.Nested n -> block(n.block());
            case Statement.ImportStatement _ -> throw new IllegalStateException("import is refused before");
        }
    }

    /** Only of a probe that runs on demand does anybody see the result. */
    private void leave(Statement.Return statement) {
        Optional<Value> value = statement.value().map(expressions::value);
        if (value.isPresent() && probe.unit().group().kind().demand().isPresent()) {
            ir.add(new Operation.Return(probe.memory().scalar(value.get())));
        } else {
            ir.jump(body.leave());
        }
    }

    private Value evaluate(Expression expression) {
        if (expression instanceof Expression.Increment increment) {
            return operators.increment(increment, false);
        }
        if (expressions.type(expression) instanceof Type.Aggregate(var aggregation) && Casts.readType(aggregation) == Type.NONE) {
            Children.of(expression).forEach(key -> expressions.value((Expression) key));
            return new Value.Nothing(Type.NONE);
        }
        return expressions.value(expression);
    }

    private void let(Statement.Let let) {
        Variable variable = probe.unit().scopes().of(let).orElseThrow();
        if (let.value().isPresent()) {
            assign(variable, let.value().get());
        } else if (probe.unit().facts().of(variable) != Type.NONE) {
            probe.zero(variable);
        }
    }

    private void destructure(Statement.Destructure statement) {
        Value value = expressions.value(statement.value());
        Address place = probe.memory().inMemory(value);
        List<Type> types = ((Type.Tuple) value.type()).elements();
        List<Variable> variables = probe.unit().scopes().destructured(statement);
        for (int i = 0; i < types.size(); i++) {
            probe.home(variables.get(i));
            probe.assign(variables.get(i), new Value.InMemory(types.get(i), place.plus(Layout.tupleOffset(types, i))));
        }
    }

    private void assign(Variable variable, Expression value) {
        if (body.home(variable) instanceof Body.Home.InPlace(Address place)) {
            Value made = expressions.value(value, Optional.of(place).filter(_ -> buildsIn(value, variable)));
            probe.memory().store(place, probe.unit().facts().of(variable), made);
        } else {
            probe.assign(variable, expressions.value(value));
        }
    }

    /** Whether a value can be built where the variable is: elements of other sizes would be laid over each other. */
    private boolean buildsIn(Expression value, Variable variable) {
        Type type = probe.unit().facts().of(variable);
        boolean laidOut = type instanceof Type.Tuple || type instanceof Type.Named;
        return !mentions(value, variable) && (!laidOut || expressions.type(value).equals(type));
    }

    private boolean mentions(Expression value, Variable variable) {
        return Children.any(value, e -> probe.unit().scopes().of(e).orElse(null) == variable);
    }

    private void assign(Statement.Assign assign) {
        if (assign.target() instanceof Expression.Variable v) {
            assignVariable(probe.unit().scopes().of(v).orElseThrow(), assign);
        } else if (assign.target() instanceof Expression.MapReference m) {
            assignMap(m.name(), null, assign);
        } else if (assign.target() instanceof Expression.MapAccess m) {
            assignMap(m.map().name(), m, assign);
        } else {
            throw new IllegalStateException("refused before: " + assign.target());
        }
    }

    private void assignVariable(Variable variable, Statement.Assign assign) {
        if (assign.operator().isPresent()) {
            Type type = probe.unit().facts().of(variable);
            ir.at(Optional.of(assign.operation()));
            Value sum = operators.compound(expressions.read(variable), assign.operator().get(), expressions.value(assign.value()),
                    type instanceof Type.Pointer ? type : Type.INT64);
            probe.assign(variable, sum);
        } else {
            assign(variable, assign.value());
        }
    }

    private void assignMap(String map, Expression.MapAccess access, Statement.Assign assign) {
        Type type = body.module().view(map).value();
        if (assign.operator().isPresent()) {
            compoundMap(map, access == null ? null : expressions.key(access), assign, type);
            return;
        }
        if (assign.value() instanceof Expression.Call call && Builtins.find(call.name()).orElseThrow().form() == Builtin.Form.AGGREGATION) {
            Value argument = expressions.value(call);
            if (argument instanceof Value.InMemory || argument instanceof Value.Remote) {
                argument = new Value.Scalar(argument.type(), probe.memory().scalar(argument));
            }
            Address key = access == null ? null : expressions.key(access);
            ir.at(Optional.of(call.span()));
            probe.maps().aggregate(map, key, argument);
            return;
        }
        Value value = expressions.value(assign.value());
        probe.maps().assign(map, access == null ? null : expressions.key(access), value);
    }

    private void compoundMap(String map, Address key, Statement.Assign assign, Type type) {
        Optional<Operand> amount = type instanceof Type.Pointer
                ? Optional.empty() : operators.addition(assign.operator().orElseThrow(), assign.value());
        if (amount.isPresent()) {
            probe.maps().add(map, key, amount.get(), assign.target().span());
        } else {
            Value before = probe.maps().read(map, key);
            ir.at(Optional.of(assign.operation()));
            probe.maps().assign(map, key, operators.compound(before, assign.operator().orElseThrow(), expressions.value(assign.value()), type));
        }
    }

    private void branch(Statement.If branch) {
        if (branch.comptime()) {
            probe.expressionTypes().taken(branch).ifPresent(this::block);
            return;
        }
        Operation.Label otherwise = ir.label();
        expressions.branchUnless(branch.condition(), otherwise);
        block(branch.then());
        if (branch.otherwise().isPresent()) {
            Operation.Label done = ir.label();
            ir.jump(done);
            ir.place(otherwise);
            block(branch.otherwise().get());
            ir.place(done);
        } else {
            ir.place(otherwise);
        }
    }

    private void unroll(Statement.Unroll unroll) {
        long count = probe.expressionTypes().constant(unroll.count()).orElseThrow();
        Operation.Label end = ir.label();
        for (int i = 0; i < count; i++) {
            Operation.Label next = ir.label();
            inLoop(new Body.Loop(next, end), unroll.body());
            ir.place(next);
        }
        ir.place(end);
    }

    /** The body of a loop, in which break and continue go where {@code loop} says. */
    void inLoop(Body.Loop loop, Script.Block block) {
        body.loops().addFirst(loop);
        block(block);
        body.loops().removeFirst();
    }

    /** One round of a loop over numbers, in which its variable is {@code index}. */
    void round(Statement.ForRange range, Operand.Register index, Body.Loop loop) {
        body.loops().addFirst(loop);
        declare(range.body());
        probe.assign(probe.unit().scopes().of(range).orElseThrow(), new Value.Scalar(Type.INT64, index));
        block(range.body());
        body.loops().removeFirst();
    }
}
