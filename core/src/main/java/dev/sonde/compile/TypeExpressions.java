package dev.sonde.compile;

import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Nearest;
import dev.sonde.source.Span;
import dev.sonde.syntax.BinaryOperator;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.target.UserApi;
import dev.sonde.types.Aggregation;
import dev.sonde.types.Field;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Types the expressions of one unit and notes each type in the unit's facts. {@code NONE} stands for what is not known yet and for mistakes. */
final class TypeExpressions {
    /** Uses of defines, with those in defines: a few that each use the one before twice are millions. */
    private static final int MOST_DEFINES = 10_000;

    private static final int MOST_TUPLE_BYTES = 1 << 20;

    private final Environment environment;
    private final TypedScript.Unit unit;
    private final MapFacts maps;
    private final TypeStatements statements;
    private final TypeOperators operators;
    private final TypeMaps mapTypes;
    private final TypeCalls calls;
    private final TypeMembers members;
    private final WrittenTypes written;
    private final GatherEvidence evidence;
    private final ConstantExpressions constants;
    private final boolean last;
    private int defines;

    TypeExpressions(Environment environment, TypedScript.Unit unit, MapFacts maps, TypeStatements statements, boolean last) {
        this.environment = environment;
        this.unit = unit;
        this.maps = maps;
        this.statements = statements;
        this.operators = new TypeOperators(environment.diagnostics(), this);
        this.mapTypes = new TypeMaps(maps, this);
        this.calls = new TypeCalls(environment, unit, maps, this);
        this.members = new TypeMembers(environment, unit, this);
        this.written = new WrittenTypes(environment, unit, this);
        this.evidence = new GatherEvidence(unit, maps, this);
        this.constants = new ConstantExpressions(environment, unit, maps, this);
        this.last = last;
    }

    /** The typing of uses of maps. */
    TypeMaps mapTypes() {
        return mapTypes;
    }

    /** The typing of calls. */
    TypeCalls calls() {
        return calls;
    }

    /** The types that the script writes down. */
    WrittenTypes written() {
        return written;
    }

    /** What values tell of the types of what takes them. */
    GatherEvidence evidence() {
        return evidence;
    }

    /** The maps of the script. */
    MapFacts maps() {
        return maps;
    }

    /** The type of {@code expression}. */
    Type type(Expression expression) {
        Type type = find(expression);
        unit.facts().set(expression, type);
        return type;
    }

    /** The type of a value that is tested for truth. */
    void condition(Expression expression) {
        condition(expression, type(expression));
    }

    /**
     * The same for an expression whose type is known: typing an operand once more at each level of a long condition would double the work each time.
     */
    void condition(Expression expression, Type type) {
        boolean value = TypeOperators.isTruth(type) || type instanceof Type.Text && text(expression).isPresent();
        if (type != Type.NONE && !value) {
            report(expression.span(), DiagnosticCode.TYPE_MISMATCH, "Invalid condition: a value of type '" + TypeText.of(type)
                    + "' is neither true nor false");
        }
    }

    private Type find(Expression expression) {
        return switch (expression) {
            case Expression.IntegerLiteral l -> l.unsigned() ? Type.UINT64 : Constants.literalType(l.value());
            case Expression.BooleanLiteral _ -> Type.BOOL;
            case Expression.StringLiteral s -> new Type.Text(StringBytes.of(s.value()).length + 1);
            case Expression.Identifier i -> identifier(i);
            case Expression.Variable v -> unit.scopes().of(v).map(unit.facts()::of).orElse(Type.NONE);
            case Expression.Positional p -> positional(p);
            case Expression.PositionalCount _ -> Type.INT64;
            case Expression.MapReference m -> mapTypes.use(m, List.of(), m.span()).value;
            case Expression.MapAccess m -> mapTypes.read(m).value;
            case Expression.Unary u -> operators.unary(u);
            case Expression.Increment i -> increment(i);
            case Expression.Binary b -> operators.binary(b);
            case Expression.Ternary t -> ternary(t);
            case Expression.IfValue i -> ifValue(i);
            case Expression.BlockValue b -> statements.block(b.block());
            case Expression.Call c -> calls.call(c);
            case Expression.Cast c -> written.cast(c);
            case Expression.Field f -> members.field(f);
            case Expression.Element e -> members.element(e);
            case Expression.Index i -> members.index(i);
            case Expression.Tuple t -> ofBoundedSize(t, new Type.Tuple(elements(t.elements())));
            case Expression.OfRecord r -> ofBoundedSize(r, new Type.Named(r.names(), elements(r.values())));
            case Expression.Sizeof s -> written.sizeof(s.operand());
            case Expression.Offsetof o -> written.offsetof(o);
            case Expression.Comptime c -> comptime(c);
        };
    }

    /** A tuple's type. Tuples of tuples double with each line of a script: one that nobody could print is a mistake. */
    private Type ofBoundedSize(Expression tuple, Type type) {
        if (extent(type) <= MOST_TUPLE_BYTES) {
            return type;
        }
        report(tuple.span(), DiagnosticCode.TOO_LARGE, "A tuple has at most " + MOST_TUPLE_BYTES + " bytes");
        return Type.NONE;
    }

    /** The bytes of a type, elements counted as one at least; not exact beyond the most that a tuple may have. */
    private static long extent(Type type) {
        List<Type> elements = type instanceof Type.Tuple(List<Type> e) ? e : type instanceof Type.Named n ? n.elements() : null;
        if (elements == null) {
            return Math.max(1, type.size());
        }
        long extent = 1;
        for (int i = 0; i < elements.size() && extent <= MOST_TUPLE_BYTES; i++) {
            extent += extent(elements.get(i));
        }
        return extent;
    }

    /** The types of a tuple's elements: of an aggregation its integer. */
    private List<Type> elements(List<Expression> expressions) {
        List<Type> types = types(expressions);
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i) instanceof Type.Aggregate(Aggregation aggregation)) {
                if (readType(aggregation) == Type.NONE) {
                    report(expressions.get(i).span(), DiagnosticCode.BAD_MAP_USE,
                            "Map type " + TypeText.of(types.get(i)) + " cannot exist inside a tuple.");
                }
                types.set(i, readType(aggregation));
            }
        }
        return types;
    }

    private List<Type> types(List<Expression> expressions) {
        List<Type> types = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            types.add(type(expression));
        }
        return types;
    }

    private Type identifier(Expression.Identifier identifier) {
        String name = identifier.name();
        Optional<Expression> define = environment.constants().define(name);
        if (define.isPresent()) {
            return ++defines > MOST_DEFINES ? tooMany(identifier) : type(define.get());
        }
        Optional<Builtin> builtin = Builtins.find(name);
        if (builtin.isPresent() && builtin.get().form() != Builtin.Form.FUNCTION) {
            return builtin.get().check().check(new CheckedCall(environment, unit, maps, this, identifier));
        }
        if (environment.constants().value(name).isPresent()) {
            return environment.constants().typeOf(name);
        }
        String near = Nearest.to(name, Builtins.names());
        String header = UserApi.header(name).map(h -> "It may come from <" + h + ">.").orElse("");
        report(identifier.span(), DiagnosticCode.UNKNOWN_NAME, "Unknown identifier: '" + name + "'",
                !near.isEmpty() ? "Did you mean '" + near + "'?" : header.isEmpty() ? environment.constants().missingHeaders() : header);
        return Type.NONE;
    }

    private Type tooMany(Expression.Identifier define) {
        if (defines == MOST_DEFINES + 1) {
            report(define.span(), DiagnosticCode.TOO_LARGE, "The script's defines are used more than " + MOST_DEFINES + " times");
        }
        return Type.NONE;
    }

    private Type positional(Expression.Positional positional) {
        if (!environment.parameters().has(positional.index())) {
            report(positional.span(), DiagnosticCode.EMPTY_PARAMETER, "Positional parameter $" + positional.index() + " is empty or not provided. ");
        }
        return find(environment.parameters().literal(positional));
    }

    /** The type of what is assigned; only a map takes an aggregation. */
    Type assigned(Statement.Assign assign) {
        boolean map = assign.target() instanceof Expression.MapReference || assign.target() instanceof Expression.MapAccess;
        Expression outer = calls.aggregated(map ? assign.value() : null);
        Type type = type(assign.value());
        calls.aggregated(outer);
        return type;
    }

    /** The type of the value of {@code target op= value}. */
    Type compound(Statement.Assign assign) {
        Type value = type(assign.value());
        Type target = type(assign.target());
        boolean map = assign.target() instanceof Expression.MapReference || assign.target() instanceof Expression.MapAccess;
        if (map && target == Type.NONE) {
            target = Type.INT64;
        }
        if (target != Type.NONE && !target.isScalar()) {
            return notCounted(assign.span(), assign.target(), assign.operator().get() == BinaryOperator.SUB, target);
        }
        boolean unsigned = evidence.staysOpen(assign) && value.isInteger() && !value.isSigned();
        if (target.isInteger() && !target.isSigned() && value.isInteger() && evidence.isOpen(assign.value())) {
            value = Type.UINT64;
        }
        var left = new TypeOperators.Operand(assign.target().span(), unsigned ? Type.UINT64 : target);
        return operators.result(assign.operation(), assign.operator().orElseThrow(), left, new TypeOperators.Operand(assign.value().span(), value));
    }

    private Type increment(Expression.Increment increment) {
        Type type = increment.target() instanceof Expression.MapReference m ? mapTypes.increment(m, List.of(), m.span())
                : increment.target() instanceof Expression.MapAccess m ? mapTypes.increment(m.map(), m.keys(), m.span())
                : type(increment.target());
        unit.facts().set(increment.target(), type);
        if (type instanceof Type.Pointer || type == Type.NONE) {
            return type;
        }
        if (!type.isInteger()) {
            return notCounted(increment.span(), increment.target(), increment.decrement(), type);
        }
        Type wide = new Type.Int(8, increment.decrement() || type.isSigned());
        if (increment.target() instanceof Expression.Variable v) {
            unit.scopes().of(v).ifPresent(variable -> unit.facts()
                    .widen(variable, increment.decrement() ? TypeEvidence.of(wide) : TypeEvidence.ofLiteral(wide)));
        }
        return wide;
    }

    /** A mistake: {@code target}, of {@code type}, does not hold the result of arithmetic. */
    private Type notCounted(Span span, Expression target, boolean signed, Type type) {
        boolean map = target instanceof Expression.MapReference || target instanceof Expression.MapAccess;
        String name = target instanceof Expression.MapAccess access ? access.map().span().text() : target.span().text();
        report(span, DiagnosticCode.TYPE_MISMATCH, "Type mismatch for " + name + ": trying to assign value of type '" + (signed ? "int64" : "uint64")
                + "' when " + (map ? "map" : "variable") + " already has a type '" + TypeText.of(type) + "'");
        return Type.NONE;
    }

    private Type ternary(Expression.Ternary ternary) {
        condition(ternary.condition());
        Expression first = ternary.yes().orElse(ternary.condition());
        Type yes = ternary.yes().isPresent() ? type(first) : unit.facts().of(first);
        OptionalLong decided = constants.literalTruth(ternary.condition());
        if (decided.isPresent()) {
            Type no = type(ternary.no());
            return decided.getAsLong() != 0 ? yes : no;
        }
        return common(ternary.span(), yes, evidence.of(first, yes), type(ternary.no()), evidence.of(ternary.no(), unit.facts().of(ternary.no())));
    }

    private Type ifValue(Expression.IfValue value) {
        if (value.comptime()) {
            OptionalLong decided = decided(value.condition());
            return decided.isEmpty() ? Type.NONE : statements.block(decided.getAsLong() != 0 ? value.yes() : value.no());
        }
        condition(value.condition());
        Type yes = statements.block(value.yes());
        Type no = statements.block(value.no());
        return common(value.span(), yes, evidence.of(value.yes(), yes), no, evidence.of(value.no(), no));
    }

    private Type common(Span span, Type yes, TypeEvidence first, Type no, TypeEvidence second) {
        TypeEvidence both = first.and(second);
        if (both == null) {
            report(span, DiagnosticCode.TYPE_MISMATCH, "Branches must return the same type or compatible types: have '" + TypeText.of(yes) + "' and '"
                    + TypeText.of(no) + "'");
            return Type.NONE;
        }
        return both.type();
    }

    /** The constant value of an expression, where it has one. */
    OptionalLong constant(Expression expression) {
        return constants.constant(expression);
    }

    /** Whether a constant is written without a cast: its type follows its value. */
    boolean isLiteral(Expression expression) {
        return constants.isLiteral(expression);
    }

    /** Whether a condition of literals alone is true (1) or false (0). */
    OptionalLong literalTruth(Expression condition) {
        return constants.literalTruth(condition);
    }

    /** The value of a constant expression that has the 64 bits {@code value}. */
    BigInteger exact(Expression expression, long value) {
        return constants.exact(expression, value);
    }

    /** The text that an expression always has. */
    Optional<String> text(Expression expression) {
        return constants.text(expression);
    }

    private Type comptime(Expression.Comptime comptime) {
        Type type = type(comptime.expression());
        boolean known = constant(comptime.expression()).isPresent() || text(comptime.expression()).isPresent();
        if (!known && (type.isInteger() || type instanceof Type.Text)) {
            report(comptime.span(), DiagnosticCode.NOT_CONSTANT, "Unable to resolve comptime expression");
        }
        return type;
    }

    /** The block of an {@code if comptime} that is compiled; empty when it has none, or is not decided. */
    Optional<Script.Block> taken(Statement.If branch) {
        OptionalLong decided = constant(branch.condition());
        return decided.isEmpty() ? Optional.empty() : decided.getAsLong() != 0 ? Optional.of(branch.then()) : branch.otherwise();
    }

    /** The block of an {@code if comptime} with a value that is compiled; empty when it is not decided. */
    Optional<Script.Block> taken(Expression.IfValue branch) {
        OptionalLong decided = constant(branch.condition());
        return decided.isEmpty() ? Optional.empty() : Optional.of(decided.getAsLong() != 0 ? branch.yes() : branch.no());
    }

    /** What an {@code if comptime} is decided by; empty, and a mistake, when that is not known. Types the condition. */
    OptionalLong decided(Expression condition) {
        type(condition);
        OptionalLong value = constant(condition);
        if (value.isEmpty() && unit.facts().of(condition) != Type.NONE) {
            report(condition.span(), DiagnosticCode.NOT_CONSTANT, "Unable to resolve comptime expression");
        }
        return value;
    }

    /** Notes that a builtin assigns a value of {@code type} to a variable. */
    void assign(Expression.Variable use, Type type) {
        Variable variable = unit.scopes().of(use).orElse(null);
        if (variable == null) {
            return;
        }
        if (!unit.facts().widen(variable, TypeEvidence.of(type))) {
            report(use.span(), DiagnosticCode.TYPE_MISMATCH, "Type mismatch for " + variable + ": trying to assign value of type '"
                    + TypeText.of(type) + "' when variable already has a type '" + TypeText.of(unit.facts().of(variable)) + "'");
        }
        unit.facts().set(use, unit.facts().of(variable));
    }

    /** What reading an aggregation as a value gives. */
    Type readType(Aggregation aggregation) {
        return Casts.readType(aggregation);
    }

    /** Whether this is in the body of a loop. */
    boolean inLoop() {
        return statements.inLoop();
    }

    /** Whether this is the walk that tells of mistakes: nothing more will become known. */
    boolean isLast() {
        return last;
    }

    void report(Span span, DiagnosticCode code, String message, String... hints) {
        var diagnostic = Diagnostic.at(span, code, message);
        for (String hint : hints) {
            if (!hint.isEmpty()) {
                diagnostic = diagnostic.hint(hint);
            }
        }
        environment.diagnostics().add(diagnostic);
    }
}
