package dev.sonde.syntax;

import dev.sonde.source.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of the C part that begin with {@code #}.
 *
 * <p>{@code #include} and {@code #define} become definitions. Conditionals are decided here, from the script's own definitions and the names that
 * bpftrace defines, and the branch that does not count is skipped; headers are not read, so a name from one is not defined. Everything else is
 * skipped.
 */
final class Preprocessor {
    private final Scanner in;
    private final List<Definition> found;
    private final Map<String, String> macros = new HashMap<>();
    private final List<Conditional> open = new ArrayList<>();

    /** An {@code #if} whose {@code #endif} is to come. */
    private static final class Conditional {
        final Span span;
        boolean taken;

        Conditional(Span span) {
            this.span = span;
        }
    }

    Preprocessor(Scanner in, List<Definition> found) {
        this.in = in;
        this.found = found;
        macros.put("BPFTRACE_HAVE_BTF", "1");
        macros.put("__KERNEL__", "1");
    }

    /** Reports what is still open. */
    void end() {
        for (Conditional conditional : open) {
            in.report(conditional.span, "expected '#endif'");
        }
    }

    /** One directive, with the branch it excludes. */
    void directive() {
        int start = in.at();
        int nameStart = blanks(start + 1);
        String name = in.wordAt(nameStart);
        int rest = blanks(nameStart + name.length());
        switch (name) {
            case "include", "include_next", "import" -> include(start, rest);
            case "define" -> define(start, rest);
            case "ifdef", "ifndef", "if" -> open(start, rest, name);
            case "elif", "elifdef", "elifndef", "else" -> otherwise(start, rest, name);
            case "endif" -> close(start);
            case "undef" -> {
                macros.remove(in.wordAt(rest));
                pass(start);
            }
            case "pragma", "warning", "line", "ident", "" -> pass(start);
            case "error" -> {
                in.report(in.span(start, end(start)), in.slice(start, end(start)));
                finish(start);
            }
            default -> {
                in.report(in.span(start, nameStart + name.length()), "unknown directive '#" + name + "'");
                finish(start);
            }
        }
    }

    private int blanks(int index) {
        int i = index;
        while (in.charAt(i) == ' ' || in.charAt(i) == '\t') {
            i++;
        }
        return i;
    }

    /** Index of the end of the line at {@code start}, with the lines that {@code \} joins to it. */
    private int end(int start) {
        int end = in.lineEnd(start);
        while (end > start && (in.charAt(end - 1) == '\\' || in.charAt(end - 1) == '\r' && in.charAt(end - 2) == '\\') && in.charAt(end) == '\n') {
            end = in.lineEnd(end + 1);
        }
        return end > start && in.charAt(end - 1) == '\r' ? end - 1 : end;
    }

    private void pass(int start) {
        in.addTrivia(start, end(start));
        finish(start);
    }

    private void finish(int start) {
        in.takeTo(end(start));
        in.skip();
    }

    private void include(int start, int path) {
        char open = in.charAt(path);
        int end = path + 1;
        char close = open == '<' ? '>' : '"';
        while (end < in.lineEnd(path) && in.charAt(end) != close) {
            end++;
        }
        if (open != '<' && open != '"' || in.charAt(end) != close) {
            in.report(in.span(path, in.lineEnd(path)), "expected '<header>' or '\"header\"'");
            finish(start);
            return;
        }
        in.takeTo(end + 1);
        found.add(new Definition.Include(in.from(start), in.slice(path + 1, end), open == '<'));
        in.skip();
    }

    private void define(int start, int nameStart) {
        String name = in.wordAt(nameStart);
        if (name.isEmpty()) {
            in.report(in.span(nameStart, nameStart + 1), "expected macro name");
            finish(start);
            return;
        }
        int at = nameStart + name.length();
        boolean functionLike = in.charAt(at) == '(';
        var parameters = new ArrayList<String>();
        at = functionLike ? parameters(at + 1, parameters) : at;
        var value = new StringBuilder();
        int end = value(at, value);
        in.takeTo(end);
        String text = value.toString().strip();
        found.add(new Definition.Define(in.from(start), name, functionLike, List.copyOf(parameters), text));
        if (!functionLike) {
            macros.put(name, text);
        }
        in.skip();
    }

    /** The names up to the closing parenthesis; the result is the index after it. */
    private int parameters(int start, List<String> out) {
        int at = start;
        int end = in.lineEnd(start);
        while (at < end && in.charAt(at) != ')') {
            int word = in.charAt(at) == '.' ? at + 1 : in.wordEnd(at);
            boolean dots = in.slice(at, Math.min(at + 3, end)).equals("...");
            if (dots || Scanner.isWordStart(in.charAt(at))) {
                word = dots ? at + 3 : word;
                out.add(in.slice(at, word));
            }
            at = Math.max(at + 1, word);
        }
        return Math.min(at + 1, end);
    }

    /** Appends the replacement text without comments and joined lines; the result is the index after its last character. */
    private int value(int start, StringBuilder out) {
        int end = end(start);
        int last = start;
        for (int i = start; i < end; ) {
            char c = in.charAt(i);
            int next = c == '"' ? Math.min(in.stringEnd(i), end) : i + 1;
            if (c == '/' && (in.charAt(i + 1) == '/' || in.charAt(i + 1) == '*')) {
                next = in.charAt(i + 1) == '/' ? end : commentEnd(i, end);
                out.append(' ');
            } else if (c <= ' ' || c == '\\' && (in.charAt(i + 1) == '\n' || in.charAt(i + 1) == '\r')) {
                out.append(c == '\t' ? c : ' ');
            } else {
                out.append(in.slice(i, next));
                last = next;
            }
            i = next;
        }
        return last;
    }

    private int commentEnd(int start, int end) {
        int close = in.slice(start, end).indexOf("*/", 2);
        return close < 0 ? end : start + close + 2;
    }

    private void open(int start, int rest, String name) {
        var conditional = new Conditional(in.span(start, end(start)));
        open.add(conditional);
        decide(conditional, start, holds(rest, name));
    }

    private void otherwise(int start, int rest, String name) {
        if (open.isEmpty()) {
            in.report(in.span(start, end(start)), "#" + name + " without #if");
            finish(start);
            return;
        }
        Conditional conditional = open.getLast();
        decide(conditional, start, !conditional.taken && (name.equals("else") || holds(rest, name)));
    }

    private void close(int start) {
        if (open.isEmpty()) {
            in.report(in.span(start, end(start)), "#endif without #if");
            finish(start);
            return;
        }
        open.removeLast();
        pass(start);
    }

    private void decide(Conditional conditional, int start, boolean taken) {
        conditional.taken |= taken;
        if (taken) {
            pass(start);
            return;
        }
        int next = branchEnd(end(start));
        in.addTrivia(start, next);
        in.takeTo(next);
        in.skip();
    }

    /** Index of the {@code #else}, {@code #elif} or {@code #endif} that ends the branch at {@code start}, or of the end of the text. */
    private int branchEnd(int start) {
        int nesting = 0;
        int line = start;
        while (in.charAt(line) != '\0') {
            int at = blanks(line + 1);
            String name = in.charAt(at) == '#' ? in.wordAt(blanks(at + 1)) : "";
            if (name.startsWith("if")) {
                nesting++;
            } else if (nesting == 0 && (name.startsWith("el") || name.equals("endif"))) {
                return at;
            } else if (name.equals("endif")) {
                nesting--;
            }
            line = in.lineEnd(line + 1);
        }
        return line;
    }

    private boolean holds(int rest, String name) {
        boolean not = name.endsWith("ndef");
        if (not || name.endsWith("def")) {
            return macros.containsKey(in.wordAt(rest)) != not;
        }
        var text = new StringBuilder();
        value(rest, text);
        return new ConstantExpression(macros).evaluate(text.toString()) != 0;
    }

    /** The value of a constant expression; names that are not defined are 0. */
    long value(Expression expression) {
        return new ConstantExpression(macros).value(expression);
    }
}
