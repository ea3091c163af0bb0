package dev.sonde.compile;

import dev.sonde.probes.ProbeContext;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Span;
import dev.sonde.syntax.Definition;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.TypeName;
import dev.sonde.types.AddressSpace;
import dev.sonde.types.Field;
import dev.sonde.types.Fields;
import dev.sonde.types.GraphTypes;
import dev.sonde.types.KernelTypes;
import dev.sonde.types.StackMode;
import dev.sonde.types.Type;
import dev.sonde.types.TypeText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The types that a script can name: its own structs, enums and typedefs first, then the kernel's, then the basic ones. Script structs are laid out by
 * the C rules of the 64-bit ABIs.
 */
final class ScriptTypes {
    private final KernelTypes kernel;
    private final Constants constants;
    private final Diagnostics diagnostics;
    private final Map<String, Type> structs;
    private final Map<String, Type> typedefs;
    private final Supplier<Optional<GraphTypes>> program;
    private Supplier<Optional<ScriptTypes>> headers = Optional::empty;

    ScriptTypes(KernelTypes kernel, Constants constants, Diagnostics diagnostics) {
        this(kernel, constants, diagnostics, new HashMap<>(), new HashMap<>(), Optional::empty);
        constants.measureWith(this::size);
    }

    private ScriptTypes(KernelTypes kernel, Constants constants, Diagnostics diagnostics, Map<String, Type> structs, Map<String, Type> typedefs,
            Supplier<Optional<GraphTypes>> program) {
        this.kernel = kernel;
        this.constants = constants;
        this.diagnostics = diagnostics;
        this.structs = structs;
        this.typedefs = typedefs;
        this.program = program;
    }

    /** The same for a probe on a program, whose own types come before the kernel's. */
    ScriptTypes within(ProbeContext context) {
        var types = new ScriptTypes(kernel, constants, diagnostics, structs, typedefs, context::programTypes);
        types.headers = headers;
        return types;
    }

    /** The size of a type that is named; empty for a value, whose type is not known here. */
    private OptionalLong size(Expression.Argument operand) {
        Optional<Type> type = switch (operand) {
            case Expression.Argument.OfType(TypeName name) -> resolve(name, AddressSpace.KERNEL, _ -> Type.NONE);
            case Expression.Argument.Value(Expression.Identifier(_, String name)) -> named(name);
            case Expression.Argument.Value _ -> Optional.empty();
        };
        return type.isPresent() && type.get() != Type.NONE ? OptionalLong.of(type.get().size()) : OptionalLong.empty();
    }

    /** Takes the types of a C part. */
    void declare(List<Definition> definitions) {
        for (Definition definition : definitions) {
            switch (definition) {
                case Definition.Struct s -> declareStruct(s);
                case Definition.Typedef t -> t.declarator().name().ifPresent(name -> typedefs.put(name, declared(t.declarator())));
                case Definition.Enumeration _, Definition.Include _, Definition.Define _ -> { }
            }
        }
    }

    /** Takes what the system's headers define, of which nothing is asked that is known otherwise. */
    void declareLast(Supplier<Optional<ScriptTypes>> included) {
        headers = included;
    }

    private void declareStruct(Definition.Struct definition) {
        String tagged = (definition.type().union() ? "union " : "struct ") + definition.type().name().orElse("");
        if (definition.type().fields().isPresent() && definition.type().name().isPresent() && structs.containsKey(tagged)) {
            diagnostics.add(definition.span(), DiagnosticCode.BAD_STATEMENT, "Redefinition of " + tagged);
            return;
        }
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
    Optional<Type> resolve(TypeName name, AddressSpace space, Function<Expression, Type> typeOf) {
        return switch (name) {
            case TypeName.Named(_, String word) -> named(word);
            case TypeName.Tagged(_, String tag, String word) -> tagged(tag, word);
            case TypeName.Pointer(_, TypeName target) -> resolve(target, space, typeOf).map(t -> new Type.Pointer(t, space));
            case TypeName.Array(_, TypeName element, var size) ->
                    array(element, size.map(n -> OptionalLong.of(length(n))).orElse(OptionalLong.empty()), space, typeOf);
            case TypeName.TypeOf(_, var expression) -> Optional.of(typeOf.apply(expression)).filter(t -> t != Type.NONE);
            case TypeName.Tuple(_, var elements) -> all(elements, space, typeOf).map(Type.Tuple::new);
            case TypeName.OfRecord(_, var names, var types) -> all(types, space, typeOf).map(t -> new Type.Named(names, t));
        };
    }

    private Optional<List<Type>> all(List<TypeName> names, AddressSpace space, Function<Expression, Type> typeOf) {
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
            TypeName element, OptionalLong size, AddressSpace space, Function<Expression, Type> typeOf) {
        if (size.orElse(0) < 0) {
            return Optional.empty();
        }
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
        Optional<Type> probed = program.get().flatMap(types -> tag.equals("enum") ? types.enumeration(name) : types.struct(tag, name));
        if (probed.isPresent()) {
            return probed;
        }
        Optional<Type> known = tag.equals("enum") ? constants.enumeration(name).or(() -> kernel.enumeration(name)) : kernel.struct(tag, name);
        return known.or(() -> headers.get().flatMap(included -> included.tagged(tag, name)));
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
        return struct.or(() -> program.get().flatMap(types -> types.named(name).or(() -> types.struct("struct", name)))).or(() -> kernel.named(name))
                .or(() -> headers.get().flatMap(included -> included.named(name)));
    }

    /** Whether a word is a type of the language itself. */
    static boolean isBasic(String name) {
        return basic(name) != null;
    }

    private static Type basic(String name) {
        return switch (name) {
            case "void" -> Type.VOID;
            case "bool", "_Bool" -> Type.BOOL;
            case "int8", "char", "signed char", "int8_t", "s8", "__s8" -> Type.INT8;
            case "uint8", "unsigned char", "uint8_t", "u8", "__u8" -> Type.UINT8;
            case "int16", "int16_t", "s16", "__s16", "short", "short int", "signed short" -> new Type.Int(2, true);
            case "uint16", "uint16_t", "u16", "__u16", "unsigned short", "unsigned short int", "short unsigned int", "__be16", "__le16",
                    "in_port_t" -> Type.UINT16;
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
            default -> ofWords(name) instanceof Type.Int number ? number : null;
        };
    }

    /** The type of C's arithmetic words in any order, with a floating point number as its bits; null when there is another word. */
    private static Type ofWords(String name) {
        int longs = 0;
        boolean signed = true;
        String base = "int";
        for (String word : name.split(" ")) {
            switch (word) {
                case "long" -> longs++;
                case "unsigned" -> signed = false;
                case "signed", "int" -> { }
                case "char", "short", "float", "double", "__int128" -> base = word;
                default -> {
                    return null;
                }
            }
        }
        return switch (base) {
            case "char" -> new Type.Int(1, signed);
            case "short" -> new Type.Int(2, signed);
            case "float" -> new Type.Array(Type.UINT32, 1);
            case "double" -> new Type.Array(Type.UINT64, 1 + longs);
            case "__int128" -> new Type.Array(Type.UINT64, 2);
            default -> new Type.Int(longs == 0 ? 4 : 8, signed);
        };
    }

    private Type aggregate(Definition.Aggregate aggregate) {
        String tag = aggregate.union() ? "union" : "struct";
        if (aggregate.fields().isEmpty()) {
            return tagged(tag, aggregate.name().orElse(""))
                    .orElseGet(() -> new Type.Struct(tag, aggregate.name().orElse(""), 0, later(tag, aggregate.name())));
        }
        // A struct may hold pointers to itself: those find it through its name, late.
        Type made = new StructLayout(this, aggregate).lay();
        aggregate.name().ifPresent(name -> structs.put(tag + " " + name, made));
        return made;
    }

    private Fields later(String tag, Optional<String> name) {
        return new Later(() -> tagged(tag, name.orElse("")) instanceof Optional<Type> o && o.orElse(null) instanceof Type.Struct s && s.size() > 0
                ? s.fields().all() : List.<Field>of());
    }

    /** The fields of a struct that was named before it was complete. */
    private record Later(Supplier<List<Field>> fields) implements Fields {
        @Override
        public List<Field> all() {
            return fields.get();
        }
    }

    /** The type of a field. A struct that is not complete can be none: it could hold itself. */
    Type field(Definition.Declarator declarator) {
        Type type = declared(declarator);
        Type inner = type;
        while (inner instanceof Type.Array(Type element, _)) {
            inner = element;
        }
        if (!(inner instanceof Type.Struct struct) || !(struct.fields() instanceof Later)) {
            return type;
        }
        diagnostics.add(declarator.span(), DiagnosticCode.UNKNOWN_TYPE, "A field cannot be of the incomplete type '" + TypeText.of(struct) + "'");
        return new Type.Struct(struct.tag(), struct.name(), 0, Fields.of(List.of()));
    }

    /** The type of one declared name. */
    Type declared(Definition.Declarator declarator) {
        Type type = switch (declarator.base()) {
            case Definition.CType.Named(Span span, String name) ->
                    named(name).or(() -> Optional.ofNullable(ofWords(name))).orElseGet(() -> unknown(span, name));
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
            int count = Math.clamp(length(declarator.dimensions().get(i)), 0, 1 << 24);
            boolean innermost = i == declarator.dimensions().size() - 1;
            type = chars && innermost ? new Type.Text(count) : new Type.Array(type, count);
        }
        return type;
    }

    /** The length of an array: an empty pair of brackets is read as 0. */
    private long length(Expression dimension) {
        OptionalLong length = constants.evaluate(dimension);
        if (length.isEmpty() && !dimension.span().text().isBlank()) {
            diagnostics.add(dimension.span(), DiagnosticCode.NOT_CONSTANT,
                    "The length of an array must be a number that is known when the script is compiled");
        }
        return length.orElse(0);
    }

    /** A bit field has room in its type. */
    void checkWidth(Definition.Declarator field, Type type, int width) {
        if (width > 8 * type.size()) {
            diagnostics.add(field.bits().orElseThrow().span(), DiagnosticCode.OUT_OF_RANGE,
                    "A bit field of " + width + " bits is wider than its type, which has "
                    + 8 * type.size());
        }
    }

    private Type enumerationOf(Definition.Enumeration enumeration) {
        return enumeration.name().flatMap(name -> tagged("enum", name)).orElse(Type.UINT32);
    }

    private Type unknown(Span span, String name) {
        diagnostics.add(span, DiagnosticCode.UNKNOWN_TYPE, "Unknown type: '" + name + "'");
        return Type.UINT64;
    }

    OptionalLong evaluate(Expression expression) {
        return constants.evaluate(expression);
    }

    /** Own structs by {@code tag name}, for {@code -lv}. */
    Map<String, Type> own() {
        return new LinkedHashMap<>(structs);
    }
}
