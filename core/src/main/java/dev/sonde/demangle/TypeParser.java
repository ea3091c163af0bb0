package dev.sonde.demangle;

import java.util.ArrayList;
import java.util.List;

/** Parses {@code <type>}, template parameters and arguments, and the signatures of functions: ABI 5.1.5. */
final class TypeParser {
    private static final Type.Builtin VOID = new Type.Builtin("void", null);
    private static final Type.Builtin NULLPTR = new Type.Builtin("decltype(nullptr)", null);

    /** Letter, how a literal ends (a dash: the type is written out), and name of each one-letter type. */
    private static final String[] BUILTINS = {
        "a-signed char", "b?bool", "c-char", "d[double", "e[long double", "f[float", "g[__float128", "h-unsigned char", "i int",
        "juunsigned int", null, "l1long", "m2unsigned long", "n-__int128", "o-unsigned __int128", null, null, null, "s-short",
        "t-unsigned short", null, "v-void", "w-wchar_t", "x3long long", "y4unsigned long long", "z-...",
    };
    private static final String[] INTEGER_SUFFIXES = {"l", "ul", "ll", "ull"};

    private final ItaniumParser parser;
    private final Mangled in;
    private boolean conversion;

    TypeParser(ItaniumParser parser) {
        this.parser = parser;
        in = parser.in;
    }

    /** The words of the qualifier letter r, V or K. */
    static String qualifier(char letter) {
        return switch (letter) {
            case 'r' -> " restrict";
            case 'V' -> " volatile";
            default -> " const";
        };
    }

    /** {@code <type>}. */
    Node type() {
        in.enter();
        Node type = atQualifier() ? qualified() : plain();
        in.leave();
        return type;
    }

    private boolean atQualifier() {
        return switch (in.peek()) {
            case 'r', 'V', 'K' -> true;
            case 'D' -> "xoOw".indexOf(in.peek(1)) >= 0 && in.peek(1) != '\0';
            default -> false;
        };
    }

    private Node plain() {
        char c = in.peek();
        if (Mangled.isDigit(c) || c == 'N' || c == 'Z' || c == 'L' || c == 'U' && (in.peek(1) == 'l' || in.peek(1) == 't')) {
            return parser.substitutable(parser.names.plainName());
        }
        if (Mangled.isLower(c)) {
            in.next();
            return c == 'u' ? vendorType() : builtin(c);
        }
        return switch (c) {
            case 'S' -> named();
            case 'T' -> parameterOrElaborated();
            case 'F' -> parser.substitutable(function(new ArrayList<>()));
            case 'D' -> extended();
            default -> {
                in.next();
                yield parser.substitutable(compound(c));
            }
        };
    }

    private Node compound(char c) {
        return switch (c) {
            case 'P' -> new Type.Pointer(type(), null);
            case 'R' -> new Type.Reference(type(), false);
            case 'O' -> new Type.Reference(type(), true);
            case 'C' -> new Type.Qualified(type(), 0, " _Complex");
            case 'G' -> new Type.Qualified(type(), 0, " _Imaginary");
            case 'A' -> array();
            case 'M' -> memberPointer();
            case 'U' -> vendorQualified();
            default -> throw ItaniumParser.malformed();
        };
    }

    private static Node builtin(char letter) {
        String entry = BUILTINS[letter - 'a'];
        if (entry == null) {
            throw ItaniumParser.malformed();
        }
        if (letter == 'v') {
            return VOID;
        }
        char form = entry.charAt(1);
        String literal = switch (form) {
            case '-' -> null;
            case ' ' -> "";
            case '?' -> "?";
            case '[' -> "[";
            case 'u' -> "u";
            default -> INTEGER_SUFFIXES[form - '1'];
        };
        return new Type.Builtin(entry.substring(2), literal);
    }

    private Node vendorType() {
        Node name = parser.names.sourceName();
        return parser.substitutable(in.peek() == 'I' ? new Name.Template(name, templateArguments()) : name);
    }

    /** const, volatile and restrict, or on a function type the qualifiers of its object and its exceptions. */
    private Node qualified() {
        List<Node> words = new ArrayList<>();
        while (atQualifier()) {
            words.addFirst(in.peek() == 'D' ? exceptions() : new Name.Text(qualifier(in.next())));
        }
        if (in.peek() == 'F') {
            return parser.substitutable(function(words));
        }
        Node type = type();
        for (Node word : words) {
            if (!(word instanceof Name.Text text)) {
                throw ItaniumParser.malformed();
            }
            type = new Type.Qualified(type, 1 << text.text().charAt(1) - 'a', text.text());
        }
        return parser.substitutable(type);
    }

    private Node exceptions() {
        in.next();
        switch (in.next()) {
            case 'x':
                return new Name.Text(" transaction_safe");
            case 'o':
                return new Name.Text(" noexcept");
            case 'O':
                Node condition = parser.expressions.expression();
                in.expect('E');
                return new Type.Wrapped(" noexcept", condition);
            default:
                return new Type.Wrapped(" throw", list('E'));
        }
    }

    private Node[] list(char end) {
        List<Node> types = new ArrayList<>();
        while (!in.skip(end)) {
            types.add(type());
        }
        return types.toArray(ItaniumParser.NONE);
    }

    /** {@code F [Y] result parameters [R|O] E}. */
    private Node function(List<Node> qualifiers) {
        in.expect('F');
        in.skip('Y');
        Node result = type();
        Node[] parameters = parameters();
        if (in.peek() != 'E') {
            qualifiers.add(new Name.Text(in.next() == 'R' ? " &" : " &&"));
        }
        in.expect('E');
        return new Type.Function(result, parameters, qualifiers.toArray(ItaniumParser.NONE));
    }

    /** {@code <bare-function-type>} and the constraint after it; the qualifiers come from the name. */
    Type.Function signature(boolean hasResult, boolean explicitObject, String qualifiers) {
        Node result = hasResult ? type() : null;
        Node[] parameters = parameters();
        if (explicitObject && parameters.length > 0) {
            parameters[0] = new Name.Special("this ", parameters[0]);
        }
        List<Node> words = new ArrayList<>(2);
        if (!qualifiers.isEmpty()) {
            words.add(new Name.Text(qualifiers));
        }
        if (in.skip('Q')) {
            words.add(new Name.Special(" requires ", parser.expressions.expression()));
        }
        return new Type.Function(result, parameters, words.toArray(ItaniumParser.NONE));
    }

    /** One or more parameter types; void alone is none. */
    Node[] parameters() {
        List<Node> types = new ArrayList<>();
        while (!atEndOfParameters()) {
            types.add(type());
        }
        if (types.isEmpty()) {
            throw ItaniumParser.malformed();
        }
        return types.size() == 1 && types.get(0) == VOID ? ItaniumParser.NONE : types.toArray(ItaniumParser.NONE);
    }

    private boolean atEndOfParameters() {
        return switch (in.peek()) {
            case '\0', 'E', '.', 'Q' -> true;
            case 'R', 'O' -> in.peek(1) == 'E';
            default -> false;
        };
    }

    private Node array() {
        Node dimension = null;
        if (Mangled.isDigit(in.peek())) {
            int start = in.position();
            in.number();
            dimension = new Name.Text(in.since(start));
        } else if (in.peek() != '_') {
            dimension = parser.expressions.expression();
        }
        in.expect('_');
        return new Type.Array(dimension, type());
    }

    private Node memberPointer() {
        Node owner = type();
        return new Type.Pointer(type(), owner);
    }

    private Node vendorQualified() {
        Node qualifier = parser.names.sourceName();
        if (in.peek() == 'I') {
            qualifier = new Name.Template(qualifier, templateArguments());
        }
        return new Type.VendorQualified(type(), qualifier);
    }

    /** A substitution, with template arguments perhaps, or a name in {@code std}. */
    private Node named() {
        char c = in.peek(1);
        if (c == '_' || Mangled.isDigit(c) || Mangled.isUpper(c)) {
            Node found = parser.names.substitution();
            if (found instanceof Name.Module module) {
                return parser.substitutable(parser.names.inModule(module));
            }
            return in.peek() == 'I' ? parser.substitutable(new Name.Template(found, templateArguments())) : found;
        }
        Node name = parser.names.plainName();
        return c == 't' || name instanceof Name.Template ? parser.substitutable(name) : name;
    }

    private Node parameterOrElaborated() {
        if ("sue".indexOf(in.peek(1)) >= 0) {
            in.next();
            String word = switch (in.next()) {
                case 's' -> "struct ";
                case 'u' -> "union ";
                default -> "enum ";
            };
            return parser.substitutable(new Name.Special(word, parser.names.plainName()));
        }
        Node parameter = parser.substitutable(templateParameter());
        if (in.peek() != 'I') {
            return parameter;
        }
        return conversion ? convertedArguments(parameter) : parser.substitutable(new Name.Template(parameter, templateArguments()));
    }

    /** In a conversion operator, arguments after a parameter are its own only when the operator's arguments follow them. */
    private Node convertedArguments(Node parameter) {
        int position = in.position();
        int depth = in.depth();
        int substitutions = parser.substitutionCount();
        Node[] arguments = templateArguments();
        if (in.peek() == 'I') {
            return parser.substitutable(new Name.Template(parameter, arguments));
        }
        in.position(position);
        in.depth(depth);
        parser.truncateSubstitutions(substitutions);
        return parameter;
    }

    /** The type of a conversion operator. */
    Node conversionType() {
        boolean held = conversion;
        conversion = true;
        Node type = type();
        conversion = held;
        return type;
    }

    /** {@code <template-param>}, T_ or T0_. */
    Node templateParameter() {
        in.expect('T');
        return new Type.Parameter(in.compactNumber());
    }

    /** {@code Dt e E} or {@code DT e E}. */
    Node decltype() {
        in.skip(2);
        Node expression = parser.expressions.expression();
        in.expect('E');
        return new Type.Wrapped("decltype ", expression);
    }

    /** A type whose code starts with D. */
    private Node extended() {
        switch (in.peek(1)) {
            case 'T', 't':
                return parser.substitutable(decltype());
            case 'p':
                in.skip(2);
                return parser.substitutable(new Type.Expansion(type()));
            case 'v':
                in.skip(2);
                return parser.substitutable(vector());
            case 'k':
                in.skip(2);
                return new Name.Tagged(parser.names.plainName(), " auto");
            default:
                in.next();
                return extendedBuiltin(in.next());
        }
    }

    private Node extendedBuiltin(char letter) {
        return switch (letter) {
            case 'n' -> NULLPTR;
            case 'F' -> floating();
            case 'B' -> bitInt("_BitInt");
            case 'U' -> bitInt("unsigned _BitInt");
            case 'a' -> new Type.Builtin("auto", null);
            case 'c' -> new Type.Builtin("decltype(auto)", null);
            case 'd' -> new Type.Builtin("decimal64", null);
            case 'e' -> new Type.Builtin("decimal128", null);
            case 'f' -> new Type.Builtin("decimal32", null);
            case 'h' -> new Type.Builtin("half", "[");
            case 'i' -> new Type.Builtin("char32_t", null);
            case 's' -> new Type.Builtin("char16_t", null);
            case 'u' -> new Type.Builtin("char8_t", null);
            default -> throw ItaniumParser.malformed();
        };
    }

    private Node floating() {
        int bits = in.number();
        if (bits == 16 && in.skip('b')) {
            return new Type.Builtin("std::bfloat16_t", "[");
        }
        String extended = in.skip('x') ? "x" : "";
        if (extended.isEmpty()) {
            in.expect('_');
        }
        return new Type.Builtin("_Float" + bits + extended, "[");
    }

    private Node bitInt(String name) {
        Node width = Mangled.isDigit(in.peek()) ? new Name.Text(Integer.toString(in.number())) : parser.expressions.expression();
        in.expect('_');
        return new Type.Wrapped(name, width);
    }

    private Node vector() {
        Node dimension;
        if (in.skip('_')) {
            dimension = parser.expressions.expression();
        } else {
            dimension = new Name.Text(Integer.toString(in.number()));
        }
        in.expect('_');
        return new Type.Vector(dimension, type());
    }

    /** {@code I args E}; the class named last stays the one whose constructor may follow. */
    Node[] templateArguments() {
        Node held = parser.names.lastName();
        if (in.next() != 'I') {
            throw ItaniumParser.malformed();
        }
        in.enter();
        Node[] arguments = restOfArguments();
        in.leave();
        parser.names.lastName(held);
        return arguments;
    }

    private Node[] restOfArguments() {
        List<Node> arguments = new ArrayList<>();
        while (!in.skip('E')) {
            if (in.skip('Q')) {
                parser.expressions.expression();
            } else {
                arguments.add(templateArgument());
            }
        }
        return arguments.toArray(ItaniumParser.NONE);
    }

    /** {@code <template-arg>}: a type, an expression, a literal or a pack; before it may stand the declaration of its parameter. */
    Node templateArgument() {
        switch (in.peek()) {
            case 'X':
                in.next();
                Node expression = parser.expressions.expression();
                in.expect('E');
                return expression;
            case 'L':
                return parser.expressions.literal();
            case 'I', 'J':
                in.next();
                in.enter();
                Node[] elements = restOfArguments();
                in.leave();
                return new Type.Pack(elements);
            case 'T':
                if (atParameterDeclaration()) {
                    templateParameterDeclaration();
                    return templateArgument();
                }
                return type();
            default:
                return type();
        }
    }

    private boolean atParameterDeclaration() {
        return in.peek() == 'T' && in.peek(1) != '\0' && "ykntp".indexOf(in.peek(1)) >= 0;
    }

    /** The parameters of a generic closure's template head. */
    TemplateParameter[] templateHead() {
        if (!atParameterDeclaration()) {
            return TemplateParameter.NONE;
        }
        List<TemplateParameter> head = new ArrayList<>();
        while (atParameterDeclaration()) {
            head.add(templateParameterDeclaration());
        }
        return head.toArray(TemplateParameter.NONE);
    }

    private TemplateParameter templateParameterDeclaration() {
        in.enter();
        boolean pack = in.skip('T', 'p');
        if (!pack) {
            in.expect('T');
        } else if (Mangled.isLower(in.peek(1)) && in.peek() == 'T') {
            in.next();
        }
        char kind = in.next();
        Node type = kind == 'n' ? type() : kind == 'k' ? parser.names.plainName() : null;
        TemplateParameter[] head = TemplateParameter.NONE;
        if (kind == 't') {
            head = templateHead();
            in.expect('E');
        } else if (kind != 'y' && type == null) {
            throw ItaniumParser.malformed();
        }
        in.leave();
        return new TemplateParameter(kind, pack, type, head);
    }
}
