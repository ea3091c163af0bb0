package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.spec.UnwindLayout;
import java.util.List;

/**
 * Of arm64: a return address comes in the link register x30, and may be signed when it was saved. A caller that was found by its frame pointer has an
 * unknown stack pointer, since a frame record may be anywhere in a frame: then an odd number is kept that it is more than.
 */
record UnwindStepArm64() implements UnwindStep {
    /** In struct rt_sigframe, behind struct siginfo and the start of struct ucontext: x29 and x30, then the stack pointer and the program counter. */
    private static final int SIGNAL_BP = 544;
    private static final int SIGNAL_SP = 560;
    /** Bits of an address in user memory, unless a program asks for more: signatures are in those above them. */
    private static final long ADDRESS = (1L << 48) - 1;

    @Override
    public List<Start> registers() {
        return List.of(new Start("pc", UnwindWalk.IP), new Start("sp", UnwindWalk.SP), new Start("r29", UnwindWalk.BP),
                new Start("r30", UnwindWalk.LINK));
    }

    @Override
    public Operand.Register returnAddress(IrBuilder ir, Operand.Register word) {
        return ir.alu(AluOperation.AND, word, ir.constant(ADDRESS));
    }

    /** The next record may be just behind this one: no more than where that begins. */
    @Override
    public int behindFrameRecord() {
        return 16 - 1;
    }

    @Override
    public void follow(UnwindWalk walk, Operand.Register rule, Operand.Register ip) {
        IrBuilder ir = walk.ir;
        Operand.Register kind = ir.alu(AluOperation.AND, rule, (1 << UnwindLayout.KIND_BITS) - 1);
        Operand.Register offset = ir.alu(AluOperation.LSH, ir.alu(AluOperation.RSH, rule, UnwindLayout.Arm64.OFFSET_SHIFT), 4);
        Operand.Register cfa = ir.register();
        Operation.Label known = ir.label();
        Operation.Label framePointer = ir.label();
        Operation.Label signal = ir.label();
        ir.branch(Condition.EQ, kind, UnwindLayout.UNKNOWN, walk.byFramePointer);
        ir.branch(Condition.EQ, kind, UnwindLayout.OUTERMOST, walk.end);
        ir.branch(Condition.EQ, kind, UnwindLayout.FRAME_POINTER, framePointer);
        Operand.Register sp = walk.get(UnwindWalk.SP);
        ir.branch(Condition.NE, ir.alu(AluOperation.AND, sp, 1), 0, walk.byFramePointer);
        ir.branch(Condition.EQ, kind, UnwindLayout.SIGNAL, signal);
        ir.copy(cfa, ir.alu(AluOperation.ADD, sp, offset));
        ir.jump(known);
        ir.place(signal);
        signal(walk, sp);
        ir.place(framePointer);
        ir.copy(cfa, ir.alu(AluOperation.ADD, walk.get(UnwindWalk.BP), offset));
        ir.place(known);
        caller(walk, rule, cfa);
    }

    /** All registers were saved where the signal came; execution goes on exactly there. */
    private static void signal(UnwindWalk walk, Operand.Register sp) {
        walk.load(walk.ir.alu(AluOperation.ADD, sp, SIGNAL_BP), 16);
        walk.set(UnwindWalk.BP, walk.word(0));
        walk.set(UnwindWalk.LINK, walk.word(1));
        walk.load(walk.ir.alu(AluOperation.ADD, sp, SIGNAL_SP), 16);
        walk.set(UnwindWalk.SP, walk.word(0));
        walk.set(UnwindWalk.IP, walk.word(1));
        walk.set(UnwindWalk.EXACT, Operand.of(1));
        walk.ir.jump(walk.next);
    }

    /** Finds the return address, and the caller's frame pointer where it was saved: most often side by side. */
    private void caller(UnwindWalk walk, Operand.Register rule, Operand.Register cfa) {
        IrBuilder ir = walk.ir;
        Operation.Label done = ir.label();
        Operation.Label apart = ir.label();
        Operation.Label inRegister = ir.label();
        Operation.Label framePointer = ir.label();
        Operand.Register slots = bits(ir, rule, UnwindLayout.Arm64.SLOT_SHIFT, UnwindLayout.Arm64.SLOT_BITS);
        Operand.Register below = bits(ir, rule, UnwindLayout.Arm64.BELOW_SHIFT, UnwindLayout.Arm64.BELOW_BITS);
        Operand.Register place = ir.alu(AluOperation.SUB, cfa, ir.alu(AluOperation.LSH, slots, 3));
        ir.branch(Condition.EQ, slots, 0, inRegister);
        ir.branch(Condition.LE, cfa, walk.get(UnwindWalk.SP), walk.end);
        ir.branch(Condition.NE, below, 1, apart);
        walk.load(ir.alu(AluOperation.SUB, place, 8), 16);
        walk.set(UnwindWalk.BP, walk.word(0));
        walk.set(UnwindWalk.IP, returnAddress(ir, walk.word(1)));
        ir.jump(done);
        ir.place(inRegister);
        linked(walk);
        ir.jump(framePointer);
        ir.place(apart);
        walk.load(place, 8);
        walk.set(UnwindWalk.IP, returnAddress(ir, walk.word(0)));
        ir.place(framePointer);
        ir.branch(Condition.EQ, below, 0, done);
        walk.load(ir.alu(AluOperation.SUB, place, ir.alu(AluOperation.LSH, below, 3)), 8);
        walk.set(UnwindWalk.BP, walk.word(0));
        ir.place(done);
        walk.set(UnwindWalk.SP, cfa);
        walk.set(UnwindWalk.EXACT, Operand.of(0));
        ir.jump(walk.next);
    }

    /** The link register is known where the code was stopped, not in functions that have called others. */
    private void linked(UnwindWalk walk) {
        walk.ir.branch(Condition.EQ, walk.get(UnwindWalk.EXACT), 0, walk.byFramePointer);
        walk.set(UnwindWalk.IP, returnAddress(walk.ir, walk.get(UnwindWalk.LINK)));
    }

    private static Operand.Register bits(IrBuilder ir, Operand.Register rule, int shift, int count) {
        return ir.alu(AluOperation.AND, ir.alu(AluOperation.RSH, rule, shift), (1 << count) - 1);
    }
}
