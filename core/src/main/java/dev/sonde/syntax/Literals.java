package dev.sonde.syntax;

import dev.sonde.source.Span;
import dev.sonde.syntax.Expression.IntegerLiteral;
import dev.sonde.syntax.Expression.StringLiteral;
import java.util.Optional;

/** Reads numbers, durations, strings and character constants; a bad one is reported and stands for 0 or what was read of it. */
final class Literals {
    private static final String MAXIMUM = "18446744073709551615";

    private final Scanner in;

    Literals(Scanner in) {
        this.in = in;
    }

    /** The number that a word from elsewhere is: blanks and a sign may stand before it; empty when it is none. */
    static Optional<IntegerLiteral> integer(Span span, String text) {
        String word = text.strip();
        boolean negative = word.startsWith("-");
        var number = new Numeral(negative ? word.substring(1) : word);
        long value = negative ? -number.value : number.value;
        return number.problem == null ? Optional.of(new IntegerLiteral(span, value, !negative && value < 0)) : Optional.empty();
    }

    /** A decimal, octal or hexadecimal number with {@code _}, exponent, C suffix or a unit of time. */
    IntegerLiteral integer() {
        int start = in.at();
        int end = in.wordEnd(start);
        String word = in.slice(start, end);
        var number = new Numeral(word);
        in.take(end - start);
        if (number.problem != null) {
            in.reportLiteral(in.span(start + number.problemStart, start + number.problemEnd), number.problem);
        }
        return new IntegerLiteral(in.from(start), number.value, number.value < 0 || number.unsigned);
    }

    /** The value of one number word. */
    private static final class Numeral {
        private final String word;
        private int at;
        private long value;
        private boolean unsigned;
        private String problem;
        private int problemStart;
        private int problemEnd;

        Numeral(String word) {
            this.word = word;
            if (word.length() > 1 && word.charAt(0) == '0' && (word.charAt(1) | 0x20) == 'x') {
                at = 2;
                digits(16);
                suffix(at);
            } else {
                digits(word.length() > 1 && word.charAt(0) == '0' && isDigitOrUnderscore(word.charAt(1)) ? 8 : 10);
                exponent();
                suffix(at);
            }
        }

        private static boolean isDigitOrUnderscore(char c) {
            return Scanner.isDigit(c) || c == '_';
        }

        private void digits(int base) {
            int start = at;
            for (; at < word.length() && (word.charAt(at) == '_' || Character.digit(word.charAt(at), base) >= 0); at++) {
                if (word.charAt(at) != '_') {
                    scale(base, Character.digit(word.charAt(at), base));
                }
            }
            if (at == start) {
                bad(0, word.length(), "invalid integer: " + word);
            } else if (word.charAt(at - 1) == '_') {
                bad(at - 1, at, "trailing underscore in integer literal");
            } else if (base == 8 && at < word.length() && Scanner.isDigit(word.charAt(at))) {
                bad(0, word.length(), "invalid trailing bytes: " + word);
            }
        }

        private void exponent() {
            if (at + 1 >= word.length() || (word.charAt(at) | 0x20) != 'e' || !Scanner.isDigit(word.charAt(at + 1))) {
                return;
            }
            int power = 0;
            for (at++; at < word.length() && Scanner.isDigit(word.charAt(at)); at++) {
                power = Math.min(100, power * 10 + word.charAt(at) - '0');
            }
            for (; power > 0 && value != 0; power--) {
                scale(10, 0);
            }
        }

        private void suffix(int start) {
            String suffix = word.substring(start);
            switch (suffix) {
                case "", "ns", "l", "L", "ll", "LL" -> { }
                case "u", "U", "ul", "UL", "ull", "ULL", "Ul", "uL", "Ull", "uLL", "lu", "LU", "llu", "LLU", "LUL" -> unsigned = true;
                case "us" -> scale(1000L, 0);
                case "ms" -> scale(1_000_000L, 0);
                case "s" -> scale(1_000_000_000L, 0);
                case "m" -> scale(60_000_000_000L, 0);
                case "h" -> scale(3_600_000_000_000L, 0);
                case "d" -> scale(86_400_000_000_000L, 0);
                default -> bad(start, word.length(), "invalid integer suffix '" + suffix + "'");
            }
        }

        private void scale(long factor, long add) {
            long high = Math.unsignedMultiplyHigh(value, factor);
            long low = value * factor;
            if (high != 0 || Long.compareUnsigned(low + add, low) < 0) {
                bad(0, word.length(), "overflow error, maximum value is " + MAXIMUM + ": " + word);
            }
            value = low + add;
        }

        private void bad(int start, int end, String text) {
            if (problem == null) {
                problem = text;
                problemStart = start;
                problemEnd = end;
            }
        }
    }

    /** A string in double quotes; it must end on its line. */
    StringLiteral string() {
        int start = in.at();
        int end = in.stringEnd(start);
        boolean closed = end > start + 1 && in.charAt(end - 1) == '"' && !escaped(start, end - 1);
        if (!closed) {
            in.takeTo(end);
            in.reportLiteral(in.span(start, end), "unterminated string");
            in.skip();
            throw Failure.INSTANCE;
        }
        String value = unescape(start + 1, end - 1);
        in.take(end - start);
        return new StringLiteral(in.from(start), value);
    }

    private boolean escaped(int start, int quote) {
        int slashes = 0;
        while (quote - 1 - slashes > start && in.charAt(quote - 1 - slashes) == '\\') {
            slashes++;
        }
        return slashes % 2 == 1;
    }

    private String unescape(int start, int end) {
        String raw = in.slice(start, end);
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        var out = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); ) {
            char c = raw.charAt(i);
            i = c == '\\' ? escape(raw, i + 1, start, out) : i + 1;
            if (c != '\\') {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Appends what the escape after a backslash at {@code i - 1} stands for and returns the index after it. */
    private int escape(String raw, int i, int start, StringBuilder out) {
        char c = i < raw.length() ? raw.charAt(i) : '\0';
        switch (c) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case '"', '\\' -> out.append(c);
            case 'x' -> {
                return number(raw, i + 1, 16, 2, start, out);
            }
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                return number(raw, i, 8, 3, start, out);
            }
            default -> in.reportLiteral(in.span(start + i - 1, start + i + 1), "invalid escape character '\\" + c + "'");
        }
        return i + 1;
    }

    private int number(String raw, int from, int base, int most, int start, StringBuilder out) {
        int value = 0;
        int i = from;
        for (; i < raw.length() && i < from + most && Character.digit(raw.charAt(i), base) >= 0; i++) {
            value = value * base + Character.digit(raw.charAt(i), base);
        }
        if (i == from) {
            in.reportLiteral(in.span(start + from - 2, start + from), "invalid hex escape sequence");
        }
        if (value > 0xff) {
            in.reportLiteral(in.span(start + from - 1, start + i), "octal escape sequence out of range '\\" + raw.substring(from, i) + "'");
        }
        int octet = value & 0xff;
        // A byte above 0x7f is kept apart from text as a lone low surrogate, U+DC80 to U+DCFF.
        out.append((char) (octet < 0x80 ? octet : 0xdc00 + octet));
        return i;
    }

    /** A C character constant such as {@code 'a'} or {@code '\n'}; only the C part has them. */
    IntegerLiteral character() {
        int start = in.at();
        var out = new StringBuilder();
        int i = start + 1;
        if (in.charAt(i) == '\\' && in.charAt(i + 1) == '\'') {
            out.append('\'');
            i += 2;
        } else if (in.charAt(i) == '\\') {
            String rest = in.slice(start, in.lineEnd(start));
            i = start + escape(rest, 2, start, out);
        } else {
            out.append(in.charAt(i++));
        }
        if (in.charAt(i) != '\'' || out.isEmpty()) {
            throw in.fail(in.span(start, i), "unterminated character constant");
        }
        in.take(i + 1 - start);
        return new IntegerLiteral(in.from(start), out.charAt(0), false);
    }
}
