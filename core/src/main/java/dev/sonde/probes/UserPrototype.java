package dev.sonde.probes;

import dev.sonde.btf.BtfType;
import dev.sonde.btf.Parameter;
import dev.sonde.btf.TypeGraph;
import dev.sonde.target.Binary;
import dev.sonde.target.DebugInformation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Spells the parameters of functions of programs as listings show them: {@code struct foo* p}, {@code const char* s}. */
final class UserPrototype {
    /** More than anyone nests pointers and arrays. */
    private static final int DEEPEST = 64;

    private final TypeGraph types;

    private UserPrototype(TypeGraph types) {
        this.types = types;
    }

    /** The parameters of the function with that name in the symbol table; none where nothing tells them. */
    static List<String> declarations(String name, Binary binary) {
        Optional<DebugInformation> debug = binary.debugInformation();
        List<Binary.Function> functions = debug.isEmpty() ? List.of() : binary.functions(name);
        Optional<DebugInformation.Subprogram> function = functions.isEmpty() ? Optional.empty()
                : debug.get().function(functions.getFirst().address());
        List<String> declarations = new ArrayList<>();
        for (DebugInformation.Parameter parameter : function.map(DebugInformation.Subprogram::parameters).orElse(List.of())) {
            String type = new UserPrototype(function.get().types()).text(parameter.type(), 0);
            declarations.add(parameter.name().isEmpty() ? type : type + " " + parameter.name());
        }
        return declarations;
    }

    private String text(int id, int depth) {
        if (depth > DEEPEST) {
            return "...";
        }
        return switch (types.type(id)) {
            case BtfType.Void _ -> "void";
            case BtfType.Ptr pointer -> types.type(pointer.type()) instanceof BtfType.FuncProto prototype ? function(prototype, depth)
                    : text(pointer.type(), depth + 1) + "*";
            case BtfType.Const type -> qualified("const", type.type(), depth);
            case BtfType.Volatile type -> qualified("volatile", type.type(), depth);
            case BtfType.Restrict type -> text(type.type(), depth + 1);
            case BtfType.Array array -> text(array.type(), depth + 1) + "[" + array.nelems() + "]";
            case BtfType.Struct type -> "struct " + named(type.name());
            case BtfType.Union type -> "union " + named(type.name());
            case BtfType.Enumeration type -> "enum " + named(type.name());
            case BtfType.Fwd type -> (type.isUnion() ? "union " : "struct ") + named(type.name());
            case BtfType.FuncProto prototype -> function(prototype, depth);
            case BtfType.Int type -> type.name();
            case BtfType.Float type -> type.name();
            case BtfType.Typedef type -> type.name();
            case BtfType.Func _, BtfType.Var _, BtfType.Datasec _, BtfType.DeclTag _, BtfType.TypeTag _ -> "...";
        };
    }

    /** A qualifier of a pointer stands behind its star. */
    private String qualified(String word, int type, int depth) {
        String text = text(type, depth + 1);
        return text.endsWith("*") ? text + " " + word : word + " " + text;
    }

    private static String named(String name) {
        return name.isEmpty() ? "<anonymous>" : name;
    }

    private String function(BtfType.FuncProto prototype, int depth) {
        var text = new StringBuilder(text(prototype.returnType(), depth + 1)).append(" (*)(");
        int start = text.length();
        for (Parameter parameter : prototype.parameters()) {
            text.append(text.length() == start ? "" : ", ").append(text(parameter.type(), depth + 1));
        }
        return text.append(')').toString();
    }
}
