package dev.sonde.compile;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Span;
import dev.sonde.syntax.BinaryOperator;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.UnaryOperator;
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

    /**
     * One side of an operator.
     *
     * @param span where it stands
     * @param type its type
     */
    record Operand(Span span, Type type) {}

    Type unary(Expression.Unary unary) {
        Type operand = expressions.type(unary.operand());
        if (operand == Type.NONE) {
            return unary.operator() == UnaryOperator.NOT ? Type.BOOL : Type.NONE;
        }
        return switch (unary.operator()) {
            case NOT -> {
                if (!isTruth(operand)) {
                    cannot(unary, operand);
                }
                yield Type.BOOL;
            }
            case NEGATE, COMPLEMENT, PLUS -> number(unary, operand);
            case DEREFERENCE -> dereference(unary, operand);
            case ADDRESS_OF -> addressOf(unary, operand);
        };
    }

    private Type number(Expression.Unary unary, Type operand) {
        Type value = operand instanceof Type.Aggregate(var aggregation) ? Casts.readType(aggregation) : operand;
        if (!value.isInteger() || value instanceof Type.Bool) {
            return cannot(unary, operand);
        }
        var constant = expressions.constant(unary);
        if (constant.isPresent()) {
            return unary.operator() == UnaryOperator.COMPLEMENT ? Type.UINT64 : Constants.literalType(constant.getAsLong());
        }
        return new Type.Int(8, value.isSigned());
    }

    private Type cannot(Expression.Unary unary, Type operand) {
        return bad(unary.span(), "The " + unary.operator().text() + " operator can not be used on expressions of type '"
                + TypeText.of(operand) + "'");
    }

    private Type dereference(Expression.Unary unary, Type operand) {
        if (operand instanceof Type.Pointer(Type target, AddressSpace space)) {
            return target instanceof Type.Void
                    ? bad(unary.span(), "Can not dereference a pointer to void: cast it to what it points to")
                    : Unify.inSpace(target, space);
        }
        return operand.isInteger() ? Type.UINT64 : cannot(unary, operand);
    }

    private Type addressOf(Expression.Unary unary, Type operand) {
        boolean place = unary.operand() instanceof Expression.Variable || unary.operand() instanceof Expression.MapReference
                || unary.operand() instanceof Expression.MapAccess;
        return place
                ? new Type.Pointer(operand, AddressSpace.PROGRAM)
                : bad(unary.span(), "The & operator must be used with a variable or map");
    }

    /** Whether a value of {@code type} is true or false as it is. */
    static boolean isTruth(Type type) {
        Type value = type instanceof Type.Aggregate(var aggregation) ? Casts.readType(aggregation) : type;
        return value.isScalar();
    }

    Type binary(Expression.Binary binary) {
        var left = new Operand(binary.left().span(), expressions.type(binary.left()));
        var right = new Operand(binary.right().span(), expressions.type(binary.right()));
        if (binary.operator().isLogical()) {
            boolean fine = left.type() == Type.NONE || right.type() == Type.NONE || isTruth(left.type()) && isTruth(right.type());
            if (!fine) {
                mismatch(binary.span(), binary.operator(), left, right);
            }
            return Type.BOOL;
        }
        if (left.type() == Type.NONE || right.type() == Type.NONE) {
            return binary.operator().isComparison() ? Type.BOOL : Type.NONE;
        }
        if (isText(binary.left()) && isText(binary.right()) && (binary.operator().isComparison() || binary.operator() == BinaryOperator.ADD)) {
            return binary.operator().isComparison() ? Type.BOOL : new Type.Text(left.type().size() + right.type().size() - 1);
        }
        if (!shifts(binary.operator())) {
            warnOfSigns(binary, left, right);
        }
        Type result = result(binary.span(), binary.operator(), left, right);
        if (result instanceof Type.Int && !shifts(binary.operator()) && binary.operator() != BinaryOperator.SUB && left.type().isInteger()
                && right.type().isInteger()) {
            boolean same = left.type().isSigned() && right.type().isSigned();
            result = new Type.Int(8, same || countsAsSigned(binary.left(), left.type()) || countsAsSigned(binary.right(), right.type()));
        }
        return (result instanceof Type.Int || result instanceof Type.Bool) && left.type().isInteger() && right.type().isInteger()
                ? folded(binary, result) : result;
    }

    private boolean isText(Expression expression) {
        return expressions.text(expression).isPresent();
    }

    /** An unsigned operand of 64 bits beside a signed one is taken for signed. */
    private void warnOfSigns(Expression.Binary binary, Operand left, Operand right) {
        if (left.type().equals(Type.UINT64) && !expressions.isLiteral(binary.left()) && right.type().isInteger()
                && countsAsSigned(binary.right(), right.type())) {
            warnOfSign(left.span());
        } else if (right.type().equals(Type.UINT64) && !expressions.isLiteral(binary.right()) && left.type().isInteger()
                && countsAsSigned(binary.left(), left.type())) {
            warnOfSign(right.span());
        }
    }

    private void warnOfSign(Span span) {
        diagnostics.add(span, DiagnosticCode.SIGN_MIX, "This value of type uint64 is taken for an int64, because the other one is signed. "
                + "A cast says which of the two is meant.");
    }

    private static boolean shifts(BinaryOperator operator) {
        return operator == BinaryOperator.SHL || operator == BinaryOperator.SHR;
    }

    /** A literal that is not negative, or what holds only such, goes with either sign. */
    private boolean countsAsSigned(Expression operand, Type type) {
        return type.isSigned() && !expressions.evidence().isOpen(operand);
    }

    /** The type of an operator on constants: the smallest that holds the exact value. */
    private Type folded(Expression.Binary binary, Type result) {
        var left = expressions.constant(binary.left());
        var right = expressions.constant(binary.right());
        if (left.isEmpty() || right.isEmpty() || !expressions.isLiteral(binary)) {
            return result;
        }
        BigInteger a = expressions.exact(binary.left(), left.getAsLong());
        BigInteger b = expressions.exact(binary.right(), right.getAsLong());
        BigInteger exact = ExactArithmetic.of(binary.operator(), a, b);
        boolean noCommonType = a.bitLength() == Long.SIZE && b.signum() < 0 || b.bitLength() == Long.SIZE && a.signum() < 0;
        if (exact == null || noCommonType || exact.bitLength() > 64 || exact.signum() < 0 && exact.bitLength() > 63) {
            return bad(binary.span(), "unable to fold literals due to overflow or underflow");
        }
        if (result instanceof Type.Bool) {
            return result;
        }
        return exact.bitLength() == 64 ? Type.UINT64 : Constants.literalType(exact.longValue());
    }

    /** The type of {@code left op right}. */
    Type result(Span span, BinaryOperator operator, Operand left, Operand right) {
        Type a = left.type() instanceof Type.Aggregate(var aggregation) ? Casts.readType(aggregation) : left.type();
        Type b = right.type() instanceof Type.Aggregate(var aggregation) ? Casts.readType(aggregation) : right.type();
        if (a == Type.NONE && left.type() != Type.NONE || b == Type.NONE && right.type() != Type.NONE) {
            return mismatch(span, operator, left, right);
        }
        if (a == Type.NONE || b == Type.NONE) {
            return operator.isComparison() ? Type.BOOL : Type.NONE;
        }
        if (operator.isComparison()) {
            return comparison(span, operator, left, right, a, b);
        }
        if (a instanceof Type.Pointer || b instanceof Type.Pointer) {
            return pointer(span, operator, left, right);
        }
        if (!number(a) || !number(b)) {
            return a.getClass() == b.getClass() ? cannot(span, operator, left, right) : mismatch(span, operator, left, right);
        }
        boolean truths = a instanceof Type.Bool && b instanceof Type.Bool;
        return truths && (operator == BinaryOperator.AND || operator == BinaryOperator.OR || operator == BinaryOperator.XOR
                || operator == BinaryOperator.MUL)
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

    /** A pointer is moved by a number; everything else needs a cast. */
    private Type pointer(Span span, BinaryOperator operator, Operand left, Operand right) {
        boolean moved = operator == BinaryOperator.ADD && right.type() instanceof Type.Pointer && left.type().isInteger()
                || (operator == BinaryOperator.ADD || operator == BinaryOperator.SUB) && right.type().isInteger();
        if (!moved) {
            return cannot(span, operator, left, right);
        }
        return left.type() instanceof Type.Pointer ? left.type() : right.type();
    }

    private Type comparison(Span span, BinaryOperator operator, Operand left, Operand right, Type a, Type b) {
        if (a.isScalar() && b.isScalar()) {
            return Type.BOOL;
        }
        boolean texts = a instanceof Type.Text && b instanceof Type.Text || a instanceof Type.SiteName && b instanceof Type.Text
                || a instanceof Type.Text && b instanceof Type.SiteName;
        boolean equality = operator == BinaryOperator.EQ || operator == BinaryOperator.NE;
        if (equality && (texts || Unify.types(a, b) != null)) {
            return Type.BOOL;
        }
        if (a instanceof Type.Pointer || b instanceof Type.Pointer || !equality && a.getClass() == b.getClass()) {
            cannot(span, operator, left, right);
        } else {
            mismatch(span, operator, left, right);
        }
        return Type.BOOL;
    }

    private Type cannot(Span span, BinaryOperator operator, Operand left, Operand right) {
        return bad(span, "The " + operator.text() + " operator can not be used on expressions of types " + TypeText.of(left.type()) + ", "
                + TypeText.of(right.type()));
    }

    private Type mismatch(Span span, BinaryOperator operator, Operand left, Operand right) {
        return bad(span, "Type mismatch for '" + operator.text() + "': comparing " + TypeText.of(left.type()) + " with " + TypeText.of(right.type()));
    }

    private Type bad(Span span, String message) {
        diagnostics.add(span, DiagnosticCode.BAD_OPERAND, message);
        return Type.NONE;
    }
}
