package dev.sonde.spec;

import java.util.List;

/**
 * A parsed printf format.
 *
 * @param text as written
 * @param pieces in order
 */
public record Format(String text, List<Piece> pieces) {
    public Format {
        pieces = List.copyOf(pieces);
    }

    /** Text or a conversion. */
    public sealed interface Piece {
        /** Text to be printed as it is. */
        record Literal(String text) implements Piece {}

        /**
         * A conversion of the next argument.
         *
         * @param flags of {@code - + space # 0}, in the order written
         * @param width least width, -1 for none
         * @param precision -1 for none
         * @param length {@code hh h l ll j z t} or empty
         * @param conversion one of {@code d i u o x X c s p r} or, for {@code %rx}, {@code %rh}, {@code %gr}, {@code R}, {@code H}, {@code g}
         */
        record Conversion(String flags, int width, int precision, String length, char conversion) implements Piece {
            /** As it is written. */
            public String text() {
                String tail = switch (conversion) {
                    case 'R' -> "rx";
                    case 'H' -> "rh";
                    case 'g' -> "gr";
                    default -> String.valueOf(conversion);
                };
                return "%" + flags + (width < 0 ? "" : width) + (precision < 0 ? "" : "." + precision) + length + tail;
            }
        }
    }

    /** How many arguments it takes. */
    public int arguments() {
        int count = 0;
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Conversion) {
                count++;
            }
        }
        return count;
    }
}
