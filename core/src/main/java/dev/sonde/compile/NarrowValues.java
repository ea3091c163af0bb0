package dev.sonde.compile;

import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrProgram;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import java.util.ArrayList;

/**
 * Leaves out the extension of 32-bit values of which nothing reads the upper half: they are only compared with constants, stored in at most 4
 * bytes, or extended again. Comparisons become 32 bits wide, sign-extending loads plain ones and extensions copies. Saves the two shifts that an
 * extension with sign costs before kernel 6.6. Takes no part in address arithmetic, where the verifier wants 64-bit bounds.
 */
final class NarrowValues {
    private static final int WIDTH = 4;
    private static final int BITS = 32;

    private final IrProgram.Function function;
    private final Definitions definitions;
    private final boolean[] whole;

    private NarrowValues(IrProgram.Function function) {
        this.function = function;
        definitions = Definitions.of(function);
        whole = new boolean[function.registers()];
    }

    /** {@code function} with fewer extensions. */
    static IrProgram.Function apply(IrProgram.Function function) {
        return new NarrowValues(function).narrow();
    }

    private IrProgram.Function narrow() {
        int[] read = new int[Effects.MOST_READS];
        for (var line : function.lines()) {
            int seen = lowHalfOnly(line.operation());
            for (int k = Effects.reads(line.operation(), read) - 1; k >= 0; k--) {
                whole[read[k]] |= read[k] != seen;
            }
        }
        var result = new ArrayList<IrProgram.Line>(function.lines().size());
        for (var line : function.lines()) {
            var operation = narrow(line.operation());
            result.add(operation == line.operation() ? line : new IrProgram.Line(operation, line.span()));
        }
        return new IrProgram.Function(function.name(), result, function.slots(), function.registers());
    }

    /** The register of which {@code operation} reads the low half alone, or -1. */
    private int lowHalfOnly(Operation operation) {
        if (operation instanceof Operation.Branch(var condition, Operand.Register(int left), Operand.Constant(long bound), _)) {
            return comparable(condition, definitions.of(left), bound) ? left : -1;
        }
        if (operation instanceof Operation.Store(var to, int width, Operand.Register(int value)) && width <= WIDTH) {
            boolean isBase = to instanceof Address.AtRegister(var base, _) && base.number() == value;
            return isBase ? -1 : value;
        }
        return operation instanceof Operation.Extend(_, Operand.Register(int src), int bits, _) && bits <= BITS ? src : -1;
    }

    /** Whether a value made by {@code source} compares with {@code bound} as its low half with the low half of that. */
    private static boolean comparable(Condition condition, Operation source, long bound) {
        if (isNarrow(source, true)) {
            return bound == (int) bound && (condition == Condition.EQ || condition == Condition.NE || isSigned(condition));
        }
        return isNarrow(source, false) && bound >>> BITS == 0 && !isSigned(condition);
    }

    private static boolean isSigned(Condition condition) {
        return switch (condition) {
            case SGT, SGE, SLT, SLE -> true;
            case EQ, NE, GT, GE, LT, LE, SET -> false;
        };
    }

    private static boolean isNarrow(Operation source, boolean wanted) {
        return source instanceof Operation.Load(_, _, int width, boolean signed) && width == WIDTH && signed == wanted && signed
                || source instanceof Operation.Extend(_, _, int bits, boolean with) && bits == BITS && with == wanted;
    }

    private Operation narrow(Operation operation) {
        if (operation instanceof Operation.Branch(var condition, var left, Operand.Constant(long bound), var target) && isNarrowed(left)) {
            return new Operation.NarrowBranch(condition, left, Operand.of((int) bound), target);
        }
        if (operation instanceof Operation.Load(var dst, var from, int width, _) && isNarrowed(dst)) {
            return new Operation.Load(dst, from, width, false);
        }
        return operation instanceof Operation.Extend(var dst, var src, _, _) && isNarrowed(dst) ? new Operation.Copy(dst, src) : operation;
    }

    private boolean isNarrowed(Operand.Register register) {
        var source = definitions.of(register);
        return !whole[register.number()] && (isNarrow(source, true) || isNarrow(source, false));
    }
}
