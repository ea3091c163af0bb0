package dev.sonde.fuzz;

import java.util.ArrayList;
import java.util.List;

/** A rough division of any text into words, numbers, strings, signs and blanks; joined they are the text. */
final class Tokens {
    private static final List<String> LONG_SIGNS = List.of("<<=", ">>=", "->", "==", "!=", "<=", ">=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=",
            "%=", "&=", "|=", "^=", "<<", ">>", "..", "?:", "::", "//", "/*", "*/");

    private Tokens() {}

    static List<String> of(String text) {
        List<String> tokens = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = end(text, at);
            tokens.add(text.substring(at, end));
            at = end;
        }
        return tokens;
    }

    private static int end(String text, int at) {
        char first = text.charAt(at);
        if (word(first) || (first == '$' || first == '@') && at + 1 < text.length()) {
            return run(text, at + 1, first);
        }
        if (Character.isWhitespace(first)) {
            return run(text, at + 1, first);
        }
        if (first == '"') {
            return string(text, at + 1);
        }
        for (String sign : LONG_SIGNS) {
            if (text.startsWith(sign, at)) {
                return at + sign.length();
            }
        }
        return at + 1;
    }

    private static int run(String text, int at, char first) {
        boolean blank = Character.isWhitespace(first);
        int end = at;
        while (end < text.length() && (blank ? Character.isWhitespace(text.charAt(end)) : word(text.charAt(end)))) {
            end++;
        }
        return end;
    }

    private static int string(String text, int at) {
        int end = at;
        while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\n') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), end + 1);
    }

    private static boolean word(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    /** Index after the bracket that closes the one at {@code open}; the index after {@code open} when none does. */
    static int close(List<String> tokens, int open) {
        int depth = 0;
        for (int i = open; i < tokens.size(); i++) {
            switch (tokens.get(i)) {
                case "(", "[", "{" -> depth++;
                case ")", "]", "}" -> depth--;
                default -> { }
            }
            if (depth <= 0) {
                return i + 1;
            }
        }
        return open + 1;
    }

    /** The range of the statement around {@code at}: from after the sign before it that ends one, to its own end. */
    static int[] statement(List<String> tokens, int at) {
        int from = at;
        while (from > 0 && !List.of(";", "{", "}").contains(tokens.get(from - 1))) {
            from--;
        }
        int to = from;
        while (to < tokens.size() && !List.of(";", "}").contains(tokens.get(to))) {
            int closed = close(tokens, to);
            boolean block = tokens.get(to).equals("{");
            to = closed;
            if (block) {
                return new int[] {from, to};
            }
        }
        return new int[] {from, Math.min(tokens.size(), to < tokens.size() && tokens.get(to).equals(";") ? to + 1 : to)};
    }
}
