package dev.sonde.syntax;

import dev.sonde.source.Span;
import dev.sonde.syntax.Definition.Aggregate;
import dev.sonde.syntax.Definition.CType;
import dev.sonde.syntax.Definition.Declarator;
import dev.sonde.syntax.Definition.Enumeration;
import dev.sonde.syntax.Definition.Enumerator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The C part: structs, unions, enums and typedefs; {@link Preprocessor} has the lines that begin with {@code #}. */
final class DefinitionParser {
    private final Scanner in;
    private final Set<String> types = new HashSet<>();
    private final ExpressionParser expressions;
    private final List<Definition> found = new ArrayList<>();
    private final Preprocessor preprocessor;
    private boolean packed;
    private int aligned;

    DefinitionParser(Scanner in) {
        this.in = in;
        this.expressions = new ExpressionParser(in, types);
        this.preprocessor = new Preprocessor(in, found);
    }

    /** The expressions of the script, which know the types defined here. */
    ExpressionParser expressions() {
        return expressions;
    }

    /** In the order of their beginnings: a directive can stand inside of a struct. */
    List<Definition> found() {
        found.sort((a, b) -> Integer.compare(a.span().start(), b.span().start()));
        return found;
    }

    void directive() {
        preprocessor.directive();
    }

    void end() {
        preprocessor.end();
    }

    /** A {@code struct}, {@code union}, {@code enum} or {@code typedef} at the top of a script; the {@code ;} may be missing after a brace. */
    void definition() {
        int start = in.at();
        expressions.primaries().allowCharacters(true);
        try {
            if (in.acceptWord("typedef")) {
                typedef(start);
            } else if (in.isWord("enum")) {
                Enumeration enumeration = enumeration();
                found.add(enumeration);
                end(enumeration.enumerators().isEmpty());
            } else {
                Aggregate aggregate = aggregate();
                found.add(new Definition.Struct(aggregate.span(), aggregate));
                end(aggregate.fields().isEmpty());
            }
        } finally {
            expressions.primaries().allowCharacters(false);
        }
    }

    /** All definitions of a header; what is none is skipped. */
    void declarations() {
        expressions.primaries().allowCharacters(true);
        in.skip();
        while (!in.atEnd()) {
            int start = in.at();
            int level = in.depth();
            try {
                if (isDefinition(in.wordAt(start), start)) {
                    definition();
                } else {
                    in.skipStatement(start);
                }
            } catch (Failure _) {
                in.leave(level);
                in.skipStatement(start);
            }
            in.accept('}');
        }
    }

    /** Not a function or a variable whose type is a struct. */
    private boolean isDefinition(String word, int start) {
        if (!word.equals("struct") && !word.equals("union") && !word.equals("enum")) {
            return word.equals("typedef");
        }
        int name = in.next(start + word.length());
        String tag = in.wordAt(name);
        char after = in.charAt(in.next(name + tag.length()));
        return after == '{' || tag.startsWith("__attribute");
    }

    private void end(boolean required) {
        if (!in.accept(';') && required) {
            throw in.fail("expected '{'");
        }
    }

    private void typedef(int start) {
        int type = in.at();
        CType base = base();
        do {
            Declarator declarator = declarator(in.at(), base);
            declarator.name().ifPresent(types::add);
            found.add(new Definition.Typedef(in.from(start), declarator));
        } while (in.accept(','));
        if (!in.accept(';')) {
            throw in.fail(in.at() == type ? in.span(type, type) : in.token(), "expected ';'");
        }
    }

    private Aggregate aggregate() {
        int start = in.at();
        int level = in.depth();
        in.enter();
        boolean union = in.word("").equals("union");
        clearAttributes();
        attributes();
        Optional<String> name = in.isWord() ? Optional.of(expressions.types().qualified("expected name")) : Optional.empty();
        attributes();
        if (in.peek() != '{') {
            if (name.isEmpty()) {
                throw in.fail("expected name or '{'");
            }
            in.leave(level);
            return new Aggregate(in.from(start), union, name, Optional.empty(), packed, aligned);
        }
        boolean outerPacked = packed;
        int outerAligned = aligned;
        List<Declarator> fields = fields();
        packed = outerPacked;
        aligned = outerAligned;
        attributes();
        name.ifPresent(types::add);
        in.leave(level);
        return new Aggregate(in.from(start), union, name, Optional.of(fields), packed, aligned);
    }

    private List<Declarator> fields() {
        var fields = new ArrayList<Declarator>();
        int open = in.at();
        in.expect('{');
        while (!in.atEnd() && in.peek() != '}') {
            int start = in.at();
            int level = in.depth();
            try {
                field(fields);
            } catch (Failure _) {
                in.leave(level);
                in.skipStatement(start);
            }
        }
        if (!in.accept('}')) {
            throw in.fail(in.span(open, open + 1), "this '{' is not closed");
        }
        return List.copyOf(fields);
    }

    private void field(List<Declarator> out) {
        if (in.peek() == '#') {
            directive();
            return;
        }
        if (in.accept(';')) {
            return;
        }
        int start = in.at();
        CType base = base();
        if (in.peek() == ';') {
            Span span = in.from(start);
            out.add(new Declarator(span, Optional.empty(), base, 0, List.of(), Optional.empty(), false));
        } else {
            do {
                out.add(declarator(in.at(), base));
            } while (in.accept(','));
        }
        if (in.peek() != '}') {
            in.expect(';');
        }
    }

    private void qualifiers() {
        while (true) {
            switch (in.wordAt(in.at())) {
                case "const", "volatile", "static", "extern", "restrict", "__restrict", "_Atomic", "register", "inline" -> in.word("");
                default -> {
                    attributes();
                    return;
                }
            }
        }
    }

    private CType base() {
        qualifiers();
        int start = in.at();
        String word = in.wordAt(start);
        return switch (word) {
            case "struct", "union" -> new CType.OfAggregate(aggregate());
            case "enum" -> new CType.OfEnum(enumeration());
            default -> named(start);
        };
    }

    private CType named(int start) {
        String first = expressions.types().qualified("expected type name");
        var name = new StringBuilder(first);
        qualifiers();
        while (TypeParser.isIntegerWord(first) && TypeParser.isIntegerWord(in.wordAt(in.at()))) {
            name.append(' ').append(in.word(""));
            qualifiers();
        }
        return new CType.Named(in.from(start), name.toString());
    }

    private Declarator declarator(int start, CType base) {
        int pointers = stars();
        if (in.peek() == '(') {
            return inParentheses(start, base, pointers);
        }
        boolean unnamed = in.peek() == ':';
        Optional<String> name = unnamed ? Optional.empty() : Optional.of(in.word("expected field name"));
        List<Expression> dimensions = dimensions();
        Optional<Expression> bits = in.accept(':') ? Optional.of(expressions.expression()) : Optional.empty();
        Span span = in.from(start);
        attributes();
        return new Declarator(span, name, base, pointers, dimensions, bits, false);
    }

    /** A pointer to a function or to an array, or a name in needless parentheses. */
    private Declarator inParentheses(int start, CType base, int outer) {
        in.take(1);
        int pointers = stars();
        Optional<String> name = Optional.of(in.word("expected field name"));
        List<Expression> dimensions = dimensions();
        in.expect(')');
        boolean function = in.peek() == '(';
        if (function) {
            in.skipParentheses();
        }
        List<Expression> more = dimensions();
        Span span = in.from(start);
        return pointers > 0 ? new Declarator(span, name, base, pointers, dimensions, Optional.empty(), function)
                : new Declarator(span, name, base, outer, more, Optional.empty(), function);
    }

    private int stars() {
        int stars = 0;
        for (; in.accept('*'); stars++) {
            qualifiers();
        }
        return stars;
    }

    private List<Expression> dimensions() {
        var dimensions = new ArrayList<Expression>();
        while (in.peek() == '[') {
            int open = in.at();
            in.take(1);
            dimensions.add(in.peek() == ']' ? new Expression.IntegerLiteral(in.span(open, open + 1), 0, false) : expressions.expression());
            in.expect(']');
        }
        return List.copyOf(dimensions);
    }

    private Enumeration enumeration() {
        int start = in.at();
        in.word("");
        attributes();
        Optional<String> name = in.isWord() ? Optional.of(expressions.types().qualified("expected name")) : Optional.empty();
        if (in.accept(':')) {
            base();
        }
        var enumerators = new ArrayList<Enumerator>();
        if (in.accept('{')) {
            while (in.peek() != '}') {
                enumerators.add(enumerator());
                if (!in.accept(',')) {
                    break;
                }
            }
            in.expect('}');
            name.ifPresent(types::add);
        } else if (name.isEmpty()) {
            throw in.fail("expected name or '{'");
        }
        Span span = in.from(start);
        attributes();
        return new Enumeration(span, name, List.copyOf(enumerators));
    }

    private Enumerator enumerator() {
        int start = in.at();
        String name = in.word("expected enumerator");
        attributes();
        Optional<Expression> value = in.accept('=') ? Optional.of(expressions.expression()) : Optional.empty();
        return new Enumerator(in.from(start), name, value);
    }

    private void clearAttributes() {
        packed = false;
        aligned = 0;
    }

    /** Attributes, of which {@code packed} and {@code aligned} count. */
    private void attributes() {
        while (true) {
            switch (in.wordAt(in.at())) {
                case "__attribute__", "__attribute" -> attributeList();
                case "__packed", "__aligned" -> attribute();
                default -> {
                    return;
                }
            }
        }
    }

    private void attributeList() {
        in.word("");
        in.expect('(');
        in.expect('(');
        while (in.peek() != ')') {
            attribute();
            if (!in.accept(',')) {
                break;
            }
        }
        in.expect(')');
        in.expect(')');
    }

    private void attribute() {
        String name = in.word("expected attribute");
        if (name.equals("packed") || name.equals("__packed__") || name.equals("__packed")) {
            packed = true;
        } else if ((name.equals("aligned") || name.equals("__aligned__") || name.equals("__aligned")) && in.accept('(')) {
            aligned = Math.clamp(preprocessor.value(expressions.expression()), 0, 1 << 16);
            in.expect(')');
        } else if (in.peek() == '(') {
            in.skipParentheses();
        }
    }
}
