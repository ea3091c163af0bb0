package dev.sonde.compile;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Severity;
import dev.sonde.source.Span;
import dev.sonde.syntax.Children;
import dev.sonde.syntax.Definition;
import dev.sonde.syntax.Expression;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What of a script's text is not in its tree, because its grammar could not be read. A mistake of meaning in the rest is one all the same, unless it
 * is about a name that stands in the lost text, too: that may have assigned or defined it.
 */
final class LostText {
    /** Mistakes about names that have no sigil. */
    private static final Set<DiagnosticCode> NAMES = EnumSet.of(DiagnosticCode.UNKNOWN_NAME, DiagnosticCode.UNKNOWN_FUNCTION,
            DiagnosticCode.UNKNOWN_TYPE, DiagnosticCode.UNKNOWN_FIELD, DiagnosticCode.BAD_ARGUMENTS, DiagnosticCode.NOT_CONSTANT);

    private final String text;
    private final BitSet kept = new BitSet();
    private final List<Integer> errors = new ArrayList<>();
    private final Set<String> words;

    /** Of {@code script}, whose grammar has {@code mistakes}. */
    LostText(Script script, List<Diagnostic> mistakes) {
        this.text = script.source().text();
        mistakes.forEach(mistake -> mistake.span().ifPresent(span -> errors.add(span.start())));
        script.definitions().stream().map(Definition::span).forEach(this::keep);
        script.config().forEach(item -> keep(item.span()));
        script.imports().forEach(item -> keep(item.span()));
        script.maps().forEach(map -> keep(map.span()));
        script.macros().forEach(macro -> keep(macro.body()));
        script.functions().forEach(function -> keep(function.body()));
        for (Script.Probe probe : script.probes()) {
            probe.attachPoints().forEach(point -> keep(point.span()));
            probe.predicate().ifPresent(predicate -> keep(predicate.span()));
            keep(probe.body());
        }
        this.words = lostWords();
    }

    private void keep(Span span) {
        if (span.source().text().equals(text) && errors.stream().noneMatch(at -> at >= span.start() && at < span.end())) {
            kept.set(span.start(), span.end());
        }
    }

    private void keep(Script.Block block) {
        for (Statement statement : block.statements()) {
            List<Object> parts = Children.of(statement);
            if (parts.stream().anyMatch(Script.Block.class::isInstance)) {
                parts.forEach(this::keepPart);
            } else {
                keep(statement.span());
            }
        }
        block.result().ifPresent(result -> keep(result.span()));
    }

    private void keepPart(Object part) {
        if (part instanceof Script.Block block) {
            keep(block);
        } else if (part instanceof Expression expression) {
            keep(expression.span());
        }
    }

    private Set<String> lostWords() {
        var lost = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            lost.append(kept.get(i) ? ' ' : text.charAt(i));
        }
        return words(lost.toString());
    }

    /** The words of a text, those of variables and maps with their sigils. */
    private static Set<String> words(String text) {
        var words = new HashSet<String>();
        int i = 0;
        while (i < text.length()) {
            int start = i++;
            char first = text.charAt(start);
            if (first == '$' || first == '@' || Character.isJavaIdentifierStart(first)) {
                while (i < text.length() && text.charAt(i) != '$' && Character.isJavaIdentifierPart(text.charAt(i))) {
                    i++;
                }
                words.add(text.substring(start, i));
            }
        }
        return words;
    }

    /** Whether {@code diagnostic} would be a mistake whatever the lost text says. */
    boolean leaves(Diagnostic diagnostic) {
        if (diagnostic.severity() != Severity.ERROR || diagnostic.span().isEmpty()) {
            return false;
        }
        boolean named = NAMES.contains(diagnostic.code());
        if (named && (words.contains("import") || words.contains("include"))) {
            return false;
        }
        for (String word : words(diagnostic.span().get().text())) {
            boolean counts = named || word.charAt(0) == '$' || word.charAt(0) == '@';
            if (counts && words.contains(word)) {
                return false;
            }
        }
        return true;
    }
}
