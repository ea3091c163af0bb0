package dev.sonde.syntax;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The macros of C headers: what is defined, and the text that stands for a text with macros in it (C11, 6.10.3). */
final class CMacros {
    /** What a C compiler for 64-bit Linux defines before it reads anything. */
    private static final String PREDEFINED = """
        __STDC__=1 __STDC_VERSION__=201710L __STDC_HOSTED__=1 __GNUC__=12 __GNUC_MINOR__=2 __linux__=1 __unix__=1 __LP64__=1 _LP64=1
        __CHAR_BIT__=8 __SIZEOF_SHORT__=2 __SIZEOF_INT__=4 __SIZEOF_LONG__=8 __SIZEOF_LONG_LONG__=8 __SIZEOF_POINTER__=8 __SIZEOF_SIZE_T__=8
        __BYTE_ORDER__=1234 __ORDER_LITTLE_ENDIAN__=1234 __ORDER_BIG_ENDIAN__=4321 __INT_MAX__=2147483647 __USER_LABEL_PREFIX__=
        __extension__= __signed__=signed __const=const __volatile__=volatile __inline=inline __inline__=inline __BITS_PER_LONG=64
        """;
    private static final int MAX_DEPTH = 40;
    private static final int MAX_LENGTH = 1 << 14;
    private static final int MAX_TOTAL = 1 << 22;

    private final Map<String, Macro> macros = new HashMap<>();
    /** What one text, and all texts together, may still become: a few lines can stand for more than there is memory. */
    private int budget;
    private int total = MAX_TOTAL;

    /** A macro; {@code parameters} is null for one that takes no arguments, not even none. */
    record Macro(List<String> parameters, String value) {}

    /** Thrown when a macro's arguments go on after the end of the text. */
    private static final class Unfinished extends RuntimeException {
        private static final long serialVersionUID = 1;
        static final Unfinished INSTANCE = new Unfinished();

        private Unfinished() {
            super(null, null, false, false);
        }
    }

    /** The compiler's own macros; {@code machine} is defined too. */
    CMacros(String machine) {
        for (String definition : PREDEFINED.split("\\s+")) {
            int equals = definition.indexOf('=');
            macros.put(definition.substring(0, equals), new Macro(null, definition.substring(equals + 1)));
        }
        macros.put(machine, new Macro(null, "1"));
    }

    void define(String name, Macro macro) {
        macros.put(name, macro);
    }

    void undefine(String name) {
        macros.remove(name);
    }

    boolean isDefined(String name) {
        return macros.containsKey(name);
    }

    /** The text with all macros replaced; null when the arguments of one go on after its end. */
    String expand(String text) {
        int allowed = Math.min(total, MAX_LENGTH);
        budget = allowed;
        try {
            return expand(text, Set.of(), 0);
        } catch (Unfinished _) {
            return null;
        } finally {
            total -= allowed - budget;
        }
    }

    /** Whether the condition of an {@code #if} holds. */
    boolean holds(String condition) {
        String expanded = expand(withoutDefined(condition));
        return expanded != null && new ConstantExpression(Map.of()).evaluate(expanded) != 0;
    }

    /** The condition with {@code defined NAME} replaced; what asks the compiler for features is answered with no. */
    private String withoutDefined(String condition) {
        var out = new StringBuilder();
        for (int i = 0; i < condition.length(); ) {
            int end = tokenEnd(condition, i);
            String token = condition.substring(i, end);
            i = end;
            if (token.equals("defined")) {
                int name = blanks(condition, i);
                boolean inParentheses = name < condition.length() && condition.charAt(name) == '(';
                name = inParentheses ? blanks(condition, name + 1) : name;
                i = tokenEnd(condition, name);
                out.append(isDefined(condition.substring(name, i)) ? " 1 " : " 0 ");
                i = inParentheses ? condition.indexOf(')', i) + 1 : i;
                i = i <= 0 ? condition.length() : i;
            } else if (token.startsWith("__has_")) {
                int close = condition.indexOf(')', i);
                i = close < 0 ? condition.length() : close + 1;
                out.append(" 0 ");
            } else {
                out.append(token);
            }
        }
        return out.toString();
    }

    private String expand(String text, Set<String> hidden, int depth) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length() && (budget > 0 || depth == 0); ) {
            int end = tokenEnd(text, i);
            String token = text.substring(i, end);
            Macro macro = budget <= 0 || hidden.contains(token) || depth > MAX_DEPTH ? null : macros.get(token);
            i = end;
            if (macro == null) {
                out.append(token);
                budget -= depth == 0 ? 0 : token.length();
                continue;
            }
            budget--;
            if (macro.parameters == null) {
                out.append(expand(macro.value, with(hidden, token), depth + 1));
            } else {
                int open = blanks(text, end);
                if (open >= text.length() || text.charAt(open) != '(') {
                    out.append(token);
                    continue;
                }
                List<String> arguments = new ArrayList<>();
                i = arguments(text, open + 1, arguments);
                out.append(expand(substituted(macro, arguments, hidden, depth), with(hidden, token), depth + 1));
            }
        }
        return out.toString();
    }

    private static Set<String> with(Set<String> hidden, String name) {
        Set<String> more = new HashSet<>(hidden);
        more.add(name);
        return more;
    }

    /** Cuts the arguments from {@code start} on at their commas; the index after the closing parenthesis. */
    private static int arguments(String text, int start, List<String> out) {
        int depth = 0;
        int from = start;
        for (int i = start; i < text.length(); i = tokenEnd(text, i)) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')' && depth-- == 0 || c == ',' && depth == 0) {
                out.add(text.substring(from, i).strip());
                from = i + 1;
                if (c == ')') {
                    return from;
                }
            }
        }
        throw Unfinished.INSTANCE;
    }

    private String substituted(Macro macro, List<String> arguments, Set<String> hidden, int depth) {
        var out = new StringBuilder();
        String value = macro.value;
        boolean pasting = false;
        for (int i = 0; i < value.length() && out.length() < MAX_LENGTH; ) {
            int end = tokenEnd(value, i);
            String token = value.substring(i, end);
            int next = blanks(value, end);
            if (token.equals("#") && next < value.length() && value.charAt(next) == '#') {
                out.setLength(out.toString().stripTrailing().length());
                pasting = true;
                end = blanks(value, next + 1);
            } else if (token.equals("#")) {
                end = tokenEnd(value, next);
                out.append('"').append(argument(macro, arguments, value.substring(next, end)).replace("\"", "\\\"")).append('"');
            } else {
                boolean whole = pasting || value.startsWith("##", next);
                String argument = argument(macro, arguments, token);
                out.append(argument == token || whole ? argument : expand(argument, hidden, depth + 1));
                pasting = false;
            }
            i = end;
        }
        budget -= out.length();
        return out.toString();
    }

    /** The argument that stands for the parameter {@code token}; {@code token} itself when it is none. */
    private static String argument(Macro macro, List<String> arguments, String token) {
        int index = macro.parameters.indexOf(token.equals("__VA_ARGS__") ? "..." : token);
        if (index < 0) {
            return token;
        }
        boolean rest = macro.parameters.get(index).equals("...");
        return index >= arguments.size() ? "" : rest ? String.join(", ", arguments.subList(index, arguments.size())) : arguments.get(index);
    }

    static int blanks(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) <= ' ') {
            i++;
        }
        return i;
    }

    /** Index after the word, number, string or single character at {@code start}. */
    static int tokenEnd(String text, int start) {
        int i = start;
        if (i >= text.length()) {
            return i;
        }
        char first = text.charAt(i++);
        if (Scanner.isWordPart(first)) {
            while (i < text.length() && (Scanner.isWordPart(text.charAt(i)) || Scanner.isDigit(first) && text.charAt(i) == '.')) {
                i++;
            }
        } else if (first == '"' || first == '\'') {
            while (i < text.length() && text.charAt(i) != first) {
                i += text.charAt(i) == '\\' ? 2 : 1;
            }
            i++;
        }
        return Math.min(i, text.length());
    }
}
