package dev.sonde.compile;

import dev.sonde.syntax.BinaryOperator;
import java.math.BigInteger;

/** Operators on literals, without a limit to their size: whether the result fits is asked afterwards. */
final class ExactArithmetic {
    private static final int WIDTH = 64;

    private ExactArithmetic() {}

    /** {@code a op b}; null for a division by zero and for a shift by a negative number or by 64 and more. */
    static BigInteger of(BinaryOperator operator, BigInteger a, BigInteger b) {
        return switch (operator) {
            case ADD -> a.add(b);
            case SUB -> a.subtract(b);
            case MUL -> a.multiply(b);
            case DIV -> b.signum() == 0 ? null : a.divide(b);
            case MOD -> b.signum() == 0 ? null : a.remainder(b);
            case SHL -> isShift(b) ? a.shiftLeft(b.intValue()) : null;
            case SHR -> isShift(b) ? a.shiftRight(b.intValue()) : null;
            case AND -> a.and(b);
            case OR -> a.or(b);
            case XOR -> a.xor(b);
            case EQ -> truth(a.compareTo(b) == 0);
            case NE -> truth(a.compareTo(b) != 0);
            case LT -> truth(a.compareTo(b) < 0);
            case GT -> truth(a.compareTo(b) > 0);
            case LE -> truth(a.compareTo(b) <= 0);
            case GE -> truth(a.compareTo(b) >= 0);
            case LOGICAL_AND -> truth(a.signum() != 0 && b.signum() != 0);
            case LOGICAL_OR -> truth(a.signum() != 0 || b.signum() != 0);
        };
    }

    private static boolean isShift(BigInteger count) {
        return count.signum() >= 0 && count.bitLength() < Integer.SIZE && count.intValue() < WIDTH;
    }

    private static BigInteger truth(boolean value) {
        return value ? BigInteger.ONE : BigInteger.ZERO;
    }
}
