package dev.sonde.compile;

import dev.sonde.builtins.Builtins;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.TypeName;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Field;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.Optional;

/** Finds the types that a script writes down: in casts, declarations, sizeof and offsetof. */
final class WrittenTypes {
    private final Environment environment;
    private final TypedScript.Unit unit;
    private final TypeExpressions expressions;

    WrittenTypes(Environment environment, TypedScript.Unit unit, TypeExpressions expressions) {
        this.environment = environment;
        this.unit = unit;
        this.expressions = expressions;
    }

    private ScriptTypes types() {
        return environment.types().within(unit.group().context());
    }

    /** The type of a cast. */
    Type cast(Expression.Cast cast) {
        Type operand = expressions.type(cast.operand());
        AddressSpace space = operand instanceof Type.Pointer(_, var of) ? of : unit.group().context().space();
        Optional<Type> wanted = types().resolve(cast.type(), space, expressions::type);
        if (wanted.isEmpty()) {
            unknownType(cast.type());
            return Type.NONE;
        }
        checkLength(place(cast), wanted.get());
        if (operand == Type.NONE) {
            return wanted.get();
        }
        Type result = Casts.result(wanted.get(), operand);
        if (result == Type.NONE) {
            expressions.report(place(cast), DiagnosticCode.BAD_CAST,
                    "Cannot cast from \"" + TypeText.of(operand) + "\" to \"" + TypeText.of(wanted.get()) + "\"");
        }
        return result;
    }

    /** A string is no longer than the config allows. */
    void checkLength(Span place, Type type) {
        int most = environment.settings().maxStringLength();
        if (type instanceof Type.Text(int capacity) && capacity > most) {
            expressions.report(place, DiagnosticCode.TOO_LARGE, "String type is too long (over " + most + " bytes): " + TypeText.of(type),
                    "config = { max_strlen = " + capacity + " } makes room for it.");
        }
    }

    /** The type in its parentheses. */
    static Span place(Expression.Cast cast) {
        return new Span(cast.span().source(), cast.span().start(), cast.operand().span().start());
    }

    private void unknownType(TypeName name) {
        TypeName base = name;
        if (!Children.named(name).isEmpty()) {
            return;
        }
        while (base instanceof TypeName.Pointer(_, TypeName target)) {
            base = target;
        }
        String text = base.span().text();
        String hint = environment.types().kernel().btf().isEmpty() ? "This kernel has no BTF: define the type in the script."
                : environment.constants().missingHeaders();
        expressions.report(name.span(), DiagnosticCode.UNKNOWN_TYPE, "Cannot resolve unknown type \"" + text + "\"", hint);
    }

    /** The type of sizeof. */
    Type sizeof(Expression.Argument operand) {
        typeOf(operand);
        return Type.UINT64;
    }

    /** The type that an argument names or has. */
    Type typeOf(Expression.Argument operand) {
        return switch (operand) {
            case Expression.Argument.Value(Expression.Identifier identifier) when Builtins.find(identifier.name()).isEmpty()
                    && types().named(identifier.name()).isPresent() -> types().named(identifier.name()).orElseThrow();
            case Expression.Argument.Value(Expression value) -> expressions.type(value);
            case Expression.Argument.OfType(TypeName name) -> resolve(name).orElse(Type.NONE);
        };
    }

    /** The type that {@code name} stands for; an unknown one is a mistake. */
    Optional<Type> resolve(TypeName name) {
        Optional<Type> type = types().resolve(name, unit.group().context().space(), expressions::type);
        if (type.isEmpty()) {
            unknownType(name);
        }
        return type;
    }

    /** The type of offsetof; its fields must be there. */
    Type offsetof(Expression.Offsetof expression) {
        Type type = structOf(expression);
        for (int i = 0; type != Type.NONE && i < expression.fields().size(); i++) {
            String name = expression.fields().get(i);
            if (!(type instanceof Type.Struct struct)) {
                expressions.report(expression.span(), DiagnosticCode.BAD_ARGUMENTS, "'" + TypeText.of(type) + "' is not a C type.");
                break;
            }
            Optional<Field> field = struct.fields().find(name);
            if (field.isEmpty()) {
                expressions.report(expression.span(), DiagnosticCode.UNKNOWN_FIELD, "'" + TypeText.of(type) + "' has no field named '" + name + "'");
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
}
