package dev.sonde.syntax;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.source.Span;
import java.util.List;

/**
 * The characters of one script and a position in them.
 *
 * <p>There are no token objects: what a character means depends on the construct that reads it, so the parsers read characters and words directly.
 * After each token white space and comments are skipped, so the position is always at the next token, and {@link #from} ends a span at the last.
 */
final class Scanner {
    /** Nesting beyond this is refused, so that neither the parser nor a later pass can run out of stack. */
    static final int MAX_DEPTH = 200;
    private static final int MAX_ERRORS = 100;

    private final Source source;
    private final String text;
    private final Diagnostics diagnostics;
    private final List<Span> trivia;
    private int at;
    private int last;
    private int depth;
    private int errors;
    private boolean aborted;

    /** {@code trivia} collects comments and skipped text, or is null when nobody wants them. */
    Scanner(Source source, Diagnostics diagnostics, List<Span> trivia) {
        this.source = source;
        this.text = source.text();
        this.diagnostics = diagnostics;
        this.trivia = trivia;
    }

    int at() {
        return at;
    }

    /** Index after the last token. */
    int last() {
        return last;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /** The next character, 0 at the end. */
    char peek() {
        return charAt(at);
    }

    /** The character at {@code index}, 0 outside the text. */
    char charAt(int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    String slice(int start, int end) {
        return text.substring(start, end);
    }

    boolean is(String token) {
        return text.startsWith(token, at);
    }

    /** Takes {@code length} characters as one token. */
    void take(int length) {
        at = Math.min(at + length, text.length());
        last = at;
        skip();
    }

    boolean accept(char c) {
        if (peek() != c || atEnd()) {
            return false;
        }
        take(1);
        return true;
    }

    boolean accept(String token) {
        if (!is(token)) {
            return false;
        }
        take(token.length());
        return true;
    }

    /** Takes {@code c} or fails with {@code expected 'c'}. */
    void expect(char c) {
        if (!accept(c)) {
            throw fail("expected '" + c + "'");
        }
    }

    /** A lone {@code =}, not {@code ==}. */
    boolean isAssignment() {
        return peek() == '=' && charAt(at + 1) != '=';
    }

    static boolean isWordStart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isWordPart(char c) {
        return isWordStart(c) || isDigit(c);
    }

    boolean isWord() {
        return isWordStart(peek());
    }

    /** Whether the next token is exactly this word. */
    boolean isWord(String word) {
        return is(word) && !isWordPart(charAt(at + word.length()));
    }

    boolean acceptWord(String word) {
        if (!isWord(word)) {
            return false;
        }
        take(word.length());
        return true;
    }

    /** Index after the word characters that start at {@code start}. */
    int wordEnd(int start) {
        int end = start;
        while (isWordPart(charAt(end))) {
            end++;
        }
        return end;
    }

    /** The word at {@code start}; empty when none starts there. */
    String wordAt(int start) {
        return isWordStart(charAt(start)) ? text.substring(start, wordEnd(start)) : "";
    }

    /** Takes a word, or fails with {@code message}. */
    String word(String message) {
        if (!isWord()) {
            throw fail(message);
        }
        String word = wordAt(at);
        take(word.length());
        return word;
    }

    /** Goes back or forward to {@code index}, which must be the start of a token. */
    void reset(int index) {
        at = index;
    }

    /** Moves to {@code index} without skipping; for constructs that read raw characters. */
    void takeTo(int index) {
        at = Math.min(index, text.length());
        last = at;
    }

    /** Skips white space and comments. */
    void skip() {
        int i = blank(at);
        while (charAt(i) == '/' && (charAt(i + 1) == '/' || charAt(i + 1) == '*')) {
            int end = commentEnd(i);
            if (end > text.length()) {
                report(source.span(i, i + 2), "unterminated comment");
                end = text.length();
            }
            addTrivia(i, end);
            i = blank(end);
        }
        at = i;
    }

    /** Index of the next token at or after {@code index}; reports nothing. */
    int next(int index) {
        int i = blank(index);
        while (charAt(i) == '/' && (charAt(i + 1) == '/' || charAt(i + 1) == '*')) {
            i = blank(commentEnd(i));
        }
        return i;
    }

    private int blank(int index) {
        int i = index;
        while (i < text.length() && (text.charAt(i) <= ' ' && text.charAt(i) != 0 || text.charAt(i) == '\uFEFF')) {
            i++;
        }
        return i;
    }

    /** Index after the comment at {@code start}; beyond the text when it is not closed. */
    private int commentEnd(int start) {
        boolean line = text.charAt(start + 1) == '/';
        int end = line ? lineEnd(start) : text.indexOf("*/", start + 2);
        return line ? end : end < 0 ? text.length() + 1 : end + 2;
    }

    /** Index of the line end at or after {@code index}. */
    int lineEnd(int index) {
        int end = text.indexOf('\n', index);
        return end < 0 ? text.length() : end;
    }

    /** Notes text that is no part of the tree. */
    void addTrivia(int start, int end) {
        if (trivia != null && start >= (trivia.isEmpty() ? 0 : trivia.getLast().end())) {
            trivia.add(source.span(start, end));
        }
    }

    private boolean atLineStart() {
        return at == 0 || charAt(at - 1) == '\n';
    }

    /** Whether a line starts here that reads like a probe, which inside a block means that a <code>}</code> is missing before it. */
    boolean startsProbe() {
        if (!atLineStart() || !isWord()) {
            return false;
        }
        int end = wordEnd(at);
        if (charAt(end) == ':') {
            char next = charAt(end + 1);
            return next > ' ' && next != ':';
        }
        return charAt(next(end)) == '{' && (isWord("BEGIN") || isWord("END") || isWord("begin") || isWord("end"));
    }

    /** From {@code start} to the end of the last token. */
    Span from(int start) {
        return source.span(start, Math.max(start, last));
    }

    Span span(int start, int end) {
        return source.span(start, Math.min(end, text.length()));
    }

    /** The next token as far as an error message needs it: a word with its sigil, or one character; empty at the end. */
    Span token() {
        if (atEnd()) {
            return source.span(at, at);
        }
        int word = wordEnd(peek() == '$' || peek() == '@' ? at + 1 : at);
        int one = Character.isHighSurrogate(peek()) && at + 1 < text.length() ? at + 2 : at + 1;
        return source.span(at, Math.max(word, one));
    }

    /** Reports an error at the next token; the result is to be thrown. */
    Failure fail(String message) {
        return fail(token(), message);
    }

    Failure fail(Span span, String message) {
        report(span, message);
        return Failure.INSTANCE;
    }

    Failure fail(Span span, String message, String hint) {
        report(span, message, hint);
        return Failure.INSTANCE;
    }

    void report(Span span, String message) {
        report(Diagnostic.at(span, DiagnosticCode.SYNTAX, "syntax: " + message));
    }

    void report(Span span, String message, String hint) {
        report(Diagnostic.at(span, DiagnosticCode.SYNTAX, "syntax: " + message).hint(hint));
    }

    void reportLiteral(Span span, String message) {
        report(Diagnostic.at(span, DiagnosticCode.BAD_LITERAL, "syntax: " + message));
    }

    void report(Diagnostic diagnostic) {
        if (!aborted) {
            diagnostics.add(diagnostic);
            if (++errors >= MAX_ERRORS) {
                abort();
            }
        }
    }

    /** Nothing more is read or reported. */
    private void abort() {
        aborted = true;
        at = text.length();
        last = at;
    }

    boolean aborted() {
        return aborted;
    }

    int depth() {
        return depth;
    }

    /** One level deeper; gives up on the whole script when that is too deep. */
    void enter() {
        if (++depth > MAX_DEPTH) {
            report(token(), "nested more than " + MAX_DEPTH + " levels deep");
            abort();
            throw Failure.INSTANCE;
        }
    }

    /** Back to the depth that {@link #depth} gave. */
    void leave(int level) {
        depth = level;
    }

    /** Skips to after the next {@code ;} or group in braces, or to before a <code>}</code> that closes an outer one. */
    void skipStatement() {
        while (!atEnd() && peek() != '}' && !startsProbe()) {
            if (peek() == '{') {
                skipBraces();
                return;
            }
            if (accept(';')) {
                return;
            }
            skipToken();
        }
    }

    /** The same for what began at {@code start}; moves on in any case, unless a <code>}</code> is next. */
    void skipStatement(int start) {
        if (at == start && !atEnd() && peek() != '}') {
            skipToken();
        }
        skipStatement();
    }

    /** Skips a group in round brackets that opens here. */
    void skipParentheses() {
        int open = 0;
        do {
            open += peek() == '(' ? 1 : peek() == ')' ? -1 : 0;
            skipToken();
        } while (open > 0 && !atEnd());
    }

    /** Skips to a <code>{</code> of this statement; false when the statement ends before one. */
    boolean skipToBrace() {
        while (!atEnd() && peek() != '{' && peek() != '}' && peek() != ';') {
            skipToken();
        }
        return peek() == '{';
    }

    private void skipBraces() {
        int open = 0;
        do {
            open += peek() == '{' ? 1 : peek() == '}' ? -1 : 0;
            skipToken();
        } while (open > 0 && !atEnd());
    }

    private void skipToken() {
        if (peek() == '"') {
            take(stringEnd(at) - at);
        } else {
            take(Math.max(1, wordEnd(at) - at));
        }
    }

    /** Index after the string literal at {@code start}; it ends at the line's end when it is not closed. */
    int stringEnd(int start) {
        int i = start + 1;
        while (i < text.length() && text.charAt(i) != '\n') {
            char c = text.charAt(i++);
            if (c == '"') {
                return i;
            }
            if (c == '\\' && charAt(i) != '\n' && i < text.length()) {
                i++;
            }
        }
        return i;
    }
}
