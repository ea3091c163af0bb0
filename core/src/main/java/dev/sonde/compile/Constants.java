package dev.sonde.compile;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.syntax.BinaryOperator;
import dev.sonde.syntax.Definition;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.UnaryOperator;
import dev.sonde.target.Architecture;
import dev.sonde.target.UserApi;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Names that stand for a constant, looked up in this order: the script's defines and enumerators, the kernel's enumerators, the table of user-API
 * constants that comes with Sonde. A name is looked up when it is used: an unused include or define costs nothing.
 */
final class Constants {
    private final KernelTypes kernel;
    private final Architecture architecture;
    private final Diagnostics diagnostics;
    private final Map<String, Definition.Define> defines = new HashMap<>();
    private final Map<String, Expression> parsedDefines = new HashMap<>();
    private final Map<String, Long> enumerators = new HashMap<>();
    private final Map<String, Type> enumTypes = new HashMap<>();
    private final Map<String, Type> enumeratorTypes = new HashMap<>();
    private int depth;

    Constants(KernelTypes kernel, Architecture architecture, Diagnostics diagnostics) {
        this.kernel = kernel;
        this.architecture = architecture;
        this.diagnostics = diagnostics;
    }

    /** Takes the defines and enums of a script's C part. */
    void declare(Script script) {
        for (Definition definition : script.definitions()) {
            switch (definition) {
                case Definition.Define d -> defines.put(d.name(), d);
                case Definition.Enumeration e -> declare(e);
                case Definition.Include _, Definition.Struct _, Definition.Typedef _ -> { }
            }
        }
    }

    private void declare(Definition.Enumeration enumeration) {
        Map<Long, String> names = new LinkedHashMap<>();
        long next = 0;
        boolean signed = false;
        for (Definition.Enumerator enumerator : enumeration.enumerators()) {
            long value = enumerator.value().map(this::evaluate).orElse(OptionalLong.empty()).orElse(next);
            enumerators.put(enumerator.name(), value);
            names.putIfAbsent(value, enumerator.name());
            signed |= value < 0;
            next = value + 1;
        }
        var type = new Type.Enumeration(enumeration.name().orElse(""), 4, signed, names);
        enumeration.name().ifPresent(name -> enumTypes.put(name, type));
        enumeration.enumerators().forEach(e -> enumeratorTypes.put(e.name(), type));
    }

    /** The script's enum of that name. */
    Optional<Type> enumeration(String name) {
        return Optional.ofNullable(enumTypes.get(name));
    }

    /** The expression that a {@code #define} of the script gives {@code name}. */
    Optional<Expression> define(String name) {
        Definition.Define define = defines.get(name);
        if (define == null || define.functionLike()) {
            return Optional.empty();
        }
        return Optional.ofNullable(parsedDefines.computeIfAbsent(name, _ -> DefineValue.parse(define, diagnostics)));
    }

    /** The value of an enumerator or API constant. */
    OptionalLong value(String name) {
        Long own = enumerators.get(name);
        if (own != null) {
            return OptionalLong.of(own);
        }
        OptionalLong api = UserApi.value(name, architecture);
        return api.isPresent() ? api : kernel.enumerator(name);
    }

    /** The type of an enumerator: its enum when that is known. */
    Type typeOf(String name) {
        Type own = enumeratorTypes.get(name);
        if (own != null) {
            return own;
        }
        if (UserApi.value(name, architecture).isPresent()) {
            return literalType(UserApi.value(name, architecture).getAsLong());
        }
        return kernel.enumOf(name).orElseGet(() -> literalType(value(name).orElse(0)));
    }

    /** The smallest signed type that holds a literal. */
    static Type literalType(long value) {
        if (value == (byte) value) {
            return Type.INT8;
        }
        if (value == (short) value) {
            return new Type.Int(2, true);
        }
        return value == (int) value ? Type.INT32 : Type.INT64;
    }

    /** The value of an expression of literals and constants. */
    OptionalLong evaluate(Expression expression) {
        if (depth > 200) {
            return OptionalLong.empty();
        }
        depth++;
        try {
            return evaluateOne(expression);
        } finally {
            depth--;
        }
    }

    private OptionalLong evaluateOne(Expression expression) {
        return switch (expression) {
            case Expression.IntegerLiteral literal -> OptionalLong.of(literal.value());
            case Expression.BooleanLiteral literal -> OptionalLong.of(literal.value() ? 1 : 0);
            case Expression.Identifier identifier -> {
                Optional<Expression> define = define(identifier.name());
                yield define.isPresent() ? evaluate(define.get()) : value(identifier.name());
            }
            case Expression.Unary unary -> unary(unary.operator(), evaluate(unary.operand()));
            case Expression.Binary binary -> binary(binary.operator(), evaluate(binary.left()), evaluate(binary.right()));
            case Expression.Ternary t when t.yes().isPresent() -> {
                OptionalLong condition = evaluate(t.condition());
                yield condition.isEmpty() ? condition : evaluate(condition.getAsLong() != 0 ? t.yes().get() : t.no());
            }
            case Expression.Ternary _, Expression.StringLiteral _, Expression.Variable _, Expression.Positional _, Expression.PositionalCount _,
                    Expression.MapReference _, Expression.MapAccess _, Expression.Increment _, Expression.IfValue _, Expression.BlockValue _,
                    Expression.Call _, Expression.Cast _, Expression.Field _, Expression.Element _, Expression.Index _, Expression.Tuple _,
                    Expression.OfRecord _, Expression.Sizeof _, Expression.Offsetof _ -> OptionalLong.empty();
            case Expression.Comptime c -> evaluate(c.expression());
        };
    }

    private static OptionalLong unary(UnaryOperator operator, OptionalLong operand) {
        if (operand.isEmpty()) {
            return operand;
        }
        long value = operand.getAsLong();
        return switch (operator) {
            case NEGATE -> OptionalLong.of(-value);
            case COMPLEMENT -> OptionalLong.of(~value);
            case NOT -> OptionalLong.of(value == 0 ? 1 : 0);
            case PLUS -> operand;
            case DEREFERENCE, ADDRESS_OF -> OptionalLong.empty();
        };
    }

    private static OptionalLong binary(BinaryOperator operator, OptionalLong left, OptionalLong right) {
        if (left.isEmpty() || right.isEmpty()) {
            return OptionalLong.empty();
        }
        return fold(operator, left.getAsLong(), right.getAsLong());
    }

    /** The value of an operator on signed constants; empty for a division by zero. */
    static OptionalLong fold(BinaryOperator operator, long a, long b) {
        return switch (operator) {
            case ADD -> OptionalLong.of(a + b);
            case SUB -> OptionalLong.of(a - b);
            case MUL -> OptionalLong.of(a * b);
            case DIV -> b == 0 ? OptionalLong.empty() : OptionalLong.of(a / b);
            case MOD -> b == 0 ? OptionalLong.empty() : OptionalLong.of(a % b);
            case AND -> OptionalLong.of(a & b);
            case OR -> OptionalLong.of(a | b);
            case XOR -> OptionalLong.of(a ^ b);
            case SHL -> b < 0 || b > 63 ? OptionalLong.empty() : OptionalLong.of(a << b);
            case SHR -> b < 0 || b > 63 ? OptionalLong.empty() : OptionalLong.of(a >> b);
            case EQ -> truth(a == b);
            case NE -> truth(a != b);
            case LT -> truth(a < b);
            case GT -> truth(a > b);
            case LE -> truth(a <= b);
            case GE -> truth(a >= b);
            case LOGICAL_AND -> truth(a != 0 && b != 0);
            case LOGICAL_OR -> truth(a != 0 || b != 0);
        };
    }

    private static OptionalLong truth(boolean value) {
        return OptionalLong.of(value ? 1 : 0);
    }

    /** Parses the text of a define as an expression. */
    private static final class DefineValue {
        static Expression parse(Definition.Define define, Diagnostics diagnostics) {
            var found = new Diagnostics();
            Source source = new Source(define.span().source().name(), define.value());
            Optional<Expression> expression = dev.sonde.syntax.Parser.parseExpression(source, found);
            if (expression.isEmpty() || found.hasErrors()) {
                diagnostics.add(define.span(), DiagnosticCode.SYNTAX, "The value of #define " + define.name() + " is no expression");
            }
            return expression.orElse(null);
        }
    }
}
