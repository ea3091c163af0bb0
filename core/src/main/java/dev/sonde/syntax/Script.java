package dev.sonde.syntax;

import dev.sonde.source.Source;
import dev.sonde.source.Span;
import java.util.List;
import java.util.Optional;

/**
 * A parsed script. Lists keep the order of the text.
 *
 * @param source the text
 * @param definitions the C part: includes, defines, structs, unions, enums, typedefs
 * @param config items of all {@code config} blocks
 * @param imports {@code import "…"} at the top
 * @param maps {@code let @m = kind(size);}
 * @param functions {@code fn} subprograms
 * @param macros {@code macro} definitions
 * @param probes the probes
 */
public record Script(
        Source source,
        List<Definition> definitions,
        List<ConfigItem> config,
        List<Import> imports,
        List<MapDeclaration> maps,
        List<Function> functions,
        List<Macro> macros,
        List<Probe> probes) {
    public Script {
        definitions = List.copyOf(definitions);
        config = List.copyOf(config);
        imports = List.copyOf(imports);
        maps = List.copyOf(maps);
        functions = List.copyOf(functions);
        macros = List.copyOf(macros);
        probes = List.copyOf(probes);
    }

    /** The same with other probes. */
    public Script withProbes(List<Probe> others) {
        return new Script(source, definitions, config, imports, maps, functions, macros, others);
    }

    /** {@code key = value} of a config block; the value is an integer literal, a boolean or a word or string. */
    public record ConfigItem(Span span, String key, Expression value) {}

    /** {@code import "path";} */
    public record Import(Span span, String path) {}

    /** {@code let @name = kind(maxEntries);}: kind is hash, lruhash, percpuhash, percpulruhash, … */
    public record MapDeclaration(Span span, String name, String kind, Optional<Expression> maxEntries) {}

    /** A named and typed parameter of a {@code fn}. */
    public record Parameter(Span span, String name, TypeName type) {}

    /** {@code fn name($a : type, …) : type { … }} */
    public record Function(Span span, String name, List<Parameter> parameters, Optional<TypeName> result, Block body) {}

    /** {@code macro name($v, expr, @map) { … }}; a parameter keeps its sigil. */
    public record Macro(Span span, String name, List<String> parameters, boolean hasParentheses, Block body) {}

    /** {@code attachpoint, … /predicate/ { … }} */
    public record Probe(Span span, List<AttachPoint> attachPoints, Optional<Expression> predicate, Block body) {
        public Probe {
            attachPoints = List.copyOf(attachPoints);
        }
    }

    /**
     * One attach point as written, cut at its colons (outside quotes). Parts hold the text without quotes; {@code $1} and {@code ${NAME}} stand in
     * them still.
     */
    public record AttachPoint(Span span, List<Part> parts) {
        /** The text as written. */
        public String text() {
            return span.text();
        }
    }

    /** One colon-separated part of an attach point. */
    public record Part(Span span, String text, boolean quoted) {}

    /**
     * Statements in braces; {@code result} is a last expression without a semicolon. Only a block whose value is used has one: a block expression, a
     * branch of an {@code if} expression, the body of a macro or a function.
     */
    public record Block(Span span, List<Statement> statements, Optional<Expression> result) {
        public Block {
            statements = List.copyOf(statements);
        }
    }
}
