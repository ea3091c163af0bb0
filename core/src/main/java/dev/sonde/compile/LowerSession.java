package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.List;
import java.util.Optional;

/**
 * Makes the code of a program that runs both when a function begins and when it returns: it asks the kernel which it is, and goes on with the unit
 * written for that. Both give 0, since the kernel leaves out the return after an entry that gave 1; that is used for processes that are not traced.
 */
final class LowerSession {
    private final Environment environment;
    private final TypedScript script;
    private final PairReturns.Part.Session session;
    private final Body body;
    private final IrBuilder ir;

    LowerSession(Environment environment, TypedScript script, PairReturns.Part.Session session, Module module, int stackLimit) {
        this.environment = environment;
        this.script = script;
        this.session = session;
        this.body = new Body(module, "probe", stackLimit);
        this.ir = body.ir();
    }

    /** The code, when the first entry has index {@code site} and the first return the one after the last entry. */
    IrProgram lower(int site) {
        int entries = session.probes().entry().sites().size();
        var entry = new LowerProbe(environment, script, session.entry(), body, site, 0);
        var exit = new LowerProbe(environment, script, session.exit(), body, site + entries, entries);
        Operation.Label begins = ir.label();
        Operation.Label others = ir.label();
        new LowerEntry(entry).filter(others);
        ir.branch(Condition.EQ, isReturn(), 0, begins);
        exit.run();
        ir.jump(body.leave());
        ir.place(begins);
        entry.run();
        ir.place(body.leave());
        ir.ret(0);
        if (session.probes().entry().filterPid() >= 0) {
            ir.place(others);
            ir.ret(1);
        }
        return body.finish();
    }

    /** The function has a parameter since Linux 7.0: the context. Of a bool only the low byte is set. */
    private Operand.Register isReturn() {
        Operand.Register result = ir.register();
        var function = session.probes().isReturn();
        ir.add(new Operation.CallKernelFunction(Optional.of(result), function.name(), function.id(), List.of(body.context())));
        return ir.alu(AluOperation.AND, result, 0xff);
    }
}
