package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;

/** Division of a signed number by a positive one with the unsigned instruction, which every kernel has. */
final class SignedDivision {
    private SignedDivision() {}

    /** {@code dividend / divisor}, towards zero. */
    static Operand divide(IrBuilder ir, Operand.Register dividend, Operand.Register divisor) {
        Operand.Register result = ir.register();
        Operation.Label negative = ir.label();
        Operation.Label done = ir.label();
        ir.branch(Condition.SLT, dividend, 0, negative);
        ir.copy(result, ir.alu(AluOperation.DIV, dividend, divisor));
        ir.jump(done);
        ir.place(negative);
        Operand.Register positive = ir.alu(AluOperation.SUB, Operand.of(0), dividend);
        ir.copy(result, ir.alu(AluOperation.SUB, Operand.of(0), ir.alu(AluOperation.DIV, positive, divisor)));
        ir.place(done);
        return result;
    }
}
