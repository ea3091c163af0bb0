package dev.sonde.compile;

import dev.sonde.ir.Address;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;

/**
 * The registers of a function that one operation alone assigns. Since no register is read before it is assigned, such a register holds one value
 * wherever it is read in one run of the code between, and what is known of its operation is known everywhere.
 */
final class Definitions {
    private static final Operation SEVERAL = new Operation.Label(-1);

    private final Operation[] operations;
    private final int[] uses;

    private Definitions(int registers) {
        operations = new Operation[registers];
        uses = new int[registers];
    }

    /** The definitions in {@code function}. */
    static Definitions of(IrProgram.Function function) {
        var definitions = new Definitions(function.registers());
        int[] read = new int[Effects.MOST_READS];
        var lines = function.lines();
        for (int i = 0; i < lines.size(); i++) {
            var operation = lines.get(i).operation();
            int written = Effects.written(operation);
            if (written >= 0) {
                definitions.operations[written] = definitions.operations[written] == null ? operation : SEVERAL;
            }
            for (int k = Effects.reads(operation, read) - 1; k >= 0; k--) {
                definitions.uses[read[k]]++;
            }
        }
        return definitions;
    }

    /** Whether exactly one operation assigns {@code register}. */
    boolean single(int register) {
        return operations[register] != null && operations[register] != SEVERAL;
    }

    /** The operation that alone assigns {@code register}, or null. */
    Operation of(int register) {
        return operations[register] == SEVERAL ? null : operations[register];
    }

    /** The operation that alone assigns {@code operand} when that is a register, or null. */
    Operation of(Operand operand) {
        return operand instanceof Operand.Register(int number) ? of(number) : null;
    }

    /** How many times {@code register} is read. */
    int uses(int register) {
        return uses[register];
    }

    /** From now on {@code register} is read wherever its copy {@code copy} was. */
    void readFurther(int register, int copy) {
        uses[register] += uses[copy];
    }

    /** Whether {@code operand} is a constant or singly assigned. */
    boolean steady(Operand operand) {
        return !(operand instanceof Operand.Register(int number)) || single(number);
    }

    /** Whether {@code address} stays the same place. */
    boolean steady(Address address) {
        return !(address instanceof Address.AtRegister(var base, _)) || single(base.number());
    }

    /** Replaces what is known of the operation that alone assigns {@code register}. */
    void refine(int register, Operation operation) {
        if (single(register)) {
            operations[register] = operation;
        }
    }
}
