package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.spec.UnwindLayout;
import java.util.List;

/** Of x86-64: the return address is just below the canonical frame address (CFA). */
record UnwindStepX86() implements UnwindStep {
    private static final int SIGNAL_BP = 120;
    private static final int SIGNAL_SP = 160;

    @Override
    public List<Start> registers() {
        return List.of(new Start("ip", UnwindWalk.IP), new Start("sp", UnwindWalk.SP), new Start("bp", UnwindWalk.BP));
    }

    @Override
    public Operand.Register returnAddress(IrBuilder ir, Operand.Register word) {
        return word;
    }

    @Override
    public int behindFrameRecord() {
        return 16;
    }

    @Override
    public void follow(UnwindWalk walk, Operand.Register rule, Operand.Register ip) {
        IrBuilder ir = walk.ir;
        Operand.Register kind = ir.alu(AluOperation.AND, rule, (1 << UnwindLayout.KIND_BITS) - 1);
        Operand.Register offset = ir.alu(AluOperation.LSH,
                ir.alu(AluOperation.ARSH, ir.inRegister(ir.extend(rule, 32, true)), UnwindLayout.OFFSET_SHIFT), 3);
        Operand.Register slots = ir.register();
        ir.copy(slots, ir.alu(AluOperation.AND, ir.alu(AluOperation.RSH, rule, UnwindLayout.KIND_BITS), (1 << UnwindLayout.SLOT_BITS) - 1));
        Operand.Register cfa = ir.register();
        Operation.Label known = ir.label();
        Operation.Label framePointer = ir.label();
        Operation.Label aligned = ir.label();
        Operation.Label signal = ir.label();
        ir.branch(Condition.EQ, kind, UnwindLayout.UNKNOWN, walk.byFramePointer);
        ir.branch(Condition.EQ, kind, UnwindLayout.FRAME_POINTER, framePointer);
        ir.branch(Condition.EQ, kind, UnwindLayout.ALIGNED, aligned);
        ir.branch(Condition.EQ, kind, UnwindLayout.SIGNAL, signal);
        ir.branch(Condition.EQ, kind, UnwindLayout.OUTERMOST, walk.end);
        ir.copy(cfa, ir.alu(AluOperation.ADD, walk.get(UnwindWalk.SP), offset));
        ir.branch(Condition.EQ, kind, UnwindLayout.STACK_POINTER, known);
        linkage(ir, ip, slots, cfa, known);
        ir.place(framePointer);
        ir.copy(cfa, ir.alu(AluOperation.ADD, walk.get(UnwindWalk.BP), offset));
        ir.jump(known);
        ir.place(aligned);
        aligned(walk, offset, cfa, known);
        ir.place(signal);
        signal(walk);
        ir.place(known);
        caller(walk, slots, cfa);
    }

    /** An entry of a procedure linkage table pushes a word some bytes after its start; the rule's slots say how many. */
    private static void linkage(IrBuilder ir, Operand.Register ip, Operand.Register slots, Operand.Register cfa, Operation.Label known) {
        Operation.Label before = ir.label();
        ir.branch(Condition.LT, ir.alu(AluOperation.AND, ip, 15), slots, before);
        ir.copy(cfa, ir.alu(AluOperation.ADD, cfa, 8));
        ir.place(before);
        ir.copy(slots, Operand.of(0));
        ir.jump(known);
    }

    private static void aligned(UnwindWalk walk, Operand.Register offset, Operand.Register cfa, Operation.Label known) {
        IrBuilder ir = walk.ir;
        Operand.Register bp = walk.get(UnwindWalk.BP);
        walk.load(ir.alu(AluOperation.ADD, bp, offset), 8);
        ir.copy(cfa, walk.word(0));
        walk.load(bp, 8);
        walk.set(UnwindWalk.BP, walk.word(0));
        ir.jump(known);
    }

    /** All registers were saved where the signal came; execution goes on exactly there. */
    private static void signal(UnwindWalk walk) {
        IrBuilder ir = walk.ir;
        walk.load(ir.alu(AluOperation.ADD, walk.get(UnwindWalk.SP), SIGNAL_BP), 8);
        walk.set(UnwindWalk.BP, walk.word(0));
        walk.load(ir.alu(AluOperation.ADD, walk.get(UnwindWalk.SP), SIGNAL_SP), 16);
        walk.set(UnwindWalk.SP, walk.word(0));
        walk.set(UnwindWalk.IP, walk.word(1));
        walk.set(UnwindWalk.EXACT, Operand.of(1));
        ir.jump(walk.next);
    }

    /** Reads the return address, and the caller's frame pointer where it was saved: most often side by side. */
    private static void caller(UnwindWalk walk, Operand.Register slots, Operand.Register cfa) {
        IrBuilder ir = walk.ir;
        Operation.Label done = ir.label();
        Operation.Label apart = ir.label();
        ir.branch(Condition.LE, cfa, walk.get(UnwindWalk.SP), walk.end);
        ir.branch(Condition.NE, slots, 2, apart);
        walk.load(ir.alu(AluOperation.SUB, cfa, 16), 16);
        walk.set(UnwindWalk.BP, walk.word(0));
        walk.set(UnwindWalk.IP, walk.word(1));
        ir.jump(done);
        ir.place(apart);
        walk.load(ir.alu(AluOperation.SUB, cfa, 8), 8);
        walk.set(UnwindWalk.IP, walk.word(0));
        ir.branch(Condition.EQ, slots, 0, done);
        walk.load(ir.alu(AluOperation.SUB, cfa, ir.alu(AluOperation.LSH, slots, 3)), 8);
        walk.set(UnwindWalk.BP, walk.word(0));
        ir.place(done);
        walk.set(UnwindWalk.SP, cfa);
        walk.set(UnwindWalk.EXACT, Operand.of(0));
        ir.jump(walk.next);
    }
}
