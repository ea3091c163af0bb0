package dev.sonde.syntax;

import dev.sonde.source.Span;
import dev.sonde.syntax.Script.AttachPoint;
import dev.sonde.syntax.Script.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Writes a script as text in one canonical form, in the order of its source and with its comments. Parsing that text gives the same tree again, but
 * for the places.
 */
public final class Formatter {
    private final Script script;
    private final StringBuilder out = new StringBuilder();
    private final BlockFormatter blocks;
    private final ExpressionFormatter expressions;
    private final DefinitionFormatter definitions;
    private final List<Item> items = new ArrayList<>();

    /** Something at the top of the script; {@code apart} ones have empty lines around them. */
    private record Item(Span span, boolean apart, Runnable content) {}

    private Formatter(Script script) {
        this.script = script;
        this.blocks = new BlockFormatter(out, script.source(), Parser.trivia(script.source()));
        this.expressions = blocks.expressions();
        this.definitions = new DefinitionFormatter(out, blocks);
    }

    /** The text of {@code script}. */
    public static String format(Script script) {
        return new Formatter(script).script();
    }

    /** The text of {@code expression}. */
    public static String format(Expression expression) {
        var out = new StringBuilder();
        new BlockFormatter(out, expression.span().source(), List.of()).expressions().write(expression);
        return out.toString();
    }

    /** The text of {@code type}. */
    public static String format(TypeName type) {
        var out = new StringBuilder();
        new BlockFormatter(out, type.span().source(), List.of()).expressions().type(type);
        return out.toString();
    }

    private String script() {
        collect();
        items.sort(Comparator.comparingInt(item -> item.span.start()));
        boolean apart = false;
        for (Item item : items) {
            write(item, apart);
            apart = item.apart;
        }
        int end = script.source().text().length();
        blocks.comments(end, end + 1);
        return out.toString();
    }

    private void write(Item item, boolean apart) {
        int start = item.span.start();
        int before = out.length();
        boolean moved = blocks.comments(start, start);
        blocks.line(moved ? 0 : start, before == out.length() && (apart || item.apart));
        item.content.run();
        blocks.endLine(item.span.end());
    }

    private void collect() {
        for (Definition definition : script.definitions()) {
            boolean line = definition instanceof Definition.Include || definition instanceof Definition.Define
                    || definition instanceof Definition.Typedef;
            items.add(new Item(definition.span(), !line, () -> definitions.write(definition)));
        }
        if (!script.config().isEmpty()) {
            Span all = script.config().getFirst().span().to(script.config().getLast().span());
            items.add(new Item(all, true, () -> config(all)));
        }
        for (Script.Import imported : script.imports()) {
            items.add(new Item(imported.span(), false, () -> out.append("import ").append(ExpressionFormatter.quoted(imported.path())).append(';')));
        }
        for (Script.MapDeclaration map : script.maps()) {
            items.add(new Item(map.span(), false, () -> map(map)));
        }
        script.functions().forEach(function -> items.add(new Item(function.span(), true, () -> function(function))));
        script.macros().forEach(macro -> items.add(new Item(macro.span(), true, () -> macro(macro))));
        script.probes().forEach(probe -> items.add(new Item(probe.span(), true, () -> probe(probe))));
    }

    private void config(Span all) {
        out.append("config = ");
        blocks.open(all.start());
        for (Script.ConfigItem item : script.config()) {
            blocks.simple(item.span(), () -> {
                out.append(item.key()).append(" = ");
                expressions.write(item.value());
            }, ";");
        }
        blocks.close(all.end());
    }

    private void map(Script.MapDeclaration map) {
        out.append("let @").append(map.name()).append(" = ").append(map.kind()).append('(');
        map.maxEntries().ifPresent(expressions::write);
        out.append(");");
    }

    private void function(Script.Function function) {
        out.append("fn ").append(function.name()).append('(');
        String separator = "";
        for (Script.Parameter parameter : function.parameters()) {
            out.append(separator).append('$').append(parameter.name()).append(" : ");
            expressions.type(parameter.type());
            separator = ", ";
        }
        out.append(')');
        if (function.result().isPresent()) {
            out.append(" : ");
            expressions.type(function.result().get());
        }
        out.append('\n');
        blocks.block(function.body());
    }

    private void macro(Script.Macro macro) {
        out.append("macro ").append(macro.name());
        out.append(macro.hasParentheses() ? "(" + String.join(", ", macro.parameters()) + ")\n" : "\n");
        blocks.block(macro.body());
    }

    private void probe(Script.Probe probe) {
        String separator = "";
        for (AttachPoint point : probe.attachPoints()) {
            out.append(separator).append(text(point));
            separator = ",\n";
        }
        out.append('\n');
        predicate(probe.predicate());
        blocks.block(probe.body());
    }

    private static String text(AttachPoint point) {
        var text = new StringJoiner(":");
        for (Part part : point.parts()) {
            text.add(part.quoted() ? part.span().text() : part.text());
        }
        return text.toString();
    }

    /** A predicate that begins with {@code *} would begin a comment. */
    private void predicate(Optional<Expression> predicate) {
        if (predicate.isEmpty()) {
            return;
        }
        int start = out.append('/').length();
        expressions.write(predicate.get());
        if (out.charAt(start) == '*') {
            out.insert(start, '(').append(')');
        }
        out.append("/\n");
    }
}
