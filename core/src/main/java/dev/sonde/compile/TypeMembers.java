package dev.sonde.compile;

import dev.sonde.builtins.Builtins;
import dev.sonde.probes.ProbeContext;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Nearest;
import dev.sonde.syntax.Expression;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Field;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Types the parts of values: fields, arguments of the probe, elements of tuples, and what brackets take. */
final class TypeMembers {
    private final Environment environment;
    private final TypedScript.Unit unit;
    private final TypeExpressions expressions;

    TypeMembers(Environment environment, TypedScript.Unit unit, TypeExpressions expressions) {
        this.environment = environment;
        this.unit = unit;
        this.expressions = expressions;
    }

    /** The type of a field, of a member of a record or of an argument of the probe. */
    Type field(Expression.Field field) {
        if (field.operand() instanceof Expression.Identifier(_, String name) && name.equals(Builtins.ARGS)
                && environment.constants().define(name).isEmpty()) {
            return argument(field);
        }
        Type operand = expressions.type(field.operand());
        AddressSpace space = operand instanceof Type.Pointer(_, var of) ? of : AddressSpace.KERNEL;
        Type pointee = operand instanceof Type.Pointer(Type target, _) ? target : operand;
        return switch (pointee) {
            case Type.Struct struct -> member(field, struct, space);
            case Type.Named named when named.names().contains(field.name()) -> named.elements().get(named.names().indexOf(field.name()));
            case Type.None _ -> Type.NONE;
            case Type.Named _ -> {
                expressions.report(field.span(), DiagnosticCode.UNKNOWN_FIELD, "Record does not contain a field named '" + field.name() + "'");
                yield Type.NONE;
            }
            case Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Array _,
                    Type.Tuple _, Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _,
                    Type.Timestamp _, Type.Stack _, Type.SiteName _, Type.Aggregate _ -> {
                expressions.report(field.span(), DiagnosticCode.BAD_OPERAND, "Can not access field '" + field.name() + "' on expression of type '"
                        + TypeText.of(pointee) + "'");
                yield Type.NONE;
            }
        };
    }

    private Type member(Expression.Field field, Type.Struct struct, AddressSpace space) {
        Optional<Field> found = struct.fields().find(field.name());
        if (found.isEmpty()) {
            String near = Nearest.to(field.name(), struct.fields().all().stream().map(Field::name).toList());
            expressions.report(field.span(), DiagnosticCode.UNKNOWN_FIELD, "Struct/union of type '" + TypeText.of(struct)
                    + "' does not contain a field named '" + field.name() + "'",
                    near.isEmpty() ? "" : "Did you mean '" + near + "'?");
            return Type.NONE;
        }
        return Unify.inSpace(complete(found.get().type()), originSpace(field, space));
    }

    /** A pointer to a struct that was not complete where the field was declared is one to the whole struct. */
    private Type complete(Type type) {
        return switch (type) {
            case Type.Pointer(Type.Struct target, var space) when target.size() == 0 && !target.name().isEmpty() ->
                    new Type.Pointer(environment.types().tagged(target.tag(), target.name()).orElse(target), space);
            case Type.Pointer(Type.Pointer target, var space) -> new Type.Pointer(complete(target), space);
            case Type.Array(Type.Pointer element, int count) -> new Type.Array(complete(element), count);
            case Type.None _, Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Array _,
                    Type.Struct _, Type.Tuple _, Type.Named _, Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _,
                    Type.CgroupPath _, Type.Timestamp _, Type.Stack _, Type.SiteName _, Type.Aggregate _ -> type;
        };
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
        Optional<String> missing = context.missingArgument(field.name());
        if (missing.isPresent() || !context.withoutArguments().isEmpty()) {
            expressions.report(missing.isPresent() ? field.span() : field.operand().span(), DiagnosticCode.NOT_IN_PROBE,
                    missing.orElse(context.withoutArguments()));
        } else if (context.arguments().isEmpty()) {
            expressions.report(field.operand().span(), DiagnosticCode.NOT_IN_PROBE,
                    "The args builtin can only be used with tracepoint, rawtracepoint, fentry/fexit, and "
                    + "uprobe probes (" + unit.group().kind().name() + " used here)");
        } else {
            String near = Nearest.to(field.name(), context.arguments().stream().map(ProbeContext.Argument::name).toList());
            expressions.report(field.span(), DiagnosticCode.UNKNOWN_FIELD,
                    unit.group().sites().getFirst().probe() + " has no argument named '" + field.name() + "'",
                    near.isEmpty() ? "" : "Did you mean '" + near + "'?");
        }
        return Type.NONE;
    }

    /** The type of an element of a tuple. */
    Type element(Expression.Element element) {
        Type operand = expressions.type(element.operand());
        List<Type> elements = switch (operand) {
            case Type.Tuple(List<Type> e) -> e;
            case Type.Named n -> n.elements();
            case Type.None _, Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Text _, Type.Buffer _, Type.Pointer _, Type.Array _,
                    Type.Struct _, Type.Inet _, Type.Mac _, Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _,
                    Type.Timestamp _, Type.Stack _, Type.SiteName _, Type.Aggregate _ -> List.of();
        };
        if (element.index() < elements.size()) {
            return elements.get(element.index());
        }
        if (operand != Type.NONE) {
            expressions.report(element.span(), DiagnosticCode.BAD_OPERAND, elements.isEmpty()
                    ? "Can not access index '" + element.index() + "' on expression of type '" + TypeText.of(operand) + "'"
                    : "Invalid tuple index: " + element.index() + ". Found " + elements.size() + " elements in tuple.");
        }
        return Type.NONE;
    }

    /** The type of what brackets take from an array, a pointer, a text or a tuple. */
    Type index(Expression.Index index) {
        Type operand = expressions.type(index.operand());
        Type by = expressions.type(index.index());
        if (operand instanceof Type.Tuple(List<Type> elements)) {
            OptionalLong constant = expressions.constant(index.index());
            return tuple(index, elements, constant);
        }
        if (by != Type.NONE && !by.isInteger() || negative(index, operand)) {
            expressions.report(index.span(), DiagnosticCode.BAD_OPERAND,
                    "The array index operator [] only accepts non-negative integer indices. Got: " + TypeText.of(by));
            return Type.NONE;
        }
        return indexed(index, operand);
    }

    private Type tuple(Expression.Index index, List<Type> elements, OptionalLong constant) {
        if (constant.isEmpty() || constant.getAsLong() < 0) {
            expressions.report(index.span(), DiagnosticCode.BAD_OPERAND, "Array-style access for tuples only valid for integer literals");
        } else if (constant.getAsLong() >= elements.size()) {
            expressions.report(index.span(), DiagnosticCode.BAD_OPERAND,
                    "Invalid tuple index: " + constant.getAsLong() + ". Found " + elements.size() + " elements in tuple.");
        } else {
            return elements.get((int) constant.getAsLong());
        }
        return Type.NONE;
    }

    /** A pointer may be moved back, an array has nothing before its first element. */
    private boolean negative(Expression.Index index, Type operand) {
        return !(operand instanceof Type.Pointer) && expressions.constant(index.index()).orElse(0) < 0;
    }

    private void checkBounds(Expression.Index index, OptionalLong constant, int count) {
        if (constant.isPresent() && constant.getAsLong() >= count && count > 0) {
            expressions.report(index.span(), DiagnosticCode.OUT_OF_RANGE,
                    "the index " + constant.getAsLong() + " is out of bounds for array of size " + count);
        }
    }

    private Type indexed(Expression.Index index, Type operand) {
        OptionalLong constant = expressions.constant(index.index());
        return switch (operand) {
            case Type.Array(Type element, int count) -> {
                checkBounds(index, constant, count);
                yield element;
            }
            case Type.Pointer(Type target, var space) when target.size() > 0 -> Unify.inSpace(target, space);
            case Type.Text(int capacity) -> {
                checkBounds(index, constant, capacity);
                yield Type.INT8;
            }
            case Type.Pointer _ -> {
                expressions.report(index.span(), DiagnosticCode.BAD_OPERAND,
                        "The array index operator [] cannot be used on a pointer to an unsized type (" + TypeText.of(operand) + ").");
                yield Type.NONE;
            }
            case Type.Buffer _ -> Type.UINT8;
            case Type.None _ -> Type.NONE;
            case Type.Void _, Type.Bool _, Type.Int _, Type.Enumeration _, Type.Struct _, Type.Tuple _, Type.Named _, Type.Inet _, Type.Mac _,
                    Type.Username _, Type.KernelSymbol _, Type.UserSymbol _, Type.CgroupPath _, Type.Timestamp _, Type.Stack _, Type.SiteName _,
                    Type.Aggregate _ -> {
                expressions.report(index.span(), DiagnosticCode.BAD_OPERAND,
                        "The array index operator [] can only be used on arrays, pointers, and tuples, found " + TypeText.of(operand) + ".");
                yield Type.NONE;
            }
        };
    }
}
