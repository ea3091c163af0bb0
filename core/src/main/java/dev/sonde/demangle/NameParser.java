package dev.sonde.demangle;

import java.util.ArrayList;
import java.util.List;

/** Parses {@code <name>} and what it is made of: ABI 5.1.2, 5.1.3, 5.1.7 and 5.1.8, with ABI tags and module names. */
final class NameParser {
    private static final Name.Text STD = new Name.Text("std");
    private static final Name.Text STRING_LITERAL = new Name.Text("string literal");

    private final ItaniumParser parser;
    private final Mangled in;
    /** The last class name read: what a constructor is called. */
    private Node lastName;
    private String qualifiers = "";
    private boolean explicitObject;

    NameParser(ItaniumParser parser) {
        this.parser = parser;
        in = parser.in;
    }

    /** The qualifiers of the member function whose name was read last: {@code " const &"}. */
    String qualifiers() {
        return qualifiers;
    }

    /** Whether the function whose name was read last is a member with an explicit object parameter. */
    boolean explicitObject() {
        return explicitObject;
    }

    Node lastName() {
        return lastName;
    }

    void lastName(Node name) {
        lastName = name;
    }

    /** The name of something that is not a function: qualifiers in it are printed after it. */
    Node plainName() {
        Node name = name();
        return qualifiers.isEmpty() ? name : new Name.Tagged(name, qualifiers);
    }

    /** {@code <name>}; a function's qualifiers stay behind in {@link #qualifiers}. */
    Node name() {
        switch (in.peek()) {
            case 'N':
                return nestedName();
            case 'Z':
                in.next();
                return parser.localName();
            default:
                Node name = in.peek() == 'S' ? standardName() : withArguments(unqualified(null));
                qualifiers = "";
                explicitObject = false;
                return name;
        }
    }

    private Node withArguments(Node name) {
        return in.peek() == 'I' ? new Name.Template(parser.substitutable(name), parser.types.templateArguments()) : name;
    }

    /** A name that starts with a substitution or is in {@code std}. */
    private Node standardName() {
        if (in.skip('S', 't')) {
            return withArguments(unqualified(STD));
        }
        Node name = substitution();
        if (name instanceof Name.Module module) {
            return inModule(module);
        }
        return in.peek() == 'I' ? new Name.Template(name, parser.types.templateArguments()) : name;
    }

    /** A name in a module that a substitution stood for. */
    Node inModule(Name.Module module) {
        return withArguments(attach(unqualified(null), module));
    }

    /** {@code N [qualifiers] prefix E}. */
    private Node nestedName() {
        in.expect('N');
        boolean object = in.skip('H');
        String found = object ? "" : memberQualifiers();
        Node name = prefix();
        in.expect('E');
        qualifiers = found;
        explicitObject = object;
        return name;
    }

    private String memberQualifiers() {
        String found = "";
        for (char c = in.peek(); c == 'r' || c == 'V' || c == 'K'; c = in.peek()) {
            found = TypeParser.qualifier(in.next()).concat(found);
        }
        if (in.peek() == 'R' || in.peek() == 'O') {
            found = found.concat(in.next() == 'R' ? " &" : " &&");
        }
        return found;
    }

    /** The components up to an E; each but the last is a substitution candidate. */
    Node prefix() {
        Node prefix = null;
        while (true) {
            boolean candidate = in.peek() != 'S';
            prefix = component(prefix);
            in.skip('M');
            if (in.peek() == 'E') {
                return prefix;
            }
            if (candidate) {
                parser.substitutable(prefix);
            }
        }
    }

    private Node component(Node prefix) {
        char c = in.peek();
        if (c == 'I') {
            if (prefix == null) {
                throw ItaniumParser.malformed();
            }
            return new Name.Template(prefix, parser.types.templateArguments());
        }
        if (prefix == null) {
            if (c == 'S') {
                return in.skip('S', 't') ? STD : firstSubstitution();
            }
            if (c == 'T') {
                return parser.types.templateParameter();
            }
            if (c == 'D' && (in.peek(1) == 't' || in.peek(1) == 'T')) {
                return parser.types.decltype();
            }
        }
        return unqualified(prefix);
    }

    private Node firstSubstitution() {
        Node found = substitution();
        return found instanceof Name.Module ? attach(unqualified(null), found) : found;
    }

    /** {@code <substitution>}: a numbered one, or an abbreviation of a name in {@code std}, which may have tags. */
    Node substitution() {
        in.expect('S');
        char c = in.peek();
        if (c == '_' || Mangled.isDigit(c) || Mangled.isUpper(c)) {
            return parser.substitution();
        }
        Node name = abbreviation(in.next());
        return in.peek() == 'B' ? parser.substitutable(tagged(name)) : name;
    }

    private Node abbreviation(char c) {
        return switch (c) {
            case 't' -> STD;
            case 'a' -> standard("allocator", "");
            case 'b' -> standard("basic_string", "");
            case 's' -> standard("basic_string", "<char, std::char_traits<char>, std::allocator<char> >");
            case 'i' -> standard("basic_istream", "<char, std::char_traits<char> >");
            case 'o' -> standard("basic_ostream", "<char, std::char_traits<char> >");
            case 'd' -> standard("basic_iostream", "<char, std::char_traits<char> >");
            default -> throw ItaniumParser.malformed();
        };
    }

    private Node standard(String name, String arguments) {
        lastName = new Name.Text(name);
        return new Name.Tagged(new Name.Text("std::"), name.concat(arguments));
    }

    /** {@code <unqualified-name>} with its module and tags, inside {@code scope} when that is not null. */
    Node unqualified(Node scope) {
        Node module = in.peek() == 'W' ? moduleName() : null;
        in.skip('F');
        Node name = bareName();
        if (module != null) {
            name = attach(name, module);
        }
        if (in.peek() == 'B') {
            name = tagged(name);
        }
        return scope == null ? name : new Name.Qualified(scope, name);
    }

    private static Node attach(Node name, Node module) {
        return new Name.Attached(name, module);
    }

    /** {@code <module-name>}: words joined by dots, a partition after a colon. */
    Node moduleName() {
        Node module = null;
        while (in.skip('W')) {
            char separator = in.skip('P') ? ':' : '.';
            module = parser.substitutable(new Name.Module(module, separator, sourceName()));
        }
        if (module == null) {
            throw ItaniumParser.malformed();
        }
        return module;
    }

    private Node bareName() {
        char c = in.peek();
        if (Mangled.isDigit(c)) {
            return sourceName();
        }
        if (Mangled.isLower(c)) {
            in.skip('o', 'n');
            return operatorName();
        }
        return switch (c) {
            case 'C' -> constructor();
            case 'D' -> in.skip('D', 'C') ? binding() : destructor();
            case 'L' -> internalName();
            case 'U' -> unnamed();
            default -> throw ItaniumParser.malformed();
        };
    }

    /** {@code <source-name>}: a length and an identifier. */
    Node sourceName() {
        lastName = new Name.Text(identifier());
        return lastName;
    }

    /** The text of a {@code <source-name>}. */
    String identifier() {
        String identifier = in.take(in.number());
        boolean anonymous = identifier.length() > 9 && identifier.startsWith("_GLOBAL_") && identifier.charAt(9) == 'N'
                && "._$".indexOf(identifier.charAt(8)) >= 0;
        return anonymous ? "(anonymous namespace)" : identifier;
    }

    private Node internalName() {
        in.expect('L');
        Node name = sourceName();
        discriminator();
        return name;
    }

    private Node tagged(Node name) {
        StringBuilder tags = new StringBuilder();
        while (in.skip('B')) {
            tags.append("[abi:").append(identifier()).append(']');
        }
        return new Name.Tagged(name, tags.toString());
    }

    private Node constructor() {
        in.expect('C');
        boolean inherited = in.skip('I');
        char kind = in.next();
        if (kind < '1' || kind > '5') {
            throw ItaniumParser.malformed();
        }
        if (inherited) {
            parser.types.type();
        }
        return structor("");
    }

    private Node destructor() {
        in.expect('D');
        char kind = in.next();
        if (kind < '0' || kind > '5' || kind == '3') {
            throw ItaniumParser.malformed();
        }
        return structor("~");
    }

    private Node structor(String prefix) {
        if (lastName == null) {
            throw ItaniumParser.malformed();
        }
        return new Name.Structor(prefix, lastName);
    }

    private Node binding() {
        List<Node> names = new ArrayList<>();
        do {
            names.add(sourceName());
        } while (!in.skip('E'));
        return new Name.Binding(names.toArray(ItaniumParser.NONE));
    }

    /** {@code <operator-name>}. */
    private Node operatorName() {
        char first = in.next();
        char second = in.next();
        if (first == 'v' && Mangled.isDigit(second)) {
            return new Name.OperatorName("operator ".concat(identifier()));
        }
        if (first == 'c' && second == 'v') {
            return new Name.Conversion(parser.types.conversionType());
        }
        if (first == 'l' && second == 'i') {
            return new Name.OperatorName("operator\"\" ".concat(identifier()));
        }
        int operator = Operator.find(first, second);
        if (operator < 0 || Operator.isKeyword(first, second)) {
            throw ItaniumParser.malformed();
        }
        return new Name.OperatorName(Operator.functionName(operator));
    }

    /** {@code Ut [number] _} or {@code Ul signature E [number] _}. */
    private Node unnamed() {
        in.expect('U');
        if (in.skip('t')) {
            return parser.substitutable(new Name.Text("{unnamed type#" + (in.compactNumber() + 1) + "}"));
        }
        in.expect('l');
        TemplateParameter[] head = parser.types.templateHead();
        Node[] parameters = parser.types.parameters();
        in.expect('E');
        return new Name.Lambda(head, parameters, in.compactNumber() + 1);
    }

    /** What follows the function in a local name: a string literal, or an entity, perhaps in a default argument. */
    Node entity() {
        if (in.skip('s')) {
            discriminator();
            qualifiers = "";
            return STRING_LITERAL;
        }
        int argument = in.skip('d') ? in.compactNumber() : -1;
        Node name = name();
        discriminator();
        return argument < 0 ? name : new Name.DefaultArgument(argument + 1, name);
    }

    /** {@code _ digit} or {@code __ number _}; tells apart equal names in one function and is not shown. */
    private void discriminator() {
        if (!in.skip('_')) {
            return;
        }
        boolean isLong = in.skip('_');
        int number = Mangled.isDigit(in.peek()) ? in.number() : 0;
        if (isLong && number >= 10) {
            in.expect('_');
        }
    }
}
