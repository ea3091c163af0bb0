package dev.sonde.demangle;

import java.util.ArrayList;
import java.util.List;

/**
 * Parses one {@code <mangled-name>} of the Itanium C++ ABI into a tree: the encodings of ABI 5.1.2, the special names of 5.1.4, and the
 * substitutions of 5.1.10. Names, types and expressions have parsers of their own, which share this object's state.
 */
final class ItaniumParser {
    static final Node[] NONE = {};

    final Mangled in;
    final NameParser names;
    final TypeParser types;
    final ExpressionParser expressions;
    private final List<Node> substitutions = new ArrayList<>();

    ItaniumParser(Mangled in) {
        this.in = in;
        names = new NameParser(this);
        types = new TypeParser(this);
        expressions = new ExpressionParser(this);
    }

    static NotMangledException malformed() {
        return NotMangledException.INSTANCE;
    }

    Node substitutable(Node node) {
        substitutions.add(node);
        return node;
    }

    /** {@code <seq-id> _}, after the S. */
    Node substitution() {
        int id = in.sequenceId();
        if (id >= substitutions.size()) {
            throw malformed();
        }
        return substitutions.get(id);
    }

    int substitutionCount() {
        return substitutions.size();
    }

    /** Forgets the substitutions after the first {@code count}, before an input is read again in another way. */
    void truncateSubstitutions(int count) {
        while (substitutions.size() > count) {
            substitutions.removeLast();
        }
    }

    /** {@code <encoding>}: a function with its type, a variable, or a special name. */
    Node encoding() {
        in.enter();
        Node encoding = in.peek() == 'G' || in.peek() == 'T' ? specialName() : nameAndType();
        in.leave();
        return encoding;
    }

    private Node nameAndType() {
        Node name = names.name();
        String qualifiers = names.qualifiers();
        if (in.atEnd() || in.peek() == 'E') {
            return qualifiers.isEmpty() ? name : new Name.Tagged(name, qualifiers);
        }
        Name.Template template = name.template();
        boolean hasResult = template != null && template.name().namesResult();
        Type.Function type = types.signature(hasResult, names.explicitObject(), qualifiers);
        return new Name.Encoding(name, template == null ? name.classTemplate() : template, type);
    }

    /** {@code <local-name>} without its Z: the function, shown without a result, and what is in it. */
    Node localName() {
        Node function = encoding();
        if (function instanceof Name.Encoding e) {
            function = new Name.Encoding(e.name(), e.template(), e.type().withoutResult());
        }
        in.expect('E');
        return new Name.Local(function, names.entity());
    }

    private Node specialName() {
        return in.next() == 'T' ? tableOrThunk() : guardOrTemporary();
    }

    private Node tableOrThunk() {
        return switch (in.next()) {
            case 'V' -> ofType("vtable for ");
            case 'T' -> ofType("VTT for ");
            case 'I' -> ofType("typeinfo for ");
            case 'S' -> ofType("typeinfo name for ");
            case 'F' -> ofType("typeinfo fn for ");
            case 'J' -> ofType("java Class for ");
            case 'h' -> thunk("non-virtual thunk to ", 'h', '\0');
            case 'v' -> thunk("virtual thunk to ", 'v', '\0');
            case 'c' -> thunk("covariant return thunk to ", in.next(), in.peek());
            case 'C' -> constructionTable();
            case 'H' -> new Name.Special("TLS init function for ", names.plainName());
            case 'W' -> new Name.Special("TLS wrapper function for ", names.plainName());
            case 'A' -> new Name.Special("template parameter object for ", types.templateArgument());
            default -> throw malformed();
        };
    }

    private Node ofType(String words) {
        return new Name.Special(words, types.type());
    }

    /** {@code kind} is that of the offset whose letter is read; a covariant thunk has another one after it. */
    private Node thunk(String words, char kind, char second) {
        callOffset(kind);
        if (second != '\0') {
            callOffset(in.next());
        }
        return new Name.Special(words, encoding());
    }

    private void callOffset(char kind) {
        if (kind != 'h' && kind != 'v') {
            throw malformed();
        }
        offset();
        if (kind == 'v') {
            offset();
        }
    }

    private void offset() {
        in.skip('n');
        in.number();
        in.expect('_');
    }

    private Node constructionTable() {
        Node derived = types.type();
        in.number();
        in.expect('_');
        return new Name.Special("construction vtable for ", types.type(), "-in-", derived);
    }

    private Node guardOrTemporary() {
        return switch (in.next()) {
            case 'V' -> new Name.Special("guard variable for ", names.plainName());
            case 'R' -> referenceTemporary();
            case 'A' -> new Name.Special("hidden alias for ", encoding());
            case 'I' -> new Name.Special("initializer for module ", names.moduleName());
            case 'T' -> transactionClone();
            default -> throw malformed();
        };
    }

    private Node transactionClone() {
        return new Name.Special(in.next() == 'n' ? "non-transaction clone for " : "transaction clone for ", encoding());
    }

    /** {@code GR <name> [<seq-id>] _}; compilers before ABI 5 left out the end or used a decimal number. */
    private Node referenceTemporary() {
        Node name = names.plainName();
        int number = in.atEnd() ? 0 : in.peek() == '_' ? in.sequenceId() : temporaryNumber();
        return new Name.Special("reference temporary #" + number + " for ", name);
    }

    private int temporaryNumber() {
        int start = in.position();
        int number = in.number();
        if (!in.atEnd()) {
            in.position(start);
            number = in.sequenceId();
        }
        return number;
    }
}
