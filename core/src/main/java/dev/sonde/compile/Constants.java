package dev.sonde.compile;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.syntax.BinaryOperator;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Definition;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.UnaryOperator;
import dev.sonde.target.Architecture;
import dev.sonde.target.UserApi;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.Type;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

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
    private Supplier<Optional<Constants>> headers = Optional::empty;
    private List<String> missing = List.of();
    private Function<Expression.Argument, OptionalLong> sizes = _ -> OptionalLong.empty();
    private int depth;
    private final Map<Expression, OptionalLong> evaluated = new IdentityHashMap<>();

    Constants(KernelTypes kernel, Architecture architecture, Diagnostics diagnostics) {
        this.kernel = kernel;
        this.architecture = architecture;
        this.diagnostics = diagnostics;
    }

    /** Takes the defines and enums of a C part. */
    void declare(List<Definition> definitions) {
        for (Definition definition : definitions) {
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
        boolean wide = false;
        for (Definition.Enumerator enumerator : enumeration.enumerators()) {
            long value = enumerator.value().map(this::evaluate).orElse(OptionalLong.empty()).orElse(next);
            enumerators.put(enumerator.name(), value);
            names.putIfAbsent(value, enumerator.name());
            signed |= value < 0;
            wide |= value != (int) value && value != (value & 0xffff_ffffL);
            next = value + 1;
        }
        var type = new Type.Enumeration(enumeration.name().orElse(""), wide ? 8 : 4, signed, names);
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
        if (!parsedDefines.containsKey(name)) {
            Expression parsed = DefineValue.parse(define, diagnostics);
            parsedDefines.put(name, parsed);
            if (parsed != null && leadsTo(name, parsed, new HashSet<>())) {
                // As in C a name is not replaced within itself: headers define the names of enumerators so.
                parsedDefines.put(name, null);
            }
        }
        return Optional.ofNullable(parsedDefines.get(name));
    }

    /** Whether {@code name} occurs in {@code value} or in the defines that this is made of. */
    private boolean leadsTo(String name, Expression value, Set<String> seen) {
        return Children.any(value, e -> e instanceof Expression.Identifier(_, String other)
                && (other.equals(name) || seen.add(other) && define(other).filter(of -> leadsTo(name, of, seen)).isPresent()));
    }

    /** The value of an enumerator or API constant. */
    OptionalLong value(String name) {
        Long own = enumerators.get(name);
        if (own != null) {
            return OptionalLong.of(own);
        }
        OptionalLong api = UserApi.value(name, architecture);
        OptionalLong known = api.isPresent() ? api : kernel.enumerator(name);
        Optional<Constants> included = known.isPresent() ? Optional.empty() : headers.get();
        return included.isPresent() ? included.get().defined(name) : known;
    }

    /** The value of an enumerator, or of a define that stands for a number. */
    private OptionalLong defined(String name) {
        Long own = enumerators.get(name);
        return own != null ? OptionalLong.of(own) : define(name).map(this::evaluate).orElse(OptionalLong.empty());
    }

    /** Takes what the system's headers define, of which nothing is asked that is known otherwise, and the headers that are not on this machine. */
    void declareLast(Supplier<Optional<Constants>> included, List<String> absent) {
        headers = included;
        missing = absent;
    }

    /** Takes what knows the sizes of types, for {@code sizeof}. */
    void measureWith(Function<Expression.Argument, OptionalLong> measure) {
        sizes = measure;
    }

    /** What may help where a name is not known: the headers that could define it; empty when all included ones are there. */
    String missingHeaders() {
        return missing.isEmpty() ? "" : "Not on this machine: " + String.join(", ", missing) + "; -I names a directory to look in.";
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

    /** The value of a define, of which others may be made that double its uses each time. */
    private OptionalLong once(Expression define) {
        OptionalLong known = evaluated.get(define);
        if (known == null) {
            known = evaluate(define);
            if (known.isPresent()) {
                evaluated.put(define, known);
            }
        }
        return known;
    }

    private OptionalLong evaluateOne(Expression expression) {
        return switch (expression) {
            case Expression.IntegerLiteral literal -> OptionalLong.of(literal.value());
            case Expression.BooleanLiteral literal -> OptionalLong.of(literal.value() ? 1 : 0);
            case Expression.Identifier identifier -> {
                Optional<Expression> define = define(identifier.name());
                yield define.isPresent() ? once(define.get()) : value(identifier.name());
            }
            case Expression.Unary unary -> unary(unary.operator(), evaluate(unary.operand()));
            case Expression.Binary binary -> {
                OptionalLong left = evaluate(binary.left());
                yield left.isEmpty() ? left : binary(binary.operator(), left, evaluate(binary.right()));
            }
            case Expression.Ternary t -> {
                OptionalLong condition = evaluate(t.condition());
                boolean itself = condition.isEmpty() || condition.getAsLong() != 0 && t.yes().isEmpty();
                yield itself ? condition : evaluate(condition.getAsLong() != 0 ? t.yes().get() : t.no());
            }
            case Expression.StringLiteral _, Expression.Variable _, Expression.Positional _, Expression.PositionalCount _,
                    Expression.MapReference _, Expression.MapAccess _, Expression.Increment _, Expression.IfValue _, Expression.BlockValue _,
                    Expression.Call _, Expression.Cast _, Expression.Field _, Expression.Element _, Expression.Index _, Expression.Tuple _,
                    Expression.OfRecord _, Expression.Offsetof _ -> OptionalLong.empty();
            case Expression.Sizeof s -> sizes.apply(s.operand());
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
            Optional<Expression> expression = Parser.parseExpression(source, found);
            if (expression.isEmpty() || found.hasErrors()) {
                diagnostics.add(define.span(), DiagnosticCode.SYNTAX, "The value of #define " + define.name() + " is no expression");
            }
            return expression.orElse(null);
        }
    }
}
