package dev.sonde.syntax;

import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.source.Span;
import dev.sonde.syntax.Script.Block;
import dev.sonde.syntax.Script.Probe;
import dev.sonde.syntax.TypeName.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a script: the language of bpftrace 0.27 and of its older releases from 0.9 on, as one.
 *
 * <p>The grammar is decided by hand-written recursive descent over the characters: this class reads what stands at the top, {@link BlockParser}
 * the statements, {@link ExpressionParser} the expressions, {@link DefinitionParser} the C part. A syntax error is reported at the token that cannot
 * stand there; then reading goes on at the next statement, so that all errors are found at once.
 */
public final class Parser {
    private final Source source;
    private final Scanner in;
    private final ExpressionParser expressions;
    private final BlockParser blocks;
    private final DefinitionParser definitions;
    private final AttachPointParser attachPoints;
    private final List<Script.ConfigItem> config = new ArrayList<>();
    private boolean configured;
    private final List<Script.Import> imports = new ArrayList<>();
    private final List<Script.MapDeclaration> maps = new ArrayList<>();
    private final List<Script.Function> functions = new ArrayList<>();
    private final List<Script.Macro> macros = new ArrayList<>();
    private final List<Probe> probes = new ArrayList<>();

    private Parser(Source source, Diagnostics diagnostics, List<Span> trivia) {
        this.source = source;
        this.in = new Scanner(source, diagnostics, trivia);
        this.definitions = new DefinitionParser(in);
        this.expressions = definitions.expressions();
        this.blocks = expressions.primaries().blocks();
        this.attachPoints = new AttachPointParser(in);
    }

    /**
     * The script in {@code source}. Every syntax error goes to {@code diagnostics} with its place; the result then holds what could be read. Never
     * throws, for any text.
     */
    public static Script parse(Source source, Diagnostics diagnostics) {
        return new Parser(source, diagnostics, null).script();
    }

    /** The number that {@code text}, a word of the command line or the environment, is as a literal at {@code span}; empty when it is none. */
    public static Optional<Expression.IntegerLiteral> number(Span span, String text) {
        return Literals.integer(span, text);
    }

    /** The expression that is the whole of {@code source}: a define's value; empty when it is none. */
    public static Optional<Expression> parseExpression(Source source, Diagnostics diagnostics) {
        var parser = new Parser(source, diagnostics, null);
        try {
            parser.in.skip();
            Expression expression = parser.expressions.expression();
            parser.in.skip();
            if (!parser.in.atEnd()) {
                throw parser.in.fail("unexpected text after the expression");
            }
            return Optional.of(expression);
        } catch (Failure _) {
            return Optional.empty();
        }
    }

    /** Finds the headers that headers include. */
    public interface Headers {
        /** The header that {@code #include <path>}, or {@code #include "path"}, names in {@code from}; its name is that of its file. */
        Optional<Source> find(String path, boolean system, Source from);
    }

    /**
     * What C headers define, in order: structs, unions, enums, typedefs and macros that stand for a value. What is none of these, or cannot be read,
     * is skipped.
     *
     * @param machine the macro that tells the processor, such as {@code __x86_64__}
     */
    public static List<Definition> parseHeaders(List<Source> sources, Headers headers, String machine) {
        var reader = new HeaderReader(headers, machine);
        sources.forEach(reader::read);
        return reader.found();
    }

    /** The comments, the first line of {@code #!} and the preprocessor lines and branches that are no part of the tree, in order. */
    static List<Span> trivia(Source source) {
        var trivia = new ArrayList<Span>();
        new Parser(source, new Diagnostics(), trivia).script();
        return trivia;
    }

    private Script script() {
        if (in.is("\uFEFF")) {
            in.takeTo(1);
        }
        if (in.is("#!")) {
            int end = in.lineEnd(in.at());
            in.addTrivia(in.at(), end);
            in.takeTo(end);
        }
        in.skip();
        while (!in.atEnd()) {
            item();
        }
        definitions.end();
        return new Script(source, definitions.found(), config, imports, maps, functions, macros, probes);
    }

    private void item() {
        int start = in.at();
        try {
            blocks.resume();
            item(start, in.wordAt(start));
        } catch (Failure _) {
            in.leave(0);
            recover(start);
        }
    }

    private void item(int start, String word) {
        char next = in.charAt(in.next(start + word.length()));
        boolean named = Scanner.isWordStart(next) && in.charAt(start + word.length()) != ':';
        switch (word) {
            case "struct", "union", "enum", "typedef" -> {
                if (named || next == '{') {
                    definitions.definition();
                    return;
                }
            }
            case "config" -> {
                if (next == '=' || next == '{') {
                    config(start);
                    return;
                }
            }
            case "import" -> {
                if (next != ':' && next != ',') {
                    imported(start);
                    return;
                }
            }
            case "let" -> {
                if (next != ':' && next != ',') {
                    map(start);
                    return;
                }
            }
            case "macro", "fn" -> {
                if (named) {
                    callable(start, word);
                    return;
                }
            }
            default -> { }
        }
        other(start);
    }

    private void other(int start) {
        if (in.peek() == '#') {
            definitions.directive();
        } else if (in.peek() == '}') {
            throw in.fail("unexpected '}'");
        } else if (!in.accept(';')) {
            probe(start);
        }
    }

    /** Goes on after the next group in braces or semicolon. */
    private void recover(int start) {
        if (in.peek() == '}') {
            in.take(1);
        } else {
            in.skipStatement(start);
        }
    }

    private void config(int start) {
        in.take("config".length());
        if (configured) {
            in.report(in.from(start), "duplicate config block");
        } else if (!probes.isEmpty()) {
            in.report(in.from(start), "config must appear before probes and functions");
        }
        configured = true;
        in.expect('=');
        in.expect('{');
        while (!in.atEnd() && in.peek() != '}') {
            configItem();
        }
        in.expect('}');
        in.accept(';');
    }

    private void configItem() {
        int start = in.at();
        try {
            String key = in.word("expected config key");
            in.expect('=');
            Expression value = expressions.expression();
            config.add(new Script.ConfigItem(in.from(start), key, value));
            if (!in.accept(';') && in.peek() != '}') {
                throw in.fail("expected ';'");
            }
        } catch (Failure _) {
            in.leave(0);
            in.skipStatement(start);
        }
    }

    private void imported(int start) {
        in.take("import".length());
        if (in.peek() != '"') {
            throw in.fail("expected string after 'import'");
        }
        String path = expressions.primaries().literals().string().value();
        imports.add(new Script.Import(in.from(start), path));
        if (!in.accept(';')) {
            in.report(in.token(), "expected ';' after import");
        }
    }

    private void map(int start) {
        in.take("let".length());
        if (in.peek() != '@') {
            Span let = in.span(start, start + 3);
            throw in.fail(let, "root-level let statements need to be map declarations, e.g. let @a = hash(2);");
        }
        String name = in.wordAt(in.at() + 1);
        in.take(1 + name.length());
        in.expect('=');
        String kind = in.word("expected kind of map");
        in.expect('(');
        Optional<Expression> entries = in.peek() == ')' ? Optional.empty() : Optional.of(expressions.expression());
        in.expect(')');
        in.accept(';');
        maps.add(new Script.MapDeclaration(in.from(start), name, kind, entries));
    }

    private void callable(int start, String word) {
        in.take(word.length());
        String name = in.word("expected name");
        if (word.equals("fn")) {
            function(start, name);
        } else {
            macro(start, name);
        }
    }

    private void function(int start, String name) {
        var parameters = new ArrayList<Script.Parameter>();
        in.expect('(');
        while (in.peek() != ')' && (parameters.isEmpty() || in.accept(','))) {
            parameters.add(parameter());
        }
        in.expect(')');
        Optional<TypeName> result = in.accept(':') ? Optional.of(expressions.types().type()) : Optional.empty();
        Block body = blocks.block();
        functions.add(new Script.Function(in.from(start), name, List.copyOf(parameters), result, body));
    }

    private Script.Parameter parameter() {
        int start = in.at();
        String name = expressions.primaries().variable("expected variable in function argument").name();
        TypeName type = in.accept(':') ? expressions.types().type() : missingType();
        return new Script.Parameter(in.from(start), name, type);
    }

    private TypeName missingType() {
        in.report(in.token(), "expected ':'", "a parameter of a function has a type, as in '$a : int64'");
        return new Named(in.span(in.at(), in.at()), "int64");
    }

    private void macro(int start, String name) {
        var parameters = new ArrayList<String>();
        boolean parentheses = in.accept('(');
        while (parentheses && in.peek() != ')' && (parameters.isEmpty() || in.accept(','))) {
            int at = in.at();
            String parameter = macroParameter();
            if (parameters.contains(parameter)) {
                in.report(in.from(at), "Variable for macro argument has already been used: " + parameter);
            }
            parameters.add(parameter);
        }
        if (parentheses) {
            in.expect(')');
        }
        Block body = blocks.block();
        macros.add(new Script.Macro(in.from(start), name, List.copyOf(parameters), parentheses, body));
    }

    private String macroParameter() {
        int start = in.at();
        int name = in.peek() == '$' || in.peek() == '@' ? start + 1 : start;
        int end = in.wordEnd(name);
        if (end == name || !Scanner.isWordStart(in.charAt(name))) {
            throw in.fail("expected macro parameter");
        }
        in.take(end - start);
        return in.slice(start, end);
    }

    private void probe(int start) {
        List<Script.AttachPoint> points = points();
        Optional<Expression> predicate = in.peek() == '/' ? predicate() : Optional.empty();
        if (in.peek() != '{') {
            reportNoBody(predicate.isPresent());
        }
        Block body = blocks.body();
        probes.add(new Probe(in.from(start), points, predicate, body));
    }

    /** The attach points; after a mistake in them what could be read, so that the body is checked too. */
    private List<Script.AttachPoint> points() {
        try {
            return attachPoints.list();
        } catch (Failure failure) {
            if (!in.skipToBrace()) {
                throw failure;
            }
            return List.of();
        }
    }

    private Optional<Expression> predicate() {
        in.take(1);
        try {
            Expression predicate = expressions.predicate();
            if (!in.accept('/')) {
                throw in.isAssignment() ? in.fail(in.token(), "expected '/' to close predicate", "to compare, write '=='")
                        : in.fail("expected '/' to close predicate");
            }
            return Optional.of(predicate);
        } catch (Failure failure) {
            in.leave(0);
            if (!in.skipToBrace()) {
                throw failure;
            }
            return Optional.empty();
        }
    }

    private void reportNoBody(boolean afterPredicate) {
        Failure failure = afterPredicate && in.peek() == ';' ? in.fail(in.token(), "expected '{'", "no ';' follows a predicate")
                : in.peek() == '(' ? in.fail(in.token(), "expected '{'", "put a name with spaces or commas in quotes")
                : in.fail("expected '{'");
        if (in.peek() == ';') {
            in.take(1);
        }
        if (!in.skipToBrace()) {
            throw failure;
        }
    }
}
