package dev.sonde.compile;

import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.spec.MapSpec;
import dev.sonde.syntax.Statement;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.util.List;

/**
 * Makes the code of a loop over a map: a call of bpf_for_each_map_elem with the body as its callback. The callback gives 0 to go on and 1 to stop; a
 * {@code return} in it is told through the capture slot.
 */
final class LowerMapLoop {
    private final LowerProbe outer;

    LowerMapLoop(LowerProbe outer) {
        this.outer = outer;
    }

    void lower(Statement.ForMap loop) {
        Body body = outer.body();
        IrBuilder ir = body.ir();
        LowerProbe inner = outer.callback(3, loop.span());
        callback(inner, loop);
        Operand.Register function = body.finish(inner.body());
        Operand.Register captures = body.captures();
        int map = body.module().map(loop.map().name());
        ir.callFor(BpfHelper.FOR_EACH_MAP_ELEM, ir.map(map), function, captures, Operand.of(0));
        ir.branch(Condition.NE, body.leaving(), 0, body.leave());
    }

    private void callback(LowerProbe inner, Statement.ForMap loop) {
        Body body = inner.body();
        IrBuilder ir = body.ir();
        Operation.Label next = ir.label();
        Operation.Label stop = ir.label();
        body.loops().addFirst(new Body.Loop(next, stop));
        Operand.Register key = body.parameter(1);
        Operand.Register value = body.parameter(2);
        Variable variable = inner.unit().scopes().of(loop).orElseThrow();
        inner.unit().scopes().declaredIn(loop.body()).forEach(inner::home);
        entry(inner, loop, variable, new Address.AtRegister(key, 0), new Address.AtRegister(value, 0));
        inner.statements().block(loop.body());
        inner.endCallback(next, stop);
    }

    /** Puts the entry's key and value in the loop's variable. */
    private void entry(LowerProbe inner, Statement.ForMap loop, Variable variable, Address key, Address value) {
        MapSpec.View view = inner.body().module().view(loop.map().name());
        var tuple = (Type.Tuple) inner.unit().facts().of(variable);
        List<Type> elements = tuple.elements();
        Address to = ((Body.Home.InPlace) inner.body().home(variable)).place();
        inner.memory().zeroPadding(to, elements, tuple.size());
        inner.memory().store(to, elements.get(0), new Value.InMemory(elements.get(0), key));
        Value content = view.value() instanceof Type.Aggregate
                ? inner.maps().read(loop.map().name(), key)
                : new Value.InMemory(view.value(), value);
        inner.memory().store(to.plus(Layout.tupleOffset(elements, 1)), elements.get(1), content);
    }
}
