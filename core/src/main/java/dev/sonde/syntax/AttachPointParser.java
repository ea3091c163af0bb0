package dev.sonde.syntax;

import dev.sonde.source.Span;
import dev.sonde.syntax.Script.AttachPoint;
import dev.sonde.syntax.Script.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * Attach points. One is a run of characters up to white space, a comma or a brace outside quotes, cut at its colons; <code>${NAME}</code> is part
 * of it. A slash is an ordinary character, so a predicate needs white space before it. White space after a colon and around a {@code +} is
 * allowed, as it once was.
 */
final class AttachPointParser {
    private final Scanner in;
    private List<Part> parts;
    private StringBuilder text;
    private boolean quoted;
    private int at;

    AttachPointParser(Scanner in) {
        this.in = in;
    }

    /** The attach points of one probe; a comma after the last is allowed. */
    List<AttachPoint> list() {
        var points = new ArrayList<AttachPoint>();
        do {
            points.add(attachPoint());
        } while (in.accept(',') && in.peek() != '{' && in.peek() != '/');
        return points;
    }

    private AttachPoint attachPoint() {
        int start = in.at();
        if (ends(in.peek()) || in.peek() == '/') {
            throw in.fail("expected attach point");
        }
        parts = new ArrayList<>();
        at = afterName(start);
        do {
            part();
        } while (acceptColon());
        Span span = in.span(start, at);
        in.takeTo(at);
        in.skip();
        return new AttachPoint(span, List.copyOf(parts));
    }

    /** Past {@code name=}, which may stand before an attach point and means nothing. */
    private int afterName(int start) {
        int end = in.wordEnd(start);
        return end > start && in.charAt(end) == '=' && Character.isLetter(in.charAt(end + 1)) ? end + 1 : start;
    }

    private boolean acceptColon() {
        int next = blanks(at);
        if (in.charAt(next) != ':') {
            return false;
        }
        at = next + 1;
        next = blanks(at);
        char c = in.charAt(next);
        if (Scanner.isWordPart(c) || c == '*' || c == '$' || c == '"') {
            at = next;
        }
        return true;
    }

    private int blanks(int index) {
        int i = index;
        while (in.charAt(i) == ' ' || in.charAt(i) == '\t') {
            i++;
        }
        return i;
    }

    private static boolean ends(char c) {
        return c <= ' ' || c == ',' || c == '{' || c == '}' || c == ';';
    }

    private void part() {
        int start = at;
        text = new StringBuilder();
        quoted = false;
        while (!ends(in.charAt(at)) && in.charAt(at) != ':') {
            if (in.charAt(at) == '"') {
                quotation();
            } else if (in.charAt(at) == '$' && in.charAt(at + 1) == '{') {
                environment();
            } else {
                text.append(in.charAt(at++));
            }
            offset();
        }
        parts.add(new Part(in.span(start, at), text.toString(), quoted));
    }

    /** Joins {@code f + 10} to {@code f+10}. */
    private void offset() {
        int plus = blanks(at);
        boolean before = at > 0 && in.charAt(at - 1) == '+';
        if (before && Scanner.isDigit(in.charAt(plus))) {
            at = plus;
        } else if (in.charAt(plus) == '+' && Scanner.isDigit(in.charAt(blanks(plus + 1)))) {
            at = plus;
        }
    }

    private void quotation() {
        quoted = true;
        int end = in.stringEnd(at);
        if (end < at + 2 || in.charAt(end - 1) != '"') {
            Span span = in.span(at, end);
            in.takeTo(end);
            in.skip();
            throw in.fail(span, "unterminated string");
        }
        for (at++; at < end - 1; at++) {
            at += in.charAt(at) == '\\' && (in.charAt(at + 1) == '"' || in.charAt(at + 1) == '\\') ? 1 : 0;
            text.append(in.charAt(at));
        }
        at = end;
    }

    private void environment() {
        int end = in.wordEnd(at + 2);
        if (in.charAt(end) != '}') {
            Span span = in.span(at, end);
            while (!ends(in.charAt(end))) {
                end++;
            }
            in.takeTo(in.charAt(end) == '}' ? end + 1 : end);
            in.skip();
            throw in.fail(span, "expected '${NAME}'");
        }
        text.append(in.slice(at, end + 1));
        at = end + 1;
    }
}
