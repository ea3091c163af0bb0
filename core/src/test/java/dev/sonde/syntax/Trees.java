package dev.sonde.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.source.Span;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Parses texts for the tests and shows trees in one line: {@code $x = 1 + 2} is {@code =($x, +(1, 2))}. */
public final class Trees {
    private Trees() {}

    /** The script in {@code text}, which must have no mistake. */
    static Script parse(String text) {
        var diagnostics = new Diagnostics();
        Script script = Parser.parse(new Source("t.bt", text), diagnostics);
        assertThat(diagnostics.sorted()).as(text).extracting(d -> d.span().map(Span::toString).orElse("") + " " + d.message()).isEmpty();
        return script;
    }

    static List<Diagnostic> mistakes(String text) {
        var diagnostics = new Diagnostics();
        Parser.parse(new Source("t.bt", text), diagnostics);
        return diagnostics.sorted();
    }

    /** {@code start-end message} with 1-based columns, or {@code line:start-end message} beyond the first line. */
    static List<String> messages(String text) {
        return mistakes(text).stream().map(Trees::message).toList();
    }

    private static String message(Diagnostic diagnostic) {
        Span span = diagnostic.span().orElseThrow();
        String line = span.line() == 1 ? "" : span.line() + ":";
        return line + span.column() + "-" + (span.column() + span.end() - span.start()) + " " + diagnostic.message();
    }

    /** The statements of {@code begin { body }}, each a tree in one line, joined by {@code "; "}. */
    static String body(String body) {
        String[] lines = AstPrinter.print(parse("begin { " + body + " }")).split("\n");
        var out = new StringBuilder();
        for (int i = 2; i < lines.length; ) {
            i = node(lines, i, out.append(out.isEmpty() ? "" : "; "));
        }
        return out.toString();
    }

    /** The whole script as one tree. */
    static String script(String text) {
        var out = new StringBuilder();
        node(AstPrinter.print(parse(text)).split("\n"), 0, out);
        return out.toString();
    }

    private static int node(String[] lines, int at, StringBuilder out) {
        int depth = depth(lines[at]);
        out.append(lines[at].strip().replaceFirst("^(int|variable|identifier|map|param|string|bool|call): ", ""));
        int next = at + 1;
        for (String separator = "("; next < lines.length && depth(lines[next]) > depth; separator = ", ") {
            next = node(lines, next, out.append(separator));
        }
        out.append(next > at + 1 ? ")" : "");
        return next;
    }

    private static int depth(String line) {
        return line.length() - line.stripLeading().length();
    }

    /** Rows of {@code left => right}. */
    static Stream<Arguments> rows(String block) {
        return block.lines().filter(line -> !line.isBlank()).map(line -> {
            int arrow = line.lastIndexOf(" => ");
            return Arguments.of(line.substring(0, arrow).strip(), line.substring(arrow + 4).strip());
        });
    }

    /** The first difference of two trees, places aside; empty when there is none. */
    public static Optional<String> difference(Object a, Object b) {
        return difference("", a, b);
    }

    private static Optional<String> difference(String path, Object a, Object b) {
        if (a instanceof Span || a instanceof Source) {
            return Optional.empty();
        }
        if (a instanceof Optional<?> left && b instanceof Optional<?> right) {
            return difference(path, left.map(List::of).orElse(List.of()), right.map(List::of).orElse(List.of()));
        }
        if (a instanceof List<?> left && b instanceof List<?> right && left.size() == right.size()) {
            for (int i = 0; i < left.size(); i++) {
                Optional<String> found = difference(path + "[" + i + "]", left.get(i), right.get(i));
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }
        if (a instanceof Record && a.getClass() == b.getClass()) {
            return differenceOfRecords(path, a, b);
        }
        return a.equals(b) ? Optional.empty() : Optional.of(path + ": " + a + " / " + b);
    }

    private static Optional<String> differenceOfRecords(String path, Object a, Object b) {
        for (RecordComponent component : a.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                Object left = component.getAccessor().invoke(a);
                Optional<String> found = difference(path + "." + component.getName(), left, component.getAccessor().invoke(b));
                if (found.isPresent()) {
                    return found;
                }
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        return Optional.empty();
    }

    /** All spans in a tree. */
    static List<Span> spans(Object tree) {
        var spans = new ArrayList<Span>();
        collect(tree, spans);
        return spans;
    }

    private static void collect(Object tree, List<Span> out) {
        switch (tree) {
            case Span span -> out.add(span);
            case Optional<?> optional -> optional.ifPresent(value -> collect(value, out));
            case List<?> list -> list.forEach(value -> collect(value, out));
            case Source _ -> { }
            case Record record -> {
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    try {
                        component.getAccessor().setAccessible(true);
                        collect(component.getAccessor().invoke(record), out);
                    } catch (ReflectiveOperationException e) {
                        throw new AssertionError(e);
                    }
                }
            }
            default -> { }
        }
    }
}
