package dev.sonde.demangle;

/** A mangled name and the position in it, shared by the parsers; reading past the end gives {@code '\0'}, which no production accepts. */
final class Mangled {
    /** Deeper nesting than this is taken for hostile input. */
    private static final int MAX_DEPTH = 256;

    private final String text;
    private int position;
    private int depth;

    Mangled(String text, int position) {
        this.text = text;
        this.position = position;
    }

    int position() {
        return position;
    }

    void position(int position) {
        this.position = position;
    }

    int depth() {
        return depth;
    }

    void depth(int depth) {
        this.depth = depth;
    }

    boolean atEnd() {
        return position >= text.length();
    }

    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        int index = position + ahead;
        return index < text.length() ? text.charAt(index) : '\0';
    }

    char next() {
        char c = peek();
        if (c == '\0') {
            throw NotMangledException.INSTANCE;
        }
        position++;
        return c;
    }

    boolean skip(char expected) {
        if (peek() != expected) {
            return false;
        }
        position++;
        return true;
    }

    boolean skip(char first, char second) {
        if (peek() != first || peek(1) != second) {
            return false;
        }
        position += 2;
        return true;
    }

    void expect(char expected) {
        if (!skip(expected)) {
            throw NotMangledException.INSTANCE;
        }
    }

    void skip(int count) {
        position += count;
    }

    /** The text from {@code start} to the position. */
    String since(int start) {
        return text.substring(start, position);
    }

    /** The next {@code length} characters, skipped. */
    String take(int length) {
        if (length <= 0 || length > text.length() - position) {
            throw NotMangledException.INSTANCE;
        }
        position += length;
        return text.substring(position - length, position);
    }

    /** A decimal number of at most nine digits. */
    int number() {
        if (!isDigit(peek())) {
            throw NotMangledException.INSTANCE;
        }
        int value = 0;
        for (; isDigit(peek()); position++) {
            if (value > 99_999_999) {
                throw NotMangledException.INSTANCE;
            }
            value = value * 10 + peek() - '0';
        }
        return value;
    }

    /** {@code _} is 0, {@code 0_} is 1, {@code 1_} is 2. */
    int compactNumber() {
        int value = peek() == '_' ? 0 : number() + 1;
        expect('_');
        return value;
    }

    /** The same in base 36 with capital letters: the number of a substitution, ABI 5.1.10. */
    int sequenceId() {
        if (skip('_')) {
            return 0;
        }
        int value = 0;
        for (char c = next(); c != '_'; c = next()) {
            int digit = isDigit(c) ? c - '0' : isUpper(c) ? c - 'A' + 10 : -1;
            if (digit < 0 || value > 1_000_000) {
                throw NotMangledException.INSTANCE;
            }
            value = value * 36 + digit;
        }
        return value + 1;
    }

    /** Counts one level of nesting; {@link #leave} ends it. */
    void enter() {
        if (++depth > MAX_DEPTH) {
            throw NotMangledException.INSTANCE;
        }
    }

    void leave() {
        depth--;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }
}
