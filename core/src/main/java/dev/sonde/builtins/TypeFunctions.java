package dev.sonde.builtins;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.ir.Address;
import dev.sonde.ir.IrBuilder;
import dev.sonde.ir.Operand;
import dev.sonde.ir.Operation;
import dev.sonde.ir.Value;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.syntax.Expression;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Field;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** Builtins about types: questions that the compiler answers, typeinfo, container_of. */
final class TypeFunctions {
    static final List<String> NAMES =
            List.of("is_ptr", "is_str", "is_array", "is_integer", "is_unsigned_integer", "is_literal", "is_err", "typeinfo", "container_of");
    private static final List<String> INFO = List.of("btf_id", "base_type", "full_type");
    /** MAX_ERRNO of the kernel: addresses that close to 0 from below are error numbers. */
    private static final int MOST_ERRORS = 4095;

    private TypeFunctions() {}

    static Builtin of(String name) {
        return switch (name) {
            case "is_ptr" -> question(name, "a pointer", t -> t instanceof Type.Pointer);
            case "is_str" -> question(name, "a string", t -> t instanceof Type.Text || t instanceof Type.SiteName);
            case "is_array" -> question(name, "an array", t -> t instanceof Type.Array);
            case "is_integer" -> question(name, "an integer", t -> t instanceof Type.Int || t instanceof Type.Enumeration);
            case "is_unsigned_integer" -> question(name, "an integer without sign", t -> t instanceof Type.Int(_, boolean signed) && !signed);
            case "is_literal" -> Entry.function(name, "is_literal(value)").doc("Whether a value is known when the script is compiled.")
                    .example("begin { print(is_literal(5)); exit() }").check(c -> c.matches(1, 1) ? Type.BOOL : Type.NONE)
                    .folds(c -> OptionalLong.of(c.constant(0).isPresent() || c.text(0).isPresent() ? 1 : 0));
            case "is_err" -> Entry.function(name, "is_err(pointer)")
                    .doc("Whether a pointer that a kernel function gave is an error number (-4095 to -1).")
                    .example("begin { print(is_err(-2)); exit() }").check(TypeFunctions::checkError).lower(TypeFunctions::lowerError);
            case "typeinfo" -> Entry.function(name, "typeinfo(value)", "typeinfo(type)")
                    .doc("A record that tells a type: btf_id (0: none), base_type such as \"int\" and full_type such as \"uint64\".")
                    .example("begin { print(typeinfo(pid).full_type); exit() }").traits(Builtin.Trait.COMPILE_TIME, Builtin.Trait.TYPES)
                    .members(TypeFunctions::member).check(TypeFunctions::checkInfo).lower(TypeFunctions::lowerInfo);
            case "container_of" -> Entry.function(name, "container_of(pointer, type, field)")
                    .doc("The struct of a type whose field (or field of a field) a pointer points to.")
                    .example("begin { print(container_of(curtask, struct task_struct, pid) != curtask); exit() }")
                            .traits(Builtin.Trait.PATH_LAST, Builtin.Trait.TYPES)
                    .check(TypeFunctions::checkContainer).lower(TypeFunctions::lowerContainer);
            default -> null;
        };
    }

    private static Builtin question(String name, String what, Predicate<Type> holds) {
        return Entry.function(name, name + "(value)").doc("Whether a value is " + what + ".").example("begin { print(" + name + "(pid)); exit() }")
                .traits(Builtin.Trait.TYPES)
                .check(c -> c.matches(1, 1) ? Type.BOOL : Type.NONE).folds(c -> {
                    Type type = c.typeArgument(0);
                    return type == Type.NONE ? OptionalLong.empty() : OptionalLong.of(holds.test(type) ? 1 : 0);
                });
    }

    private static Type checkError(Checking call) {
        if (!call.matches(1, 1)) {
            return Type.NONE;
        }
        return call.type(0) == Type.NONE || call.type(0).isScalar() ? Type.BOOL
                : call.fail(call.span(), DiagnosticCode.BAD_CAST, "Cannot cast from \"" + TypeText.of(call.type(0)) + "\" to \"int64\"");
    }

    private static Value lowerError(Lowering call) {
        IrBuilder ir = call.ir();
        Operand.Register value = ir.inRegister(call.scalar(0));
        Operand.Register result = ir.constant(1);
        Operation.Label yes = ir.label();
        ir.branch(Condition.GE, value, -MOST_ERRORS, yes);
        ir.copy(result, Operand.of(0));
        ir.place(yes);
        return new Value.Scalar(Type.BOOL, result);
    }

    private static Type checkInfo(Checking call) {
        if (!call.arguments(1, 1)) {
            return Type.NONE;
        }
        Type type = call.typeArgument(0);
        return type == Type.NONE ? Type.NONE
                : new Type.Named(INFO, List.of(Type.UINT64, new Type.Text(Values.kind(type).length() + 1), new Type.Text(TypeText.of(type).length()
                        + 1)));
    }

    private static Value lowerInfo(Lowering call) {
        Type type = call.typeArgument(0);
        return record(call, info(type));
    }

    private static List<Value> info(Type type) {
        return List.of(Value.constant(Type.UINT64, 0), literal(Values.kind(type)), literal(TypeText.of(type)));
    }

    private static Optional<Value> member(Checking call, String name) {
        Type type = call.count() == 1 ? call.typeArgument(0) : Type.NONE;
        return type == Type.NONE || !INFO.contains(name) ? Optional.empty() : Optional.of(info(type).get(INFO.indexOf(name)));
    }

    private static Value literal(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Value.Literal(new Type.Text(bytes.length + 1), bytes);
    }

    /** A record of values. */
    static Value record(Lowering call, List<Value> values) {
        Type.Named type = (Type.Named) call.type();
        Address to = call.destination();
        call.zero(to, type.size());
        for (int i = 0; i < values.size(); i++) {
            call.store(to.plus(Layout.tupleOffset(type.elements(), i)), type.elements().get(i), values.get(i));
        }
        return new Value.InMemory(type, to);
    }

    private static Type checkContainer(Checking call) {
        if (!call.matches(3, 3)) {
            return Type.NONE;
        }
        Type type = call.typeArgument(1);
        if (call.type(0) == Type.NONE || type == Type.NONE) {
            return Type.NONE;
        }
        if (!call.type(0).isScalar()) {
            return call.fail(call.span(0), DiagnosticCode.BAD_ARGUMENTS, "container_of() expects a pointer (" + call.kind(0) + " provided)");
        }
        if (!(type instanceof Type.Struct struct)) {
            return call.fail(call.span(1), DiagnosticCode.BAD_ARGUMENTS, "'" + TypeText.of(type) + "' is not a C type.",
                    "Name a type: struct task_struct.");
        }
        String path = path(call);
        if (path.isEmpty()) {
            return call.fail(call.span(2), DiagnosticCode.BAD_ARGUMENTS, "container_of() expects the name of a field as its third argument");
        }
        if (offset(struct, path).isEmpty()) {
            return call.fail(call.span(), DiagnosticCode.UNKNOWN_FIELD, "'" + TypeText.of(type) + "' has no field named '" + path + "'");
        }
        return new Type.Pointer(type, call.type(0) instanceof Type.Pointer(_, AddressSpace space) ? space : call.context().space());
    }

    private static Value lowerContainer(Lowering call) {
        Type.Struct struct = (Type.Struct) ((Type.Pointer) call.type()).target();
        return new Value.Scalar(call.type(), call.ir().alu(AluOperation.SUB, call.scalar(0), offset(struct, path(call)).orElseThrow()));
    }

    private static String path(Checking call) {
        return call.argument(2) instanceof Expression.Argument.Value(Expression path) ? path(path) : "";
    }

    private static String path(Expression path) {
        return switch (path) {
            case Expression.Identifier(_, String name) -> name;
            case Expression.Field field -> {
                String outer = path(field.operand());
                yield outer.isEmpty() ? "" : outer + "." + field.name();
            }
            default -> "";
        };
    }

    private static OptionalLong offset(Type.Struct struct, String path) {
        int dot = path.indexOf('.');
        Optional<Field> field = struct.fields().find(dot < 0 ? path : path.substring(0, dot));
        if (field.isEmpty()) {
            return OptionalLong.empty();
        }
        if (dot < 0) {
            return OptionalLong.of(field.get().offset());
        }
        OptionalLong inner = field.get().type() instanceof Type.Struct s ? offset(s, path.substring(dot + 1)) : OptionalLong.empty();
        return inner.isEmpty() ? inner : OptionalLong.of(field.get().offset() + inner.getAsLong());
    }
}
