package dev.sonde.builtins;

import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.target.Architecture;
import java.util.List;

/** What of a walk by unwind tables differs from processor to processor: registers, rules, and what a return address looks like. */
sealed interface UnwindStep permits UnwindStepX86, UnwindStepArm64 {
    static UnwindStep of(Architecture architecture) {
        return switch (architecture) {
            case X86_64 -> new UnwindStepX86();
            case ARM64 -> new UnwindStepArm64();
        };
    }

    /**
     * A register that the walk starts with.
     *
     * @param name as {@link Architecture#offsetOf} takes it
     * @param place where the walk's buffer has it
     */
    record Start(String name, int place) {}

    List<Start> registers();

    /** Finds the caller by {@code rule} and goes to {@link UnwindWalk#next}, or to {@link UnwindWalk#end} where there is none. */
    void follow(UnwindWalk walk, Operand.Register rule, Operand.Register ip);

    /** The address that {@code word}, read as a return address, stands for. */
    Operand.Register returnAddress(IrBuilder ir, Operand.Register word);

    /** What is stored as stack pointer of a caller found by frame pointer: so much more than the frame pointer. */
    int behindFrameRecord();
}
