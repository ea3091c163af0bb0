package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;

/**
 * What is known of registers at one point of a walk over a function: that a register equals a constant or another register, and how many low bits its
 * value may need. Facts of singly assigned registers last; others end at the next label or assignment.
 */
final class KnownValues {
    private final Definitions definitions;
    private final Operand[] equals;
    private final int[] equalsVersion;
    private final int[] epochs;
    private final int[] versions;
    private final int[] widths;
    private int epoch = 1;

    KnownValues(Definitions definitions, int registers) {
        this.definitions = definitions;
        equals = new Operand[registers];
        equalsVersion = new int[registers];
        epochs = new int[registers];
        versions = new int[registers];
        widths = new int[registers];
    }

    /** Several paths meet here. */
    void meet() {
        epoch++;
    }

    /** What to read instead of {@code register}. */
    Operand read(Operand.Register register) {
        int number = register.number();
        var other = equals[number];
        if (other == null || epochs[number] != epoch && !definitions.single(number)) {
            return register;
        }
        if (!(other instanceof Operand.Register(int source)) || definitions.single(number) && definitions.single(source)) {
            return other;
        }
        return epochs[number] == epoch && equalsVersion[number] == versions[source] ? other : register;
    }

    /** The value of {@code operand} when it is known, else null. */
    static Long constant(Operand operand) {
        return operand instanceof Operand.Constant(long value) ? value : null;
    }

    /** How many low bits the value may need, 0 to 64; all higher ones are zero. */
    int width(Operand operand) {
        if (operand instanceof Operand.Constant(long value)) {
            return 64 - Long.numberOfLeadingZeros(value);
        }
        int number = ((Operand.Register) operand).number();
        return widths[number] != 0 && (epochs[number] == epoch || definitions.single(number)) ? widths[number] : 64;
    }

    /** Records that {@code operation} has been done. */
    void done(Operation operation) {
        int written = Effects.written(operation);
        if (written < 0) {
            return;
        }
        int width = widthOf(operation);
        versions[written]++;
        epochs[written] = epoch;
        widths[written] = Math.max(1, width);
        equals[written] = equalTo(operation, written);
        if (equals[written] instanceof Operand.Register(int source)) {
            equalsVersion[written] = versions[source];
            definitions.readFurther(source, written);
        }
        definitions.refine(written, operation);
    }

    private static Operand equalTo(Operation operation, int written) {
        if (operation instanceof Operation.Constant(_, long value)) {
            return Operand.of(value);
        }
        return operation instanceof Operation.Copy(_, var src) && src.number() != written ? src : null;
    }

    private int widthOf(Operation operation) {
        if (operation instanceof Operation.Alu(var op, _, var left, var right)) {
            return widthOf(op, left, right);
        }
        if (operation instanceof Operation.Load(_, _, int width, boolean signed)) {
            return signed ? 64 : 8 * width;
        }
        if (operation instanceof Operation.Extend(_, var src, int bits, boolean signed)) {
            return signed ? 64 : Math.min(bits, width(src));
        }
        Operand equal = equalTo(operation, -1);
        return equal == null ? 64 : width(equal);
    }

    private int widthOf(AluOperation operation, Operand left, Operand right) {
        Long amount = constant(right);
        return switch (operation) {
            case AND -> Math.min(width(left), width(right));
            case OR, XOR -> Math.max(width(left), width(right));
            case ADD -> Math.min(64, 1 + Math.max(width(left), width(right)));
            case MUL -> Math.max(width(left), width(right)) <= 32 ? width(left) + width(right) : 64;
            case RSH -> amount != null ? Math.max(0, width(left) - (int) (amount & 63)) : 64;
            case LSH -> amount != null ? Math.min(64, width(left) + (int) (amount & 63)) : 64;
            case ARSH -> amount != null && width(left) < 64 ? width(left) : 64;
            // Of quotients and remainders, of swapped bytes, of shifts by what is not known and of products of more than 32 bits the verifier knows
            // nothing, so a check of one that it needs must stay.
            case DIV, MOD, SUB, NEG, MOV -> 64;
        };
    }
}
