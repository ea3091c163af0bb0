package dev.sonde.spec;

import dev.sonde.spec.Format.Piece;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a printf format as bpftrace does.
 *
 * <p>A conversion is {@code %}, then flags in the fixed order {@code - + space # 0}, each at most once, a width, a precision, a length, and the
 * letter. A width or precision of {@code *} is accepted and means none. A {@code %} that starts no conversion is text; so is {@code %%}, with or
 * without flags.
 */
public final class FormatParser {
    private static final String FLAGS = "-+ #0";
    private static final String LENGTHS = "hlLjzt";
    private static final String CONVERSIONS = "diouxXcsp";
    private static final String[] BUFFERS = {"gr", "rx", "rh", "r"};
    private static final String UNSUPPORTED = "eEfFgGaAn";
    private static final int LARGEST = 1 << 20;

    private final String text;
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int position;

    private FormatParser(String text) {
        this.text = text;
    }

    /** What came of reading a format. */
    public sealed interface Result {
        /** It can be printed with. */
        record Parsed(Format format) implements Result {}

        /** It cannot; {@code index} is that of the conversion's {@code %} in the text. */
        record Failed(String message, int index) implements Result {}
    }

    /** Reads {@code text}, in which escape sequences are already characters. */
    public static Result parse(String text) {
        var parser = new FormatParser(text);
        while (parser.position < text.length()) {
            int start = parser.position;
            String failure = parser.next();
            if (failure != null) {
                return new Result.Failed(failure, start);
            }
        }
        parser.endLiteral();
        return new Result.Parsed(new Format(text, parser.pieces));
    }

    /** A format with which compiled code already prints; throws IllegalArgumentException when it is none. */
    public static Format of(String text) {
        return switch (parse(text)) {
            case Result.Parsed(Format format) -> format;
            case Result.Failed(String message, _) -> throw new IllegalArgumentException(message);
        };
    }

    private String next() {
        int start = position;
        char c = text.charAt(position++);
        if (c != '%') {
            literal.append(c);
            return null;
        }
        String flags = flags();
        int width = number();
        int precision = precision();
        String length = length();
        if (position >= text.length() || precision == Integer.MIN_VALUE) {
            return textFrom(start);
        }
        if (width > LARGEST) {
            return "width of a conversion is too large: " + width;
        }
        return conversion(start, flags, width, precision, length);
    }

    private String conversion(int start, String flags, int width, int precision, String length) {
        char letter = text.charAt(position);
        if (letter == '%') {
            position++;
            literal.append('%');
            return null;
        }
        String found = found();
        if (found.isEmpty()) {
            return UNSUPPORTED.indexOf(letter) < 0 ? textFrom(start) : "unsupported format specifier: " + letter;
        }
        position += found.length();
        endLiteral();
        pieces.add(new Piece.Conversion(flags, width, precision, length, letterOf(found)));
        return null;
    }

    /** The conversion that stands at the position, as it is written; empty for none. */
    private String found() {
        for (String buffer : BUFFERS) {
            if (text.startsWith(buffer, position)) {
                return buffer;
            }
        }
        return CONVERSIONS.indexOf(text.charAt(position)) < 0 ? "" : text.substring(position, position + 1);
    }

    private static char letterOf(String conversion) {
        return switch (conversion) {
            case "rx" -> 'R';
            case "rh" -> 'H';
            default -> conversion.charAt(0);
        };
    }

    /** The percent sign is text after all; reading goes on behind it. */
    private String textFrom(int start) {
        position = start + 1;
        literal.append('%');
        return null;
    }

    private String flags() {
        int start = position;
        for (int i = 0; i < FLAGS.length(); i++) {
            if (position < text.length() && text.charAt(position) == FLAGS.charAt(i)) {
                position++;
            }
        }
        return text.substring(start, position);
    }

    /** A number or {@code *}; -1 when there is none. */
    private int number() {
        if (position < text.length() && text.charAt(position) == '*') {
            position++;
            return -1;
        }
        int value = -1;
        while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
            value = Math.min(LARGEST + 1, Math.max(0, value) * 10 + text.charAt(position++) - '0');
        }
        return value;
    }

    /** A precision; -1 when there is none, {@code Integer.MIN_VALUE} when a dot stands alone. */
    private int precision() {
        if (position >= text.length() || text.charAt(position) != '.') {
            return -1;
        }
        position++;
        int start = position;
        int value = number();
        return position == start ? Integer.MIN_VALUE : value;
    }

    /** The length letters; ones that mean nothing together count as none. */
    private String length() {
        int start = position;
        while (position < text.length() && LENGTHS.indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        return switch (text.substring(start, position)) {
            case "hh" -> "hh";
            case "h" -> "h";
            case "l" -> "l";
            case "ll" -> "ll";
            case "j" -> "j";
            case "z" -> "z";
            case "t" -> "t";
            default -> "";
        };
    }

    private void endLiteral() {
        if (!literal.isEmpty()) {
            pieces.add(new Piece.Literal(literal.toString()));
            literal.setLength(0);
        }
    }
}
