package dev.sonde.compile;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.syntax.BinaryOperator;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.UnaryOperator;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes the code of operators, and of conditions as branches. */
final class LowerOperators {
    private final LowerProbe probe;
    private final LowerExpressions expressions;
    private final IrBuilder ir;

    LowerOperators(LowerProbe probe, LowerExpressions expressions) {
        this.probe = probe;
        this.expressions = expressions;
        this.ir = probe.body().ir();
    }

    Value unary(Expression.Unary unary, Type type) {
        return switch (unary.operator()) {
            case NOT -> branchValue(unary, type);
            case PLUS -> expressions.value(unary.operand());
            case NEGATE -> new Value.Scalar(type, cut(unary, ir.alu(AluOperation.SUB, Operand.of(0), expressions.scalar(unary.operand()))));
            case COMPLEMENT -> new Value.Scalar(type, cut(unary, ir.alu(AluOperation.XOR, expressions.scalar(unary.operand()), -1)));
            case DEREFERENCE -> dereference(unary, type);
            case ADDRESS_OF -> new Value.Scalar(type, address(unary.operand()));
        };
    }

    /** An unsigned operand's width is kept. */
    private Operand cut(Expression.Unary unary, Operand result) {
        Type operand = expressions.type(unary.operand());
        return operand.isInteger() && !operand.isSigned() ? ir.extend(result, 8 * operand.size(), false) : result;
    }

    private Value dereference(Expression.Unary unary, Type type) {
        Value pointer = expressions.value(unary.operand());
        Operand address = probe.memory().scalar(pointer);
        AddressSpace space = pointer.type() instanceof Type.Pointer(_, var of) ? of : probe.unit().group().context().space();
        if (space == AddressSpace.PROGRAM) {
            return new Value.InMemory(type, new Address.AtRegister(ir.inRegister(address), 0));
        }
        return type.isScalar()
                ? new Value.Scalar(type, probe.memory().loadRemote(type, address, space))
                : new Value.Remote(type, address, space);
    }

    private Operand address(Expression operand) {
        if (operand instanceof Expression.MapReference m) {
            return ir.mapValue(probe.body().module().map(m.name()), 8);
        }
        return ir.addressOf(probe.memory().inMemory(expressions.value(operand)));
    }

    /** {@code ++} and {@code --}; {@code used} says whether the value is wanted. */
    Value increment(Expression.Increment increment, boolean used) {
        Type type = expressions.type(increment);
        long step = type instanceof Type.Pointer(Type target, _) ? Math.max(1, target.size()) : 1;
        Operand amount = Operand.of(increment.decrement() ? -step : step);
        if (increment.target() instanceof Expression.Variable v) {
            Variable variable = probe.unit().scopes().of(v).orElseThrow();
            Operand before = probe.memory().scalar(expressions.read(variable));
            Operand after = ir.alu(AluOperation.ADD, before, amount);
            probe.assign(variable, new Value.Scalar(type, after));
            return new Value.Scalar(type, increment.prefix() ? after : before);
        }
        String map = increment.target() instanceof Expression.MapAccess a ? a.map().name() : ((Expression.MapReference) increment.target()).name();
        Address key = increment.target() instanceof Expression.MapAccess a ? expressions.key(a) : null;
        if (!used) {
            probe.maps().add(map, key, amount, increment.span());
            return new Value.Nothing(Type.NONE);
        }
        Operand before = probe.memory().scalar(probe.maps().read(map, key));
        Operand after = ir.alu(AluOperation.ADD, before, amount);
        probe.maps().assign(map, key, new Value.Scalar(type, after));
        return new Value.Scalar(type, increment.prefix() ? after : before);
    }

    Value binary(Expression.Binary binary, Type type) {
        if (binary.operator().isLogical() || binary.operator().isComparison()) {
            return branchValue(binary, type);
        }
        Value left = expressions.value(binary.left());
        Value right = expressions.value(binary.right());
        return new Value.Scalar(type, arithmetic(binary.operator(), left, right));
    }

    /** {@code left op right} on 64 bits; pointers move by the size of what they point to. */
    Operand arithmetic(BinaryOperator operator, Value left, Value right) {
        Operand a = probe.memory().scalar(left);
        Operand b = probe.memory().scalar(right);
        boolean moving = operator == BinaryOperator.ADD || operator == BinaryOperator.SUB;
        if (moving && left.type() instanceof Type.Pointer(Type target, _)) {
            if (right.type() instanceof Type.Pointer) {
                return ir.alu(AluOperation.SUB, a, b);
            }
            b = scale(b, target.size());
        } else if (moving && right.type() instanceof Type.Pointer(Type target, _)) {
            a = scale(a, target.size());
        }
        return switch (operator) {
            case ADD -> ir.alu(AluOperation.ADD, a, b);
            case SUB -> ir.alu(AluOperation.SUB, a, b);
            case MUL -> ir.alu(AluOperation.MUL, a, b);
            case DIV -> guarded(AluOperation.DIV, a, b);
            case MOD -> guarded(AluOperation.MOD, a, b);
            case AND -> ir.alu(AluOperation.AND, a, b);
            case OR -> ir.alu(AluOperation.OR, a, b);
            case XOR -> ir.alu(AluOperation.XOR, a, b);
            case SHL -> ir.alu(AluOperation.LSH, a, b);
            case SHR -> ir.alu(AluOperation.RSH, a, b);
            case EQ, NE, LT, GT, LE, GE, LOGICAL_AND, LOGICAL_OR -> throw new IllegalStateException(operator.text());
        };
    }

    /** Division and remainder by zero give 1. */
    private Operand guarded(AluOperation operation, Operand a, Operand b) {
        if (b instanceof Operand.Constant(long value)) {
            return value == 0 ? Operand.of(1) : ir.alu(operation, a, b);
        }
        Operand.Register result = ir.constant(1);
        Operation.Label fine = ir.label();
        Operation.Label done = ir.label();
        ir.branch(Condition.NE, (Operand.Register) b, 0, fine);
        new LowerFailures(probe.body())
                .mistake("Divide or modulo by 0 detected. This can lead to unexpected results. 1 is being used as the result.");
        ir.jump(done);
        ir.place(fine);
        ir.copy(result, ir.alu(operation, a, b));
        ir.place(done);
        return result;
    }

    private Operand scale(Operand value, int size) {
        if (size <= 1) {
            return value;
        }
        return value instanceof Operand.Constant(long c) ? Operand.of(c * size) : ir.alu(AluOperation.MUL, value, size);
    }

    /** A condition as a value. */
    private Value branchValue(Expression condition, Type type) {
        Operand.Register result = ir.constant(0);
        Operation.Label no = ir.label();
        branch(condition, no, false);
        ir.copy(result, Operand.of(1));
        ir.place(no);
        return new Value.Scalar(type, result);
    }

    /** Whether a value is not 0. */
    Value truth(Operand operand) {
        if (operand instanceof Operand.Constant(long value)) {
            return Value.constant(Type.BOOL, value != 0 ? 1 : 0);
        }
        Operand.Register result = ir.constant(0);
        Operation.Label no = ir.label();
        ir.branch(Condition.EQ, (Operand.Register) operand, 0, no);
        ir.copy(result, Operand.of(1));
        ir.place(no);
        return new Value.Scalar(Type.BOOL, result);
    }

    /** Goes to {@code target} when the truth of {@code condition} is {@code when}, else goes on. */
    void branch(Expression condition, Operation.Label target, boolean when) {
        if (condition instanceof Expression.Unary(_, UnaryOperator operator, Expression operand) && operator == UnaryOperator.NOT) {
            branch(operand, target, !when);
        } else if (condition instanceof Expression.Binary b && b.operator() == BinaryOperator.LOGICAL_AND) {
            logical(b, target, when, false);
        } else if (condition instanceof Expression.Binary b && b.operator() == BinaryOperator.LOGICAL_OR) {
            logical(b, target, when, true);
        } else if (condition instanceof Expression.Binary b && b.operator().isComparison() && probe.expressionTypes().constant(b).isEmpty()) {
            comparison(b, target, when);
        } else {
            branchOnValue(condition, target, when);
        }
    }

    private void branchOnValue(Expression condition, Operation.Label target, boolean when) {
        OptionalLong text = expressions.type(condition) instanceof Type.Text ? probe.expressionTypes().literalTruth(condition)
                : OptionalLong.empty();
        Operand value = text.isPresent() ? Operand.of(text.getAsLong()) : expressions.scalar(condition);
        if (value instanceof Operand.Constant(long constant)) {
            if (constant != 0 == when) {
                ir.jump(target);
            }
        } else {
            ir.branch(when ? Condition.NE : Condition.EQ, (Operand.Register) value, 0, target);
        }
    }

    /** {@code decisive} is the truth of one side that settles the whole: false for and, true for or. */
    private void logical(Expression.Binary binary, Operation.Label target, boolean when, boolean decisive) {
        if (when == decisive) {
            branch(binary.left(), target, when);
            branch(binary.right(), target, when);
        } else {
            Operation.Label settled = ir.label();
            branch(binary.left(), settled, decisive);
            branch(binary.right(), target, when);
            ir.place(settled);
        }
    }

    private void comparison(Expression.Binary binary, Operation.Label target, boolean when) {
        Value left = expressions.compared(binary.left(), lookedAt(binary.right()));
        Value right = expressions.compared(binary.right(), lookedAt(binary.left()));
        if (!left.type().isScalar() && !(left.type() instanceof Type.Aggregate)
                || !right.type().isScalar() && !(right.type() instanceof Type.Aggregate)) {
            Operation.Label differ = ir.label();
            boolean equal = binary.operator() == BinaryOperator.EQ;
            if (equal == when) {
                new LowerEquality(probe).differ(left, right, differ);
                ir.jump(target);
                ir.place(differ);
            } else {
                new LowerEquality(probe).differ(left, right, target);
            }
            return;
        }
        Operand a = probe.memory().scalar(left);
        Operand b = probe.memory().scalar(right);
        Condition condition = condition(binary.operator(), signed(binary, left.type(), right.type()));
        ir.branch(when ? condition : condition.negated(), ir.inRegister(a), b, target);
    }

    /** How much of a string matters that is compared with {@code other}: a byte more than that has tells a longer one. */
    private int lookedAt(Expression other) {
        return expressions.type(other) instanceof Type.Text(int capacity) ? capacity + 1 : Integer.MAX_VALUE;
    }

    private boolean signed(Expression.Binary binary, Type left, Type right) {
        TypeExpressions types = probe.expressionTypes();
        return left.isSigned() && right.isSigned() || left.isSigned() && !types.evidence().isOpen(binary.left())
                || right.isSigned() && !types.evidence().isOpen(binary.right());
    }

    private static Condition condition(BinaryOperator operator, boolean signed) {
        return switch (operator) {
            case EQ -> Condition.EQ;
            case NE -> Condition.NE;
            case LT -> signed ? Condition.SLT : Condition.LT;
            case GT -> signed ? Condition.SGT : Condition.GT;
            case LE -> signed ? Condition.SLE : Condition.LE;
            case GE -> signed ? Condition.SGE : Condition.GE;
            case ADD, SUB, MUL, DIV, MOD, AND, OR, XOR, SHL, SHR, LOGICAL_AND, LOGICAL_OR -> throw new IllegalStateException(operator.text());
        };
    }

    /** {@code target op= value}. */
    Value compound(Value target, BinaryOperator operator, Value value, Type type) {
        return new Value.Scalar(type, arithmetic(operator, target, value));
    }

    /** The map and key of a target, for an addition in place. */
    Optional<Operand> addition(BinaryOperator operator, Expression value) {
        return switch (operator) {
            case ADD -> Optional.of(expressions.scalar(value));
            case SUB -> Optional.of(ir.alu(AluOperation.SUB, Operand.of(0), expressions.scalar(value)));
            case MUL, DIV, MOD, AND, OR, XOR, SHL, SHR, EQ, NE, LT, GT, LE, GE, LOGICAL_AND, LOGICAL_OR -> Optional.empty();
        };
    }
}
