package dev.sonde.compile;

import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.probes.ProbeContext;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Nearest;
import dev.sonde.source.Span;
import dev.sonde.syntax.BinaryOperator;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import dev.sonde.syntax.TypeName;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Aggregation;
import dev.sonde.types.Field;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Types the expressions of one unit and notes each type in the unit's facts. {@code NONE} stands for what is not known yet and for mistakes. */
final class TypeExpressions {
    private final Environment environment;
    private final TypedScript.Unit unit;
    private final MapFacts maps;
    private final TypeStatements statements;
    private final TypeOperators operators;
    private final TypeMaps mapTypes;
    private final ConstantExpressions constants;
    private final boolean last;
    private Expression aggregated;

    TypeExpressions(Environment environment, TypedScript.Unit unit, MapFacts maps, TypeStatements statements, boolean last) {
        this.environment = environment;
        this.unit = unit;
        this.maps = maps;
        this.statements = statements;
        this.operators = new TypeOperators(environment.diagnostics(), this);
        this.mapTypes = new TypeMaps(maps, this);
        this.constants = new ConstantExpressions(environment, unit, maps, this);
        this.last = last;
    }

    /** The typing of uses of maps. */
    TypeMaps mapTypes() {
        return mapTypes;
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

    /** The same for an expression whose type is known: typing an operand once more at each level of a long condition would double the work each time. */
    void condition(Expression expression, Type type) {
        boolean value = type instanceof Type.Aggregate(Aggregation aggregation) ? readType(aggregation) != Type.NONE : type.isScalar();
        if (type != Type.NONE && !value) {
            report(expression.span(), DiagnosticCode.TYPE_MISMATCH, "Invalid condition: a value of type '" + TypeText.of(type) + "' is neither true nor false");
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
            case Expression.MapAccess m -> mapTypes.use(m.map(), m.keys(), m.span()).value;
            case Expression.Unary u -> operators.unary(u);
            case Expression.Increment i -> increment(i);
            case Expression.Binary b -> operators.binary(b);
            case Expression.Ternary t -> ternary(t);
            case Expression.IfValue i -> ifValue(i);
            case Expression.BlockValue b -> statements.block(b.block());
            case Expression.Call c -> call(c);
            case Expression.Cast c -> cast(c);
            case Expression.Field f -> field(f);
            case Expression.Element e -> element(e);
            case Expression.Index i -> index(i);
            case Expression.Tuple t -> new Type.Tuple(elements(t.elements()));
            case Expression.OfRecord r -> new Type.Named(r.names(), elements(r.values()));
            case Expression.Sizeof s -> sizeof(s.operand());
            case Expression.Offsetof o -> offsetof(o);
            case Expression.Comptime c -> type(c.expression());
        };
    }

    /** The types of a tuple's elements: of an aggregation its integer. */
    private List<Type> elements(List<Expression> expressions) {
        List<Type> types = types(expressions);
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i) instanceof Type.Aggregate(Aggregation aggregation)) {
                if (readType(aggregation) == Type.NONE) {
                    report(expressions.get(i).span(), DiagnosticCode.BAD_MAP_USE, "A value of type '" + TypeText.of(types.get(i)) + "' cannot be part of another");
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
            return type(define.get());
        }
        Optional<Builtin> builtin = Builtins.find(name);
        if (builtin.isPresent() && builtin.get().form() != Builtin.Form.FUNCTION) {
            return builtin.get().check().check(new CheckedCall(environment, unit, maps, this, identifier));
        }
        if (environment.constants().value(name).isPresent()) {
            return environment.constants().typeOf(name);
        }
        String near = Nearest.to(name, Builtins.names());
        String header = dev.sonde.target.UserApi.header(name).map(h -> "It may come from <" + h + ">.").orElse("");
        report(identifier.span(), DiagnosticCode.UNKNOWN_NAME, "Unknown identifier: '" + name + "'",
                near.isEmpty() ? header : "Did you mean '" + near + "'?");
        return Type.NONE;
    }

    private Type positional(Expression.Positional positional) {
        OptionalLong number = environment.parameters().number(positional.index());
        if (number.isEmpty()) {
            report(positional.span(), DiagnosticCode.BAD_PARAMETER, "$" + positional.index() + " used numerically but given \""
                    + environment.parameters().text(positional.index()).orElse("") + "\"", "Try using str($" + positional.index() + ").");
            return Type.NONE;
        }
        return Type.INT64;
    }

    /** The type of what is assigned; only a map takes an aggregation. */
    Type assigned(Statement.Assign assign) {
        aggregated = assign.target() instanceof Expression.MapReference || assign.target() instanceof Expression.MapAccess ? assign.value() : null;
        return type(assign.value());
    }

    /** The type of the value of {@code target op= value}. */
    Type compound(Statement.Assign assign) {
        Type value = type(assign.value());
        Type target = type(assign.target());
        boolean map = assign.target() instanceof Expression.MapReference || assign.target() instanceof Expression.MapAccess;
        if (map && target == Type.NONE) {
            return value;
        }
        boolean unsigned = staysOpen(assign) && value.isInteger() && !value.isSigned();
        return operators.result(assign.operation(), assign.operator().orElseThrow(), unsigned ? Type.UINT64 : target, value);
    }

    /** Whether nothing is known yet of the sign of what is assigned to, and the operator leaves it so. */
    private boolean staysOpen(Statement.Assign assign) {
        return assign.operator().orElseThrow() != BinaryOperator.SUB && isOpen(assign.target());
    }

    /** What an assignment of a value of {@code type} tells of its target. */
    TypeEvidence evidence(Statement.Assign assign, Type type) {
        if (assign.operator().isEmpty()) {
            return evidence(assign.value(), type);
        }
        boolean literal = type.isInteger() && staysOpen(assign) && isOpen(assign.value());
        return literal ? TypeEvidence.ofLiteral(type) : TypeEvidence.of(type);
    }

    private Type increment(Expression.Increment increment) {
        Type type = switch (increment.target()) {
            case Expression.MapReference m -> mapTypes.increment(m, List.of(), m.span());
            case Expression.MapAccess m -> mapTypes.increment(m.map(), m.keys(), m.span());
            default -> type(increment.target());
        };
        unit.facts().set(increment.target(), type);
        if (type instanceof Type.Pointer || type == Type.NONE) {
            return type;
        }
        if (!type.isInteger()) {
            report(increment.span(), DiagnosticCode.BAD_OPERAND, "The " + (increment.decrement() ? "--" : "++") + " operator can not be used on a value of type '"
                    + TypeText.of(type) + "'");
            return Type.NONE;
        }
        Type wide = new Type.Int(8, increment.decrement() || type.isSigned());
        if (increment.target() instanceof Expression.Variable v) {
            unit.scopes().of(v).ifPresent(variable -> unit.facts().widen(variable, increment.decrement() ? TypeEvidence.of(wide) : TypeEvidence.ofLiteral(wide)));
        }
        return wide;
    }

    private Type ternary(Expression.Ternary ternary) {
        condition(ternary.condition());
        Expression first = ternary.yes().orElse(ternary.condition());
        Type yes = ternary.yes().isPresent() ? type(first) : unit.facts().of(first);
        return common(ternary.span(), yes, evidence(first, yes), type(ternary.no()), evidence(ternary.no(), unit.facts().of(ternary.no())));
    }

    private Type ifValue(Expression.IfValue value) {
        if (value.comptime()) {
            OptionalLong decided = decided(value.condition());
            return decided.isEmpty() ? Type.NONE : statements.block(decided.getAsLong() != 0 ? value.yes() : value.no());
        }
        condition(value.condition());
        Type yes = statements.block(value.yes());
        Type no = statements.block(value.no());
        return common(value.span(), yes, evidence(value.yes(), yes), no, evidence(value.no(), no));
    }

    private TypeEvidence evidence(Script.Block block, Type type) {
        return block.result().map(result -> evidence(result, type)).orElse(TypeEvidence.of(type));
    }

    private Type common(Span span, Type yes, TypeEvidence first, Type no, TypeEvidence second) {
        TypeEvidence both = first.and(second);
        if (both == null) {
            report(span, DiagnosticCode.TYPE_MISMATCH, "Ternary operator must return the same type: have '" + TypeText.of(yes) + "' and '" + TypeText.of(no) + "'");
            return Type.NONE;
        }
        return both.type();
    }

    /** What {@code value}, of {@code type}, tells of what takes it. */
    TypeEvidence evidence(Expression value, Type type) {
        return switch (value) {
            case Expression.Tuple tuple when type instanceof Type.Tuple(List<Type> types) -> {
                List<TypeEvidence> elements = evidence(tuple.elements(), types);
                yield new TypeEvidence(new Type.Tuple(elements.stream().map(TypeEvidence::firm).toList()),
                        new Type.Tuple(elements.stream().map(TypeEvidence::literal).toList()));
            }
            case Expression.OfRecord of when type instanceof Type.Named(List<String> names, List<Type> types) -> {
                List<TypeEvidence> elements = evidence(of.values(), types);
                yield new TypeEvidence(new Type.Named(names, elements.stream().map(TypeEvidence::firm).toList()),
                        new Type.Named(names, elements.stream().map(TypeEvidence::literal).toList()));
            }
            case Expression.Ternary ternary when ternary.yes().isPresent() -> {
                TypeEvidence both = evidence(ternary.yes().get(), unit.facts().of(ternary.yes().get())).and(evidence(ternary.no(), unit.facts().of(ternary.no())));
                yield both == null ? TypeEvidence.of(type) : both;
            }
            case Expression.Variable v -> unit.scopes().of(v).filter(variable -> unit.facts().evidence(variable).isOpen()).isPresent()
                    ? TypeEvidence.ofLiteral(type) : TypeEvidence.of(type);
            case Expression.MapReference m -> maps.of(m.name(), m.span()).values.isOpen() ? TypeEvidence.ofLiteral(type) : TypeEvidence.of(type);
            case Expression.MapAccess m -> maps.of(m.map().name(), m.map().span()).values.isOpen() ? TypeEvidence.ofLiteral(type) : TypeEvidence.of(type);
            default -> type instanceof Type.Int && type.isSigned() && isLiteral(value) && constant(value).orElse(-1) >= 0
                    ? TypeEvidence.ofLiteral(type) : TypeEvidence.of(type);
        };
    }

    /** Whether {@code value}, which is typed, goes with either sign: a literal that is not negative, or what holds only such. */
    boolean isOpen(Expression value) {
        return evidence(value, unit.facts().of(value)).isOpen();
    }

    private List<TypeEvidence> evidence(List<Expression> values, List<Type> types) {
        List<TypeEvidence> all = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            all.add(evidence(values.get(i), types.get(i)));
        }
        return all;
    }

    private Type call(Expression.Call call) {
        Optional<Builtin> builtin = Builtins.find(call.name());
        for (int i = 0; i < call.arguments().size(); i++) {
            if (call.arguments().get(i) instanceof Expression.Argument.Value(Expression value) && !parameterText(value)
                    && !(builtin.isPresent() && word(builtin.get(), call, i, value))) {
                argument(value);
            } else if (call.arguments().get(i) instanceof Expression.Argument.OfType type && !builtin.filter(b -> b.is(Builtin.Trait.TYPES)).isPresent()) {
                report(type.span(), DiagnosticCode.BAD_ARGUMENTS, call.name() + "() takes values, not types");
                return Type.NONE;
            }
        }
        if (builtin.isEmpty()) {
            String near = Nearest.to(call.name(), Builtins.names());
            report(call.span(), DiagnosticCode.UNKNOWN_FUNCTION, "Unknown function: '" + call.name() + "'",
                    near.isEmpty() ? "" : "Did you mean '" + near + "'?");
            return Type.NONE;
        }
        if (builtin.get().form() == Builtin.Form.AGGREGATION && call != aggregated) {
            report(call.span(), DiagnosticCode.BAD_ARGUMENTS, call.name() + "() must be assigned directly to a map");
            return Type.NONE;
        }
        if (builtin.get().is(Builtin.Trait.UNSAFE) && !environment.settings().unsafe()) {
            report(call.span(), DiagnosticCode.UNSAFE, call.name() + "() is an unsafe function being used in safe mode", "Run with --unsafe to allow it.");
        }
        return builtin.get().check().check(new CheckedCall(environment, unit, maps, this, call));
    }

    /** Whether an argument is a word that only this builtin knows. */
    private boolean word(Builtin builtin, Expression.Call call, int index, Expression value) {
        if (builtin.is(Builtin.Trait.PATH_LAST) && index == call.arguments().size() - 1 && index > 0) {
            return true;
        }
        return builtin.is(Builtin.Trait.WORD_FIRST) && index == 0 && value instanceof Expression.Identifier(_, String name)
                && environment.constants().define(name).isEmpty() && Builtins.find(name).isEmpty() && environment.constants().value(name).isEmpty();
    }

    /** A map without a key may be meant whole as an argument, so that says nothing about its having keys. */
    private void argument(Expression value) {
        if (value instanceof Expression.MapReference m) {
            unit.facts().set(m, maps.of(m.name(), m.span()).value);
        } else {
            type(value);
        }
    }

    /** Whether an argument is a parameter that is text, which only str() and the like can take. */
    private boolean parameterText(Expression value) {
        return value instanceof Expression.Positional p && environment.parameters().number(p.index()).isEmpty();
    }

    private Type cast(Expression.Cast cast) {
        Type operand = type(cast.operand());
        AddressSpace space = operand instanceof Type.Pointer(_, var of) ? of : unit.group().context().space();
        Optional<Type> wanted = environment.types().resolve(cast.type(), space, this::type);
        if (wanted.isEmpty()) {
            unknownType(cast.type());
            return Type.NONE;
        }
        if (operand == Type.NONE) {
            return wanted.get();
        }
        Type result = Casts.result(wanted.get(), operand);
        if (result == Type.NONE) {
            report(new Span(cast.span().source(), cast.span().start(), cast.operand().span().start()), DiagnosticCode.BAD_CAST, "Cannot cast from \"" + TypeText.of(operand) + "\" to \"" + TypeText.of(wanted.get()) + "\"");
        }
        return result;
    }

    private void unknownType(TypeName name) {
        TypeName base = name;
        while (base instanceof TypeName.Pointer(_, TypeName target)) {
            base = target;
        }
        String text = base.span().text();
        String hint = environment.types().kernel().btf().isEmpty() ? "This kernel has no BTF: define the type in the script." : "";
        report(name.span(), DiagnosticCode.UNKNOWN_TYPE, "Cannot resolve unknown type \"" + text + "\"", hint);
    }

    private Type field(Expression.Field field) {
        if (field.operand() instanceof Expression.Identifier(_, String name) && name.equals(Builtins.ARGS) && environment.constants().define(name).isEmpty()) {
            return argument(field);
        }
        Type operand = type(field.operand());
        AddressSpace space = operand instanceof Type.Pointer(_, var of) ? of : AddressSpace.KERNEL;
        Type pointee = operand instanceof Type.Pointer(Type target, _) ? target : operand;
        return switch (pointee) {
            case Type.Struct struct -> member(field, struct, space);
            case Type.Named named when named.names().contains(field.name()) -> named.elements().get(named.names().indexOf(field.name()));
            case Type.None _ -> Type.NONE;
            case Type.Named _ -> {
                report(field.span(), DiagnosticCode.UNKNOWN_FIELD, "Record does not contain a field named '" + field.name() + "'");
                yield Type.NONE;
            }
            case Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Array _,
                    Type.Tuple _, Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _, Type.Timestamp _,
                    Type.Stack _, Type.SiteName _, Type.Aggregate _ -> {
                report(field.span(), DiagnosticCode.BAD_OPERAND, "Can not access field '" + field.name() + "' on expression of type '" + TypeText.of(operand) + "'");
                yield Type.NONE;
            }
        };
    }

    private Type member(Expression.Field field, Type.Struct struct, AddressSpace space) {
        Optional<Field> found = struct.fields().find(field.name());
        if (found.isEmpty()) {
            String near = Nearest.to(field.name(), struct.fields().all().stream().map(Field::name).toList());
            report(field.span(), DiagnosticCode.UNKNOWN_FIELD, "Struct/union of type '" + TypeText.of(struct) + "' does not contain a field named '"
                    + field.name() + "'",
                    near.isEmpty() ? "" : "Did you mean '" + near + "'?");
            return Type.NONE;
        }
        return Unify.inSpace(found.get().type(), originSpace(field, space));
    }

    /** A struct that is a field of another lies where that one does. */
    private AddressSpace originSpace(Expression.Field field, AddressSpace space) {
        Expression operand = field.operand();
        while (operand instanceof Expression.Field outer && unit.facts().of(operand) instanceof Type.Struct) {
            operand = outer.operand();
        }
        return unit.facts().of(operand) instanceof Type.Pointer(_, var of) ? of : space;
    }

    private Type argument(Expression.Field field) {
        ProbeContext context = unit.group().context();
        Optional<ProbeContext.Source> source = context.argument(field.name());
        if (source.isPresent()) {
            return source.get().type();
        }
        if (context.arguments().isEmpty()) {
            report(field.operand().span(), DiagnosticCode.NOT_IN_PROBE, "The args builtin can only be used with tracepoint, rawtracepoint, fentry/fexit, and "
                    + "uprobe probes (" + unit.group().kind().name() + " used here)");
        } else {
            String near = Nearest.to(field.name(), context.arguments().stream().map(ProbeContext.Argument::name).toList());
            report(field.span(), DiagnosticCode.UNKNOWN_FIELD, unit.group().sites().getFirst().probe() + " has no argument named '" + field.name() + "'",
                    near.isEmpty() ? "" : "Did you mean '" + near + "'?");
        }
        return Type.NONE;
    }

    private Type element(Expression.Element element) {
        Type operand = type(element.operand());
        List<Type> elements = switch (operand) {
            case Type.Tuple(List<Type> e) -> e;
            case Type.Named n -> n.elements();
            case Type.None _, Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Array _, Type.Struct _,
                    Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _, Type.Timestamp _, Type.Stack _,
                    Type.SiteName _, Type.Aggregate _ -> List.of();
        };
        if (element.index() < elements.size()) {
            return elements.get(element.index());
        }
        if (operand != Type.NONE) {
            report(element.span(), DiagnosticCode.BAD_OPERAND, elements.isEmpty()
                    ? "Can not access index '" + element.index() + "' on expression of type '" + TypeText.of(operand) + "'"
                    : "Invalid tuple index: " + element.index() + ". Found " + elements.size() + " elements in tuple.");
        }
        return Type.NONE;
    }

    private Type index(Expression.Index index) {
        Type operand = type(index.operand());
        Type by = type(index.index());
        if (operand instanceof Type.Tuple(List<Type> elements)) {
            OptionalLong constant = constant(index.index());
            if (constant.isPresent() && constant.getAsLong() >= 0 && constant.getAsLong() < elements.size()) {
                return elements.get((int) constant.getAsLong());
            }
        }
        if (by != Type.NONE && !by.isInteger()) {
            report(index.span(), DiagnosticCode.BAD_OPERAND, "The array index operator [] only accepts non-negative integer indices. Got: " + TypeText.of(by));
            return Type.NONE;
        }
        return indexed(index, operand);
    }

    private Type indexed(Expression.Index index, Type operand) {
        OptionalLong constant = constant(index.index());
        return switch (operand) {
            case Type.Array(Type element, int count) -> {
                if (constant.isPresent() && (constant.getAsLong() < 0 || constant.getAsLong() >= count) && count > 0) {
                    report(index.span(), DiagnosticCode.OUT_OF_RANGE, "the index " + constant.getAsLong() + " is out of bounds for array of size " + count);
                }
                yield element;
            }
            case Type.Pointer(Type target, var space) when target.size() > 0 -> Unify.inSpace(target, space);
            case Type.Text _ -> Type.INT8;
            case Type.Buffer _ -> Type.UINT8;
            case Type.None _ -> Type.NONE;
            case Type.Pointer _, Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Struct _, Type.Tuple _, Type.Named _, Type.Inet _, Type.Mac _,
                    Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _, Type.Timestamp _, Type.Stack _, Type.SiteName _,
                    Type.Aggregate _ -> {
                report(index.span(), DiagnosticCode.BAD_OPERAND,
                        "The array index operator [] can only be used on arrays, pointers, and tuples, found " + TypeText.of(operand) + ".");
                yield Type.NONE;
            }
        };
    }

    private Type sizeof(Expression.Argument operand) {
        typeOf(operand);
        return Type.UINT64;
    }

    /** The type that an argument names or has. */
    Type typeOf(Expression.Argument operand) {
        return switch (operand) {
            case Expression.Argument.Value(Expression.Identifier identifier) when environment.types().named(identifier.name()).isPresent()
                    && Builtins.find(identifier.name()).isEmpty() -> environment.types().named(identifier.name()).orElseThrow();
            case Expression.Argument.Value(Expression value) -> type(value);
            case Expression.Argument.OfType(TypeName name) -> resolve(name).orElse(Type.NONE);
        };
    }

    /** The type that {@code name} stands for; an unknown one is a mistake. */
    Optional<Type> resolve(TypeName name) {
        Optional<Type> type = environment.types().resolve(name, unit.group().context().space(), this::type);
        if (type.isEmpty()) {
            unknownType(name);
        }
        return type;
    }

    private Type offsetof(Expression.Offsetof expression) {
        Type type = structOf(expression);
        for (int i = 0; type != Type.NONE && i < expression.fields().size(); i++) {
            String name = expression.fields().get(i);
            if (!(type instanceof Type.Struct struct)) {
                report(expression.span(), DiagnosticCode.BAD_ARGUMENTS, "'" + TypeText.of(type) + "' is not a C type.");
                break;
            }
            Optional<Field> field = struct.fields().find(name);
            if (field.isEmpty()) {
                report(expression.span(), DiagnosticCode.UNKNOWN_FIELD, "'" + TypeText.of(type) + "' has no field named '" + name + "'");
            }
            type = field.map(Field::type).orElse(Type.NONE);
        }
        return Type.UINT64;
    }

    /** The struct that offsetof looks into: a pointer means what it points to. */
    Type structOf(Expression.Offsetof expression) {
        Type type = typeOf(expression.operand());
        return type instanceof Type.Pointer(Type target, _) ? target : type;
    }

    /** The constant value of an expression, where it has one. */
    OptionalLong constant(Expression expression) {
        return constants.constant(expression);
    }

    /** Whether a constant is written without a cast: its type follows its value. */
    boolean isLiteral(Expression expression) {
        return constants.isLiteral(expression);
    }

    /** The text that an expression always has. */
    Optional<String> text(Expression expression) {
        return constants.text(expression);
    }

    /** What an {@code if comptime} is decided by; empty, and a mistake, when that is not known. Types the condition. */
    OptionalLong decided(Expression condition) {
        type(condition);
        OptionalLong value = constant(condition);
        if (value.isEmpty()) {
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
            report(use.span(), DiagnosticCode.TYPE_MISMATCH, "Type mismatch for " + variable + ": trying to assign value of type '" + TypeText.of(type)
                    + "' when variable already has a type '" + TypeText.of(unit.facts().of(variable)) + "'");
        }
        unit.facts().set(use, unit.facts().of(variable));
    }

    /** What reading an aggregation as a value gives. */
    Type readType(Aggregation aggregation) {
        return Casts.readType(aggregation);
    }

    /** Whether this is the walk that tells of mistakes: nothing more will become known. */
    boolean isLast() {
        return last;
    }

    /** Whether all arguments of {@code call} have types, so that a missing result is not for want of knowledge. */
    boolean typed(Expression.Call call) {
        if (!last) {
            return false;
        }
        for (Expression.Argument argument : call.arguments()) {
            if (argument instanceof Expression.Argument.Value(Expression value) && unit.facts().of(value) == Type.NONE) {
                return false;
            }
        }
        return Builtins.find(call.name()).filter(b -> b.form() != Builtin.Form.AGGREGATION).isPresent();
    }

    void report(Span span, DiagnosticCode code, String message, String... hints) {
        var diagnostic = dev.sonde.source.Diagnostic.at(span, code, message);
        for (String hint : hints) {
            if (!hint.isEmpty()) {
                diagnostic = diagnostic.hint(hint);
            }
        }
        environment.diagnostics().add(diagnostic);
    }
}
