package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Statement;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import dev.sonde.types.Type;
import java.util.function.Consumer;

/**
 * Makes a loop over numbers or one with a condition, in the form that the kernel's verifier can follow.
 *
 * <p>The verifier goes through a plain loop round by round, with all that may have happened in the rounds before. Of longer loops it sees the end with
 * may_goto (6.9) or, before that, when the body is a function that bpf_loop calls back (5.17), but only if two rounds look alike to it: what changes
 * from round to round has to be where it does not keep track, in a map's memory.
 */
final class LowerLoop {
    /** What becomes of a loop. */
    enum Form {
        PLAIN, BUDGET, CALLED_BACK
    }

    /** The most rounds that bpf_loop makes (BPF_MAX_LOOPS). */
    private static final int MOST_ROUNDS = 1 << 23;
    /** Loops of so few rounds are left to the verifier. */
    private static final int FEW_ROUNDS = 16;

    private final LowerProbe outer;

    LowerLoop(LowerProbe outer) {
        this.outer = outer;
    }

    /** What becomes of {@code range}. */
    static Form form(Statement.ForRange range, Target target) {
        boolean few = range.from() instanceof Expression.IntegerLiteral from && range.to() instanceof Expression.IntegerLiteral to
                && to.value() - from.value() <= FEW_ROUNDS;
        return few ? Form.PLAIN : form(target);
    }

    /** What becomes of a loop of which nobody knows when it ends. */
    static Form form(Target target) {
        return target.has(Feature.MAY_GOTO) ? Form.BUDGET : target.has(Feature.BPF_LOOP) ? Form.CALLED_BACK : Form.PLAIN;
    }

    void lower(Statement.While loop) {
        Form form = form(outer.environment().target());
        if (form == Form.CALLED_BACK) {
            callBack(Operand.of(MOST_ROUNDS), inner -> {
                Body body = inner.body();
                inner.unit().scopes().declaredIn(loop.body()).forEach(inner::home);
                inner.expressions().branchUnless(loop.condition(), body.loops().getFirst().end());
                inner.statements().block(loop.body());
            });
            return;
        }
        IrBuilder ir = outer.body().ir();
        Operation.Label next = ir.label();
        Operation.Label end = ir.label();
        ir.place(next);
        if (form == Form.BUDGET) {
            ir.add(new Operation.LoopBudget(end));
        }
        outer.expressions().branchUnless(loop.condition(), end);
        outer.statements().inLoop(new Body.Loop(next, end), loop.body());
        ir.jump(next);
        ir.place(end);
    }

    void lower(Statement.ForRange range) {
        switch (form(range, outer.environment().target())) {
            case PLAIN -> plain(range);
            case BUDGET -> budget(range);
            case CALLED_BACK -> calledBack(range);
        }
    }

    private void plain(Statement.ForRange range) {
        IrBuilder ir = outer.body().ir();
        Operand.Register index = ir.register();
        Operation.Label test = ir.label();
        Operation.Label next = ir.label();
        Operation.Label end = ir.label();
        ir.copy(index, outer.expressions().scalar(range.from()));
        Operand limit = outer.expressions().scalar(range.to());
        ir.place(test);
        ir.branch(Condition.SGE, index, limit, end);
        outer.statements().round(range, index, new Body.Loop(next, end));
        ir.place(next);
        ir.copy(index, ir.alu(AluOperation.ADD, index, 1));
        ir.jump(test);
        ir.place(end);
    }

    private void budget(Statement.ForRange range) {
        IrBuilder ir = outer.body().ir();
        Address counter = outer.body().shared();
        Operation.Label next = ir.label();
        Operation.Label end = ir.label();
        ir.store(counter, 8, outer.expressions().scalar(range.from()));
        Operand limit = outer.expressions().scalar(range.to());
        ir.place(next);
        ir.add(new Operation.LoopBudget(end));
        Operand.Register index = ir.load(counter, 8, true);
        ir.branch(Condition.SGE, index, limit, end);
        ir.store(counter, 8, ir.alu(AluOperation.ADD, index, 1));
        outer.statements().round(range, index, new Body.Loop(next, end));
        ir.jump(next);
        ir.place(end);
    }

    private void calledBack(Statement.ForRange range) {
        Body body = outer.body();
        IrBuilder ir = body.ir();
        Operand from = outer.expressions().scalar(range.from());
        Operand.Register rounds = ir.register();
        Operation.Label some = ir.label();
        Operation.Label end = ir.label();
        ir.copy(rounds, ir.alu(AluOperation.SUB, ir.inRegister(outer.expressions().scalar(range.to())), from));
        ir.branch(Condition.SLE, rounds, 0, end);
        ir.branch(Condition.LE, rounds, MOST_ROUNDS, some);
        ir.copy(rounds, Operand.of(MOST_ROUNDS));
        ir.place(some);
        Address first = body.shared();
        ir.store(first, 8, from);
        callBack(rounds, inner -> {
            Operand number = inner.body().ir().alu(AluOperation.ADD, inner.body().ir().load(inner.body().outerShared(first), 8, false),
                    inner.body().parameter(0));
            inner.unit().scopes().declaredIn(range.body()).forEach(inner::home);
            inner.assign(inner.unit().scopes().of(range).orElseThrow(), new Value.Scalar(Type.INT64, number));
            inner.statements().block(range.body());
        });
        ir.place(end);
    }

    /** Has the kernel call a function for each of {@code rounds}. */
    private void callBack(Operand rounds, Consumer<LowerProbe> round) {
        Body body = outer.body();
        IrBuilder ir = body.ir();
        LowerProbe inner = outer.callback(1);
        IrBuilder inside = inner.body().ir();
        var labels = new Body.Loop(inside.label(), inside.label());
        inner.body().loops().addFirst(labels);
        round.accept(inner);
        inner.endCallback(labels.next(), labels.end());
        Operand.Register function = body.finish(inner.body());
        ir.callFor(BpfHelper.LOOP, rounds, function, body.captures(), Operand.of(0));
        ir.branch(Condition.NE, body.leaving(), 0, body.leave());
    }
}
