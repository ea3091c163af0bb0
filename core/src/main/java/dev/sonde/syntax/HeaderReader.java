package dev.sonde.syntax;

import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.source.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Reads C headers for what a script may name of them: structs, unions, enums, typedefs and macros that stand for a value. Each header is preprocessed
 * line by line, with those it includes at their place, and what is left goes to {@link DefinitionParser}, which skips the rest of C: functions,
 * variables, what it cannot read. Never fails: what cannot be read is not there.
 */
final class HeaderReader {
    private static final int MAX_DEPTH = 60;
    private static final int MAX_FILES = 2000;
    private static final int MAX_JOINED = 100;

    private final Parser.Headers headers;
    private final CMacros macros;
    private final List<Definition> found = new ArrayList<>();
    private final Set<String> once = new HashSet<>();
    private int files;
    private int depth;

    HeaderReader(Parser.Headers headers, String machine) {
        this.headers = headers;
        this.macros = new CMacros(machine);
    }

    /** All definitions of the headers read so far, those of an included one before those of the including. */
    List<Definition> found() {
        return found.stream().map(this::expanded).toList();
    }

    /** A macro stands for what its text stands for in the end: here only calls of other macros are replaced, since their names are not kept. */
    private Definition expanded(Definition definition) {
        if (definition instanceof Definition.Define(Span span, String name, _, var parameters, String value) && value.indexOf('(') >= 0) {
            String expanded = macros.expand(value);
            return new Definition.Define(span, name, false, parameters, expanded == null ? value : expanded.strip());
        }
        return definition;
    }

    /** Reads one header. */
    void read(Source header) {
        if (once.contains(header.name()) || depth >= MAX_DEPTH || ++files > MAX_FILES) {
            return;
        }
        depth++;
        String text = new Lines(header).text();
        var declarations = new DefinitionParser(new Scanner(new Source(header.name(), text), new Diagnostics(), null));
        declarations.declarations();
        found.addAll(declarations.found());
        depth--;
    }

    /** The text of one header without comments, directives and macros; each line stays at its number. */
    private final class Lines {
        private final Source header;
        private final String clean;
        private final StringBuilder out = new StringBuilder();
        /** For each open conditional: whether its branch counts, whether one has, and whether what it stands in does. */
        private final List<boolean[]> open = new ArrayList<>();
        private String pending = "";
        private int joined;

        Lines(Source header) {
            this.header = header;
            this.clean = withoutComments(header.text());
        }

        String text() {
            for (int start = 0; start < clean.length(); ) {
                int end = clean.indexOf('\n', start);
                end = end < 0 ? clean.length() : end;
                String line = clean.substring(start, end);
                int hash = CMacros.blanks(line, 0);
                if (hash < line.length() && line.charAt(hash) == '#') {
                    directive(line.substring(hash + 1).strip(), header.span(start, end));
                } else if (counts()) {
                    add(line);
                }
                for (int i = start; i <= end && i < clean.length(); i++) {
                    out.append(header.text().charAt(i) == '\n' ? "\n" : "");
                }
                start = end + 1;
            }
            return out.append(pending).toString();
        }

        /** A call of a macro may go on in the next lines. */
        private void add(String line) {
            String whole = pending + line;
            String expanded = macros.expand(whole);
            boolean more = expanded == null && ++joined < MAX_JOINED;
            pending = more ? whole + " " : "";
            joined = more ? joined : 0;
            out.append(more ? "" : expanded == null ? whole : expanded);
        }

        private boolean counts() {
            return open.isEmpty() || open.getLast()[0];
        }

        private void directive(String text, Span span) {
            int end = CMacros.tokenEnd(text, 0);
            String name = text.substring(0, end);
            String rest = text.substring(end).strip();
            switch (name) {
                case "if" -> open(() -> macros.holds(rest));
                case "ifdef" -> open(() -> macros.isDefined(rest));
                case "ifndef" -> open(() -> !macros.isDefined(rest));
                case "elif", "else" -> otherwise(name.equals("else") ? "1" : rest);
                case "endif" -> {
                    if (!open.isEmpty()) {
                        open.removeLast();
                    }
                }
                default -> {
                    if (counts()) {
                        effective(name, rest, span);
                    }
                }
            }
        }

        private void open(BooleanSupplier condition) {
            boolean inside = counts();
            boolean holds = inside && condition.getAsBoolean();
            open.add(new boolean[] {holds, holds, inside});
        }

        private void otherwise(String condition) {
            if (!open.isEmpty()) {
                boolean[] last = open.getLast();
                last[0] = last[2] && !last[1] && macros.holds(condition);
                last[1] |= last[0];
            }
        }

        private void effective(String name, String rest, Span span) {
            switch (name) {
                case "define" -> define(rest, span);
                case "undef" -> macros.undefine(rest);
                case "include" -> include(rest);
                case "pragma" -> {
                    if (rest.equals("once")) {
                        once.add(header.name());
                    }
                }
                default -> { }
            }
        }

        private void define(String rest, Span span) {
            int end = CMacros.tokenEnd(rest, 0);
            String name = rest.substring(0, end);
            boolean functionLike = end < rest.length() && rest.charAt(end) == '(';
            int close = functionLike ? rest.indexOf(')', end) : end;
            if (close < 0 || name.isEmpty()) {
                return;
            }
            List<String> parameters = functionLike ? parameters(rest.substring(end + 1, close)) : null;
            String value = rest.substring(functionLike ? close + 1 : end).strip();
            macros.define(name, new CMacros.Macro(parameters, value));
            // glibc defines the names of its enumerators as themselves.
            if (!functionLike && !value.isEmpty() && !value.equals(name)) {
                found.add(new Definition.Define(span, name, false, List.of(), value));
            }
        }

        private static List<String> parameters(String text) {
            List<String> parameters = new ArrayList<>();
            for (String parameter : text.split(",")) {
                parameters.add(parameter.strip());
            }
            return parameters;
        }

        private void include(String rest) {
            String expanded = rest.startsWith("<") || rest.startsWith("\"") ? rest : macros.expand(rest);
            String path = expanded == null ? "" : expanded.strip();
            int close = path.length() < 2 ? -1 : path.indexOf(path.charAt(0) == '<' ? '>' : '"', 1);
            if (close > 0) {
                headers.find(path.substring(1, close), path.charAt(0) == '<', header).ifPresent(HeaderReader.this::read);
            }
        }
    }

    /** The text with comments and joined lines as blanks; every character stays at its index. */
    private static String withoutComments(String text) {
        char[] clean = text.toCharArray();
        for (int i = 0; i < clean.length; ) {
            int end = CMacros.tokenEnd(text, i);
            char c = clean[i];
            if (c == '/' && text.startsWith("/*", i)) {
                int close = text.indexOf("*/", i + 2);
                end = blank(clean, i, close < 0 ? clean.length : close + 2);
            } else if (c == '/' && text.startsWith("//", i)) {
                int close = text.indexOf('\n', i);
                end = blank(clean, i, close < 0 ? clean.length : close);
            } else if (c == '\\' && (text.startsWith("\n", i + 1) || text.startsWith("\r\n", i + 1))) {
                end = blank(clean, i, text.indexOf('\n', i) + 1);
            } else if (c == '"' || c == '\'') {
                // An apostrophe in text that no branch takes must not hide the lines after it.
                int line = text.indexOf('\n', i);
                end = line >= 0 && line < end ? i + 1 : end;
            }
            i = end;
        }
        return new String(clean);
    }

    /** A comment over several lines becomes one line, as the preprocessor sees it. */
    private static int blank(char[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            text[i] = ' ';
        }
        return to;
    }
}
