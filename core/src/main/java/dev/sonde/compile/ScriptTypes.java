package dev.sonde.compile;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Span;
import dev.sonde.syntax.Definition;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.TypeName;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Field;
import dev.sonde.types.Fields;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.StackMode;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The types that a script can name: its own structs, enums and typedefs first, then the kernel's, then the basic ones. Script structs are laid out by
 * the C rules of the 64-bit ABIs.
 */
final class ScriptTypes {
    private final KernelTypes kernel;
    private final Constants constants;
    private final Diagnostics diagnostics;
    private final Map<String, Type> structs = new HashMap<>();
    private final Map<String, Type> typedefs = new HashMap<>();

    ScriptTypes(KernelTypes kernel, Constants constants, Diagnostics diagnostics) {
        this.kernel = kernel;
        this.constants = constants;
        this.diagnostics = diagnostics;
    }

    /** Takes the types of a script's C part. */
    void declare(Script script) {
        for (Definition definition : script.definitions()) {
            switch (definition) {
                case Definition.Struct s -> declareStruct(s);
                case Definition.Typedef t -> t.declarator().name().ifPresent(name -> typedefs.put(name, declared(t.declarator())));
                case Definition.Enumeration _, Definition.Include _, Definition.Define _ -> { }
            }
        }
    }

    private void declareStruct(Definition.Struct definition) {
        Type type = aggregate(definition.type());
        if (!(type instanceof Type.Struct struct) || definition.type().fields().isEmpty()) {
            return;
        }
        kernel.btf();
        kernel.struct(struct.tag(), struct.name()).ifPresent(known -> {
            if (known.size() != struct.size()) {
                diagnostics.add(definition.span(), DiagnosticCode.SHADOWED_TYPE, struct.tag() + " " + struct.name() + " has " + struct.size()
                        + " bytes here; the running kernel's has " + known.size(), "Leave the definition out to use the kernel's own.");
            }
        });
    }

    KernelTypes kernel() {
        return kernel;
    }

    /** The type that {@code name} stands for, when it names one; {@code typeOf} answers for {@code typeof(expression)}. */
    Optional<Type> resolve(TypeName name, AddressSpace space, java.util.function.Function<dev.sonde.syntax.Expression, Type> typeOf) {
        return switch (name) {
            case TypeName.Named(_, String word) -> named(word);
            case TypeName.Tagged(_, String tag, String word) -> tagged(tag, word);
            case TypeName.Pointer(_, TypeName target) -> resolve(target, space, typeOf).map(t -> new Type.Pointer(t, space));
            case TypeName.Array(_, TypeName element, var size) -> array(element, size.map(constants::evaluate).orElse(OptionalLong.empty()), space, typeOf);
            case TypeName.TypeOf(_, var expression) -> Optional.of(typeOf.apply(expression)).filter(t -> t != Type.NONE);
            case TypeName.Tuple(_, var elements) -> all(elements, space, typeOf).map(Type.Tuple::new);
            case TypeName.OfRecord(_, var names, var types) -> all(types, space, typeOf).map(t -> new Type.Named(names, t));
        };
    }

    private Optional<List<Type>> all(List<TypeName> names, AddressSpace space, java.util.function.Function<dev.sonde.syntax.Expression, Type> typeOf) {
        List<Type> types = new ArrayList<>();
        for (TypeName name : names) {
            Optional<Type> type = resolve(name, space, typeOf);
            if (type.isEmpty()) {
                return Optional.empty();
            }
            types.add(type.get());
        }
        return Optional.of(types);
    }

    private Optional<Type> array(
            TypeName element, OptionalLong size, AddressSpace space, java.util.function.Function<dev.sonde.syntax.Expression, Type> typeOf) {
        int count = (int) Math.min(size.orElse(0), 1 << 20);
        if (element instanceof TypeName.Named(_, String word)) {
            switch (word) {
                case "string" -> {
                    return Optional.of(new Type.Text(count));
                }
                case "buffer" -> {
                    return Optional.of(new Type.Buffer(count));
                }
                default -> { }
            }
        }
        return resolve(element, space, typeOf).map(t -> new Type.Array(t, count));
    }

    /** The struct, union or enum of that tag and name. */
    Optional<Type> tagged(String tag, String name) {
        Type own = structs.get(tag + " " + name);
        if (own != null) {
            return Optional.of(own);
        }
        return tag.equals("enum") ? constants.enumeration(name).or(() -> kernel.enumeration(name)) : kernel.struct(tag, name);
    }

    /** The type of one or more words without a tag. */
    Optional<Type> named(String name) {
        Type own = typedefs.get(name);
        if (own != null) {
            return Optional.of(own);
        }
        Type basic = basic(name);
        if (basic != null) {
            return Optional.of(basic);
        }
        Optional<Type> struct = Optional.ofNullable(structs.get("struct " + name));
        return struct.isPresent() ? struct : kernel.named(name);
    }

    private static Type basic(String name) {
        return switch (name) {
            case "void" -> Type.VOID;
            case "bool", "_Bool" -> Type.BOOL;
            case "int8", "char", "signed char", "int8_t", "s8", "__s8" -> Type.INT8;
            case "uint8", "unsigned char", "uint8_t", "u8", "__u8" -> Type.UINT8;
            case "int16", "int16_t", "s16", "__s16", "short", "short int", "signed short" -> new Type.Int(2, true);
            case "uint16", "uint16_t", "u16", "__u16", "unsigned short", "unsigned short int", "short unsigned int", "__be16", "__le16", "in_port_t" -> Type.UINT16;
            case "int32", "int32_t", "s32", "__s32", "int", "signed int", "signed", "pid_t" -> Type.INT32;
            case "uint32", "uint32_t", "u32", "__u32", "unsigned int", "unsigned", "__be32", "__le32", "in_addr_t", "uid_t", "gid_t" -> Type.UINT32;
            case "int64", "int64_t", "s64", "__s64", "long", "long int", "signed long", "long long", "long long int", "long signed int",
                    "long long signed int", "ssize_t" -> Type.INT64;
            case "uint64", "uint64_t", "u64", "__u64", "unsigned long", "unsigned long int", "long unsigned int", "unsigned long long",
                    "unsigned long long int", "long long unsigned int", "size_t", "uintptr_t", "__be64", "__le64" -> Type.UINT64;
            case "string" -> new Type.Text(0);
            case "inet" -> new Type.Inet();
            case "mac_address" -> new Type.Mac();
            case "username" -> new Type.Username();
            case "ksym_t" -> new Type.KernelSymbol();
            case "usym_t" -> new Type.UserSymbol();
            case "kstack" -> new Type.Stack(true, StackMode.BPFTRACE, 127);
            case "ustack" -> new Type.Stack(false, StackMode.BPFTRACE, 127);
            default -> null;
        };
    }

    private Type aggregate(Definition.Aggregate aggregate) {
        String tag = aggregate.union() ? "union" : "struct";
        if (aggregate.fields().isEmpty()) {
            return tagged(tag, aggregate.name().orElse("")).orElseGet(() -> new Type.Struct(tag, aggregate.name().orElse(""), 0, later(tag, aggregate.name())));
        }
        // A struct may hold pointers to itself: those find it through its name, late.
        Type made = new StructLayout(this, aggregate).lay();
        aggregate.name().ifPresent(name -> structs.put(tag + " " + name, made));
        return made;
    }

    private Fields later(String tag, Optional<String> name) {
        return () -> tagged(tag, name.orElse("")) instanceof Optional<Type> o && o.orElse(null) instanceof Type.Struct s && s.size() > 0
                ? s.fields().all() : List.<Field>of();
    }

    /** The type of one declared name. */
    Type declared(Definition.Declarator declarator) {
        Type type = switch (declarator.base()) {
            case Definition.CType.Named(Span span, String name) -> named(name).orElseGet(() -> unknown(span, name));
            case Definition.CType.OfAggregate(var aggregate) -> aggregate(aggregate);
            case Definition.CType.OfEnum(var enumeration) -> enumerationOf(enumeration);
        };
        boolean chars = declarator.base() instanceof Definition.CType.Named(_, String name) && name.equals("char") && declarator.pointers() == 0;
        for (int i = 0; i < declarator.pointers(); i++) {
            type = new Type.Pointer(type, AddressSpace.KERNEL);
        }
        if (declarator.functionPointer()) {
            type = new Type.Pointer(Type.VOID, AddressSpace.KERNEL);
        }
        for (int i = declarator.dimensions().size() - 1; i >= 0; i--) {
            int count = Math.clamp(constants.evaluate(declarator.dimensions().get(i)).orElse(0), 0, 1 << 24);
            boolean innermost = i == declarator.dimensions().size() - 1;
            type = chars && innermost ? new Type.Text(count) : new Type.Array(type, count);
        }
        return type;
    }

    private Type enumerationOf(Definition.Enumeration enumeration) {
        return enumeration.name().flatMap(name -> tagged("enum", name)).orElse(Type.UINT32);
    }

    private Type unknown(Span span, String name) {
        diagnostics.add(span, DiagnosticCode.UNKNOWN_TYPE, "Unknown type: '" + name + "'");
        return Type.UINT64;
    }

    OptionalLong evaluate(dev.sonde.syntax.Expression expression) {
        return constants.evaluate(expression);
    }

    /** Own structs by {@code tag name}, for {@code -lv}. */
    Map<String, Type> own() {
        return new LinkedHashMap<>(structs);
    }
}
