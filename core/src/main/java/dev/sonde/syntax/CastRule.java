package dev.sonde.syntax;

import java.util.Set;

/**
 * Decides whether {@code (} opens a cast.
 *
 * <p>It does when the parentheses hold a type and something that starts an operand follows. What they hold is certainly a type if it begins with
 * {@code struct}, {@code union}, {@code enum}, {@code const} or {@code typeof(}, is a known type word, a name in {@code _t}, a type the script
 * defines, several C type words, or has a {@code *} or {@code []} at its end. A mere name, or a name with an index, is a type only if what follows
 * cannot continue an expression: a word, a variable, a literal, {@code (}, {@code !} or {@code ~}. So {@code (uint8)-1} is a cast and
 * {@code (pid)-1} is a difference. A <code>{</code> never follows a cast: it is the body of {@code if (x) { … }}.
 */
final class CastRule {
    private final Scanner in;
    private final Set<String> scriptTypes;
    private boolean certain;

    CastRule(Scanner in, Set<String> scriptTypes) {
        this.in = in;
        this.scriptTypes = scriptTypes;
    }

    /** Whether the {@code (} at the position opens a cast. Reads ahead only. */
    boolean isCast() {
        int first = in.next(in.at() + 1);
        String word = in.wordAt(first);
        if (word.isEmpty()) {
            return false;
        }
        int next = in.next(first + word.length());
        if (TypeParser.isTag(word) || word.equals("const") || word.equals("volatile")) {
            return Scanner.isWordStart(in.charAt(next));
        }
        if (word.equals("typeof") && in.charAt(next) == '(') {
            return true;
        }
        certain = TypeParser.isTypeWord(word) || scriptTypes.contains(word);
        int end = typeEnd(word, next);
        return end >= 0 && in.charAt(end) == ')' && startsOperand(in.next(end + 1));
    }

    /** Index after the rest of a type whose first word ends before {@code next}; -1 when it cannot be one. */
    private int typeEnd(String word, int next) {
        int i = next;
        while (TypeParser.isIntegerWord(word) && TypeParser.isIntegerWord(in.wordAt(i))) {
            i = in.next(in.wordEnd(i));
        }
        while (in.charAt(i) == ':' && in.charAt(i + 1) == ':' && Scanner.isWordStart(in.charAt(i + 2))) {
            i = in.next(in.wordEnd(i + 2));
        }
        while (in.charAt(i) == '*') {
            i = in.next(i + 1);
            certain |= in.charAt(i) == ')' || in.charAt(i) == '[';
        }
        while (i >= 0 && in.charAt(i) == '[') {
            i = bracketEnd(i);
        }
        return i;
    }

    private int bracketEnd(int open) {
        int i = in.next(open + 1);
        certain |= in.charAt(i) == ']';
        for (int nesting = 1; nesting > 0; i++) {
            char c = in.charAt(i);
            nesting += c == '[' ? 1 : c == ']' ? -1 : 0;
            if (c == '\0' || c == ';' || c == '{' || c == '}' || c == '"') {
                return -1;
            }
        }
        return in.next(i);
    }

    private boolean startsOperand(int index) {
        char c = in.charAt(index);
        char next = in.charAt(index + 1);
        return switch (c) {
            case '$', '@', '"', '(', '~' -> true;
            case '!' -> next != '=';
            case '-' -> certain && next != '>' && next != '=';
            case '+', '*' -> certain && next != '=';
            case '&' -> certain && next != '&' && next != '=';
            default -> Scanner.isWordPart(c);
        };
    }
}
