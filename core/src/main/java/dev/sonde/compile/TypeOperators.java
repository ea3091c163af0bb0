package dev.sonde.compile;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Span;
import dev.sonde.syntax.BinaryOperator;
import dev.sonde.syntax.Expression;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.math.BigInteger;

/** Types of operators: arithmetic gives 64 bits; comparisons and logic give a bool; a mix of signs gives a signed result. */
final class TypeOperators {
    private final Diagnostics diagnostics;
    private final TypeExpressions expressions;

    TypeOperators(Diagnostics diagnostics, TypeExpressions expressions) {
        this.diagnostics = diagnostics;
        this.expressions = expressions;
    }

    Type unary(Expression.Unary unary) {
        Type operand = expressions.type(unary.operand());
        if (operand == Type.NONE) {
            return unary.operator() == dev.sonde.syntax.UnaryOperator.NOT ? Type.BOOL : Type.NONE;
        }
        return switch (unary.operator()) {
            case NOT -> {
                expressions.condition(unary.operand(), operand);
                yield Type.BOOL;
            }
            case NEGATE, COMPLEMENT, PLUS -> number(unary, operand);
            case DEREFERENCE -> dereference(unary, operand);
            case ADDRESS_OF -> addressOf(unary, operand);
        };
    }

    private Type number(Expression.Unary unary, Type operand) {
        Type value = operand instanceof Type.Aggregate(var aggregation) ? Casts.readType(aggregation) : operand;
        if (!value.isInteger() && !(value instanceof Type.Pointer)) {
            return bad(unary.span(), "The " + unary.operator().text() + " operator can not be used on expressions of type '" + TypeText.of(operand) + "'");
        }
        if (value instanceof Type.Bool && unary.operator() != dev.sonde.syntax.UnaryOperator.COMPLEMENT) {
            return bad(unary.span(), "The " + unary.operator().text() + " operator can not be used on expressions of type 'bool'");
        }
        var constant = expressions.constant(unary);
        if (constant.isPresent()) {
            return unary.operator() == dev.sonde.syntax.UnaryOperator.COMPLEMENT ? Type.UINT64 : Constants.literalType(constant.getAsLong());
        }
        return new Type.Int(8, value.isSigned());
    }

    private Type dereference(Expression.Unary unary, Type operand) {
        if (operand instanceof Type.Pointer(Type target, AddressSpace space)) {
            return target instanceof Type.Void
                    ? bad(unary.span(), "Can not dereference a pointer to void: cast it to what it points to")
                    : Unify.inSpace(target, space);
        }
        return operand.isInteger() ? Type.UINT64 : bad(unary.span(), "The * operator can not be used on expressions of type '" + TypeText.of(operand) + "'");
    }

    private Type addressOf(Expression.Unary unary, Type operand) {
        boolean place = unary.operand() instanceof Expression.Variable || unary.operand() instanceof Expression.MapReference
                || unary.operand() instanceof Expression.MapAccess;
        return place
                ? new Type.Pointer(operand, AddressSpace.PROGRAM)
                : bad(unary.span(), "The & operator must be used with a variable or map");
    }

    Type binary(Expression.Binary binary) {
        Type left = expressions.type(binary.left());
        Type right = expressions.type(binary.right());
        if (binary.operator().isLogical()) {
            expressions.condition(binary.left(), left);
            expressions.condition(binary.right(), right);
            return Type.BOOL;
        }
        if (left == Type.NONE || right == Type.NONE) {
            return binary.operator().isComparison() ? Type.BOOL : Type.NONE;
        }
        Type result = result(binary.span(), binary.operator(), left, right);
        if (result instanceof Type.Int && !shifts(binary.operator()) && binary.operator() != BinaryOperator.SUB && left.isInteger() && right.isInteger()) {
            boolean same = left.isSigned() && right.isSigned();
            result = new Type.Int(8, same || countsAsSigned(binary.left(), left) || countsAsSigned(binary.right(), right));
        }
        return result instanceof Type.Int && left.isSigned() && right.isSigned() ? folded(binary, result) : result;
    }

    private static boolean shifts(BinaryOperator operator) {
        return operator == BinaryOperator.SHL || operator == BinaryOperator.SHR;
    }

    /** A literal that is not negative, or what holds only such, goes with either sign. */
    private boolean countsAsSigned(Expression operand, Type type) {
        return type.isSigned() && !expressions.isOpen(operand);
    }

    /** The type of an operator on constants: the smallest that holds the exact value. */
    private Type folded(Expression.Binary binary, Type result) {
        var left = expressions.constant(binary.left());
        var right = expressions.constant(binary.right());
        if (left.isEmpty() || right.isEmpty() || !expressions.isLiteral(binary)) {
            return result;
        }
        BigInteger exact = exact(binary.operator(), BigInteger.valueOf(left.getAsLong()), right.getAsLong());
        if (exact == null || exact.bitLength() > 64 || exact.signum() < 0 && exact.bitLength() > 63) {
            return bad(binary.span(), "unable to fold literals due to overflow or underflow");
        }
        return exact.bitLength() == 64 ? Type.UINT64 : Constants.literalType(exact.longValue());
    }

    private static BigInteger exact(BinaryOperator operator, BigInteger a, long b) {
        return switch (operator) {
            case ADD -> a.add(BigInteger.valueOf(b));
            case SUB -> a.subtract(BigInteger.valueOf(b));
            case MUL -> a.multiply(BigInteger.valueOf(b));
            case DIV -> b == 0 ? null : a.divide(BigInteger.valueOf(b));
            case MOD -> b == 0 ? null : a.remainder(BigInteger.valueOf(b));
            case SHL -> b < 0 || b > 63 ? null : a.shiftLeft((int) b);
            case SHR -> b < 0 || b > 63 ? null : a.shiftRight((int) b);
            case AND -> a.and(BigInteger.valueOf(b));
            case OR -> a.or(BigInteger.valueOf(b));
            case XOR -> a.xor(BigInteger.valueOf(b));
            case LOGICAL_OR, LOGICAL_AND, EQ, NE, LT, GT, LE, GE -> BigInteger.ZERO;
        };
    }

    /** The type of {@code left op right}. */
    Type result(Span span, BinaryOperator operator, Type left, Type right) {
        Type a = left instanceof Type.Aggregate(var aggregation) ? Casts.readType(aggregation) : left;
        Type b = right instanceof Type.Aggregate(var aggregation) ? Casts.readType(aggregation) : right;
        if (a == Type.NONE && left != Type.NONE || b == Type.NONE && right != Type.NONE) {
            return bad(span, "Type mismatch for '" + operator.text() + "': comparing " + TypeText.of(left) + " with " + TypeText.of(right));
        }
        if (operator.isComparison()) {
            return comparison(span, operator, a, b);
        }
        if (a instanceof Type.Pointer || b instanceof Type.Pointer) {
            return pointer(span, operator, a, b);
        }
        if (!number(a) || !number(b)) {
            return a == Type.NONE || b == Type.NONE ? Type.NONE : bad(span, "The " + operator.text() + " operator can not be used on expressions of types '"
                    + TypeText.of(left) + "', '" + TypeText.of(right) + "'");
        }
        boolean truths = a instanceof Type.Bool && b instanceof Type.Bool;
        return truths && (operator == BinaryOperator.AND || operator == BinaryOperator.OR || operator == BinaryOperator.XOR || operator == BinaryOperator.MUL)
                ? Type.BOOL : new Type.Int(8, signed(operator, a, b));
    }

    private static boolean number(Type type) {
        return type.isInteger() || type instanceof Type.Username || type instanceof Type.KernelSymbol;
    }

    private static boolean signed(BinaryOperator operator, Type a, Type b) {
        return switch (operator) {
            case SUB -> true;
            case SHL, SHR -> a.isSigned();
            case ADD, MUL, DIV, MOD, AND, OR, XOR -> a.isSigned() || b.isSigned();
            case LOGICAL_OR, LOGICAL_AND, EQ, NE, LT, GT, LE, GE -> false;
        };
    }

    private Type pointer(Span span, BinaryOperator operator, Type a, Type b) {
        if (a instanceof Type.Pointer && b instanceof Type.Pointer) {
            return operator == BinaryOperator.SUB ? Type.INT64 : new Type.Int(8, false);
        }
        Type pointer = a instanceof Type.Pointer ? a : b;
        Type other = a instanceof Type.Pointer ? b : a;
        if (!other.isInteger()) {
            return other == Type.NONE ? Type.NONE
                    : bad(span, "The " + operator.text() + " operator can not be used on expressions of types '" + TypeText.of(a) + "', '" + TypeText.of(b) + "'");
        }
        return switch (operator) {
            case ADD, SUB -> pointer;
            case MUL, DIV, MOD, AND, OR, XOR, SHL, SHR -> Type.UINT64;
            case LOGICAL_OR, LOGICAL_AND, EQ, NE, LT, GT, LE, GE -> Type.BOOL;
        };
    }

    private Type comparison(Span span, BinaryOperator operator, Type a, Type b) {
        boolean equality = operator == BinaryOperator.EQ || operator == BinaryOperator.NE;
        if (a == Type.NONE || b == Type.NONE || a.isScalar() && b.isScalar()) {
            return Type.BOOL;
        }
        boolean texts = a instanceof Type.Text && b instanceof Type.Text || a instanceof Type.SiteName && b instanceof Type.Text
                || a instanceof Type.Text && b instanceof Type.SiteName;
        if (equality && (texts || Unify.types(a, b) != null)) {
            return Type.BOOL;
        }
        if (equality) {
            bad(span, "Type mismatch for '" + operator.text() + "': comparing " + TypeText.of(a) + " with " + TypeText.of(b));
        } else {
            bad(span, "The " + operator.text() + " operator can not be used on expressions of types " + TypeText.of(a) + ", " + TypeText.of(b));
        }
        return Type.BOOL;
    }

    private Type bad(Span span, String message) {
        diagnostics.add(span, DiagnosticCode.BAD_OPERAND, message);
        return Type.NONE;
    }
}
