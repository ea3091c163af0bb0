package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.BpfHelper;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.Span;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import dev.sonde.types.Type;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes a loop over numbers or one with a condition, in the form that the kernel's verifier can follow.
 *
 * <p>The verifier goes through a plain loop round by round, with all that may have happened in the rounds before. Of longer loops it sees the end
 * with may_goto (6.9) or, before that, when the body is a function that bpf_loop calls back (5.17), but only if two rounds look alike to it: what
 * changes from round to round has to be where it does not keep track, in a map's memory.
 */
final class LowerLoop {
    /** What becomes of a loop. */
    enum Form {
        PLAIN, BUDGET, CALLED_BACK
    }

    /** The most rounds that bpf_loop makes (BPF_MAX_LOOPS). */
    private static final int MOST_ROUNDS = 1 << 23;
    /** Loops of so few rounds are left to the verifier, when there is no other in them: rounds multiply. */
    private static final int FEW_ROUNDS = 16;
    /** may_goto gives a program 0xffff rounds and then a quarter of a second (6.15); before that 8 million. bpf_loop has no such limit. */
    private static final int SURE_ROUNDS = 4096;
    /** Before 5.17 the verifier has to follow every round there can be, and keeps at most 8192 branches for later. */
    private static final int FOLLOWED_ROUNDS = 2000;

    private final LowerProbe outer;

    LowerLoop(LowerProbe outer) {
        this.outer = outer;
    }

    /** What becomes of {@code range}. */
    static Form form(Statement.ForRange range, Target target) {
        long rounds = range.from() instanceof Expression.IntegerLiteral from && range.to() instanceof Expression.IntegerLiteral to
                ? rounds(from.value(), to.value()) : Long.MAX_VALUE;
        if (rounds <= FEW_ROUNDS && !repeats(List.of(range.body()))) {
            return Form.PLAIN;
        }
        return rounds > SURE_ROUNDS && target.has(Feature.BPF_LOOP) ? Form.CALLED_BACK : form(target);
    }

    /** Whether there is a loop, or code that is there several times, in {@code parts}: blocks and expressions. */
    private static boolean repeats(List<Object> parts) {
        for (Object part : parts) {
            if (part instanceof Expression expression && repeats(Children.of(expression)) || part instanceof Script.Block block && repeats(block)) {
                return true;
            }
        }
        return false;
    }

    private static boolean repeats(Script.Block block) {
        for (Statement statement : block.statements()) {
            boolean loop = statement instanceof Statement.ForRange || statement instanceof Statement.ForMap || statement instanceof Statement.While
                    || statement instanceof Statement.Unroll;
            if (loop || repeats(Children.of(statement))) {
                return true;
            }
        }
        return block.result().isPresent() && repeats(List.of(block.result().get()));
    }

    /** A number above 2^63-1 is a negative one here, as in the loop's own comparison. */
    private static long rounds(long from, long to) {
        return from >= to ? 0 : to - from < 0 ? Long.MAX_VALUE : to - from;
    }

    /** What becomes of a loop of which nobody knows when it ends. */
    static Form form(Target target) {
        return target.has(Feature.MAY_GOTO) ? Form.BUDGET : target.has(Feature.BPF_LOOP) ? Form.CALLED_BACK : Form.PLAIN;
    }

    void lower(Statement.While loop) {
        Form form = form(outer.environment().target());
        if (form == Form.CALLED_BACK) {
            callBack(loop.span(), Operand.of(MOST_ROUNDS), inner -> {
                Body body = inner.body();
                inner.unit().scopes().declaredIn(loop.body()).forEach(inner::home);
                inner.expressions().branchUnless(loop.condition(), body.loops().getFirst().end());
                inner.statements().block(loop.body());
            });
            return;
        }
        IrBuilder ir = outer.body().ir();
        Operation.Label next = ir.label();
        Operation.Label spent = ir.label();
        Operation.Label end = ir.label();
        Operand.Register rounds = ir.constant(0);
        ir.place(next);
        if (form == Form.BUDGET) {
            ir.add(new Operation.LoopBudget(spent));
        }
        outer.expressions().branchUnless(loop.condition(), end);
        if (form == Form.PLAIN) {
            count(rounds, spent);
        }
        outer.statements().inLoop(new Body.Loop(next, end), loop.body());
        ir.jump(next);
        spent(spent, loop.condition().span(), form);
        ir.place(end);
    }

    /** Counts a round; goes to {@code spent} when there were as many as can be followed. */
    private void count(Operand.Register rounds, Operation.Label spent) {
        IrBuilder ir = outer.body().ir();
        ir.branch(Condition.GE, rounds, FOLLOWED_ROUNDS, spent);
        ir.copy(rounds, ir.alu(AluOperation.ADD, rounds, 1));
    }

    /** What is done when the kernel ends a loop. */
    private void spent(Operation.Label spent, Span loop, Form form) {
        IrBuilder ir = outer.body().ir();
        ir.place(spent);
        Optional<Span> before = ir.at(Optional.of(loop));
        new LowerFailures(outer.body()).mistake(form == Form.PLAIN
                ? "This loop was ended after " + FOLLOWED_ROUNDS + " rounds: longer ones need Linux " + Feature.BPF_LOOP.since()
                : "The kernel ended this loop before its time: it ran for too long");
        ir.at(before);
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
        Operation.Label spent = ir.label();
        Operation.Label end = ir.label();
        boolean known = range.from() instanceof Expression.IntegerLiteral && range.to() instanceof Expression.IntegerLiteral;
        ir.copy(index, outer.expressions().scalar(range.from()));
        Operand limit = outer.expressions().scalar(range.to());
        Operand.Register rounds = ir.constant(0);
        ir.place(test);
        ir.branch(Condition.SGE, index, limit, end);
        if (!known) {
            count(rounds, spent);
        }
        outer.statements().round(range, index, new Body.Loop(next, end));
        ir.place(next);
        ir.copy(index, ir.alu(AluOperation.ADD, index, 1));
        ir.jump(test);
        if (!known) {
            spent(spent, range.span(), Form.PLAIN);
        }
        ir.place(end);
    }

    private void budget(Statement.ForRange range) {
        IrBuilder ir = outer.body().ir();
        Address counter = outer.body().shared();
        Operation.Label next = ir.label();
        Operation.Label spent = ir.label();
        Operation.Label end = ir.label();
        ir.store(counter, 8, outer.expressions().scalar(range.from()));
        Operand limit = outer.expressions().scalar(range.to());
        ir.place(next);
        ir.add(new Operation.LoopBudget(spent));
        Operand.Register index = ir.load(counter, 8, true);
        ir.branch(Condition.SGE, index, limit, end);
        ir.store(counter, 8, ir.alu(AluOperation.ADD, index, 1));
        outer.statements().round(range, index, new Body.Loop(next, end));
        ir.jump(next);
        spent(spent, range.span(), Form.BUDGET);
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
        callBack(range.span(), rounds, inner -> {
            Operand number = inner.body().ir().alu(AluOperation.ADD, inner.body().ir().load(inner.body().outerShared(first), 8, false),
                    inner.body().parameter(0));
            inner.unit().scopes().declaredIn(range.body()).forEach(inner::home);
            inner.assign(inner.unit().scopes().of(range).orElseThrow(), new Value.Scalar(Type.INT64, number));
            inner.statements().block(range.body());
        });
        ir.place(end);
    }

    /** Has the kernel call a function for each of {@code rounds}. */
    private void callBack(Span loop, Operand rounds, Consumer<LowerProbe> round) {
        Body body = outer.body();
        IrBuilder ir = body.ir();
        LowerProbe inner = outer.callback(1, loop);
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
