package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;

/**
 * The identities of arithmetic: neutral and absorbing operands, chains of constants, multiplication, unsigned division and remainder by powers
 * of two, shifts that are extensions, extensions and masks of what is narrow already. Constants move to the right of commutative operations.
 */
final class SimplifyArithmetic {
    private final Definitions definitions;
    private final KnownValues values;

    SimplifyArithmetic(Definitions definitions, KnownValues values) {
        this.definitions = definitions;
        this.values = values;
    }

    /** {@code left op right} of two values as the machine computes it. */
    static long compute(AluOperation operation, long left, long right) {
        return switch (operation) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> right == 0 ? 0 : Long.divideUnsigned(left, right);
            case MOD -> right == 0 ? left : Long.remainderUnsigned(left, right);
            case OR -> left | right;
            case AND -> left & right;
            case XOR -> left ^ right;
            case LSH -> left << right;
            case RSH -> left >>> right;
            case ARSH -> left >> right;
            case NEG -> -left;
            case MOV -> right;
        };
    }

    /** The low {@code bits} of {@code value}, extended. */
    static long extend(long value, int bits, boolean signed) {
        long shifted = value << (64 - bits);
        return signed ? shifted >> (64 - bits) : shifted >>> (64 - bits);
    }

    /** The low {@code bits} of {@code value} with their bytes exchanged. */
    static long byteSwap(long value, int bits) {
        return Long.reverseBytes(value) >>> (64 - bits);
    }

    /** Whether operands may be exchanged. */
    static boolean commutes(AluOperation operation) {
        return switch (operation) {
            case ADD, MUL, OR, AND, XOR -> true;
            case SUB, DIV, MOD, LSH, RSH, ARSH, NEG, MOV -> false;
        };
    }

    /** A cheaper operation than {@code alu}, or {@code alu}. */
    Operation alu(Operation.Alu alu) {
        var dst = alu.dst();
        if (alu.left() instanceof Operand.Constant(long left)) {
            if (alu.right() instanceof Operand.Constant(long right)) {
                return new Operation.Constant(dst, compute(alu.operation(), left, right));
            }
            return commutes(alu.operation()) ? alu(new Operation.Alu(alu.operation(), dst, alu.right(), alu.left())) : zeroOnLeft(alu, left);
        }
        var left = (Operand.Register) alu.left();
        if (alu.right() instanceof Operand.Constant(long right)) {
            return withConstant(alu, dst, left, right);
        }
        return Effects.same(left, alu.right()) ? withItself(alu, dst, left) : alu;
    }

    private static Operation zeroOnLeft(Operation.Alu alu, long left) {
        if (left != 0) {
            return alu;
        }
        return alu.operation() == AluOperation.SUB
                ? new Operation.Negate(alu.dst(), (Operand.Register) alu.right()) : new Operation.Constant(alu.dst(), 0);
    }

    private static Operation withItself(Operation.Alu alu, Operand.Register dst, Operand.Register both) {
        return switch (alu.operation()) {
            case SUB, XOR, MOD -> new Operation.Constant(dst, 0);
            case AND, OR -> new Operation.Copy(dst, both);
            case ADD, MUL, DIV, LSH, RSH, ARSH, NEG, MOV -> alu;
        };
    }

    private Operation withConstant(Operation.Alu alu, Operand.Register dst, Operand.Register left, long right) {
        return switch (alu.operation()) {
            case ADD -> add(dst, left, right);
            case SUB -> add(dst, left, -right);
            case MUL -> multiply(alu, dst, left, right);
            case DIV -> divide(alu, dst, left, right);
            case MOD -> remainder(alu, dst, left, right);
            case AND -> and(dst, left, right);
            case OR -> right == 0 ? new Operation.Copy(dst, left) : right == -1 ? new Operation.Constant(dst, -1) : alu;
            case XOR -> right == 0 ? new Operation.Copy(dst, left) : alu;
            case LSH, RSH, ARSH -> shift(alu.operation(), dst, left, (int) (right & 63));
            case NEG, MOV -> alu;
        };
    }

    private Operation add(Operand.Register dst, Operand.Register left, long right) {
        if (right == 0) {
            return new Operation.Copy(dst, left);
        }
        if (definitions.of(left) instanceof Operation.Alu(var inner, _, Operand.Register first, Operand.Constant(long more))
                && inner == AluOperation.ADD && definitions.steady(first) && onlyUse(left)) {
            return add(dst, first, more + right);
        }
        return new Operation.Alu(AluOperation.ADD, dst, left, Operand.of(right));
    }

    private static Operation multiply(Operation.Alu alu, Operand.Register dst, Operand.Register left, long right) {
        if (right == 0) {
            return new Operation.Constant(dst, 0);
        }
        if (right == 1) {
            return new Operation.Copy(dst, left);
        }
        return Long.bitCount(right) == 1 ? new Operation.Alu(AluOperation.LSH, dst, left, Operand.of(Long.numberOfTrailingZeros(right))) : alu;
    }

    private static Operation divide(Operation.Alu alu, Operand.Register dst, Operand.Register left, long right) {
        if (right == 0) {
            return new Operation.Constant(dst, 0);
        }
        if (right == 1) {
            return new Operation.Copy(dst, left);
        }
        return Long.bitCount(right) == 1 ? new Operation.Alu(AluOperation.RSH, dst, left, Operand.of(Long.numberOfTrailingZeros(right))) : alu;
    }

    private Operation remainder(Operation.Alu alu, Operand.Register dst, Operand.Register left, long right) {
        if (right == 0) {
            return new Operation.Copy(dst, left);
        }
        return Long.bitCount(right) == 1 ? and(dst, left, right - 1) : alu;
    }

    private Operation and(Operand.Register dst, Operand.Register left, long mask) {
        if (mask == 0) {
            return new Operation.Constant(dst, 0);
        }
        int width = values.width(left);
        long possible = width == 64 ? -1 : (1L << width) - 1;
        if ((mask & possible) == possible) {
            return new Operation.Copy(dst, left);
        }
        if (definitions.of(left) instanceof Operation.Alu(var inner, _, Operand.Register first, Operand.Constant(long more))
                && inner == AluOperation.AND && definitions.steady(first)) {
            return and(dst, first, more & mask);
        }
        return (mask & possible) == (0xffff_ffffL & possible) ? new Operation.Extend(dst, left, 32, false)
                : new Operation.Alu(AluOperation.AND, dst, left, Operand.of(mask));
    }

    private Operation shift(AluOperation operation, Operand.Register dst, Operand.Register left, int amount) {
        if (amount == 0) {
            return new Operation.Copy(dst, left);
        }
        if (operation != AluOperation.LSH && values.width(left) <= amount) {
            return new Operation.Constant(dst, 0);
        }
        if (definitions.of(left) instanceof Operation.Alu inner && inner.left() instanceof Operand.Register
                && inner.right() instanceof Operand.Constant && definitions.steady(inner.left())) {
            var joined = shiftOfShift(operation, dst, amount, inner, onlyUse(left));
            if (joined != null) {
                return joined;
            }
        }
        return new Operation.Alu(operation, dst, left, Operand.of(amount));
    }

    private Operation shiftOfShift(AluOperation operation, Operand.Register dst, int amount, Operation.Alu of, boolean onlyUse) {
        var first = (Operand.Register) of.left();
        var inner = of.operation();
        int before = (int) (((Operand.Constant) of.right()).value() & 63);
        boolean narrow = amount == 32 || amount == 48 || amount == 56;
        if (inner == AluOperation.LSH && operation != AluOperation.LSH && before == amount && narrow) {
            return extend(new Operation.Extend(dst, first, 64 - amount, operation == AluOperation.ARSH));
        }
        if (inner != operation || !onlyUse) {
            return null;
        }
        if (before + amount < 64) {
            return new Operation.Alu(operation, dst, first, Operand.of(before + amount));
        }
        return operation != AluOperation.ARSH ? new Operation.Constant(dst, 0) : null;
    }

    /** A cheaper operation than {@code negate}, or {@code negate}. */
    Operation negate(Operation.Negate negate) {
        return values.read(negate.src()) instanceof Operand.Constant(long value) ? new Operation.Constant(negate.dst(), -value) : negate;
    }

    /** A cheaper operation than {@code swap}, or {@code swap}. */
    Operation byteSwap(Operation.ByteSwap swap) {
        return values.read(swap.src()) instanceof Operand.Constant(long value)
                ? new Operation.Constant(swap.dst(), byteSwap(value, swap.bits())) : swap;
    }

    /** A cheaper operation than {@code extend}, or {@code extend}. */
    Operation extend(Operation.Extend extend) {
        var dst = extend.dst();
        var src = extend.src();
        int bits = extend.bits();
        if (values.read(src) instanceof Operand.Constant(long value)) {
            return new Operation.Constant(dst, extend(value, bits, extend.signed()));
        }
        if (values.width(src) <= (extend.signed() ? bits - 1 : bits)) {
            return new Operation.Copy(dst, src);
        }
        return extendOf(extend, definitions.of(src));
    }

    private Operation extendOf(Operation.Extend extend, Operation source) {
        int bits = extend.bits();
        if (source instanceof Operation.Load(_, _, int width, boolean signed) && signed && extend.signed() && 8 * width <= bits) {
            return new Operation.Copy(extend.dst(), extend.src());
        }
        if (source instanceof Operation.Extend(_, var first, int inner, boolean signed)) {
            if (signed && extend.signed() && inner <= bits) {
                return new Operation.Copy(extend.dst(), extend.src());
            }
            if (bits <= inner && onlyUse(extend.src()) && definitions.steady(first)) {
                return extend(new Operation.Extend(extend.dst(), first, bits, extend.signed()));
            }
        }
        if (source instanceof Operation.Alu(var op, _, Operand.Register first, Operand.Constant(long mask)) && op == AluOperation.AND
                && onlyUse(extend.src()) && definitions.steady(first) && extend(mask, bits, false) == extend(-1, bits, false)) {
            return extend(new Operation.Extend(extend.dst(), first, bits, extend.signed()));
        }
        return extend;
    }

    /** Whether nothing else reads {@code register}. If something does, it may be a bounds check that the verifier would miss on another register. */
    private boolean onlyUse(Operand.Register register) {
        return definitions.uses(register.number()) == 1;
    }
}
