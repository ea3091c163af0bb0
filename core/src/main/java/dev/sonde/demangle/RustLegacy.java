package dev.sonde.demangle;

/**
 * Rust's older mangling: {@code _ZN <length><identifier>... 17h<16 hex digits> E [.suffix]}, a C++ nested name whose last part is a hash.
 * In an identifier {@code $LT$} and its like stand for punctuation, {@code $u20$} for the ASCII character of that number, and {@code ..} for
 * {@code ::}. The hash and the suffix are left out.
 */
final class RustLegacy {
    private static final String[] ESCAPES = {"$SP$@", "$BP$*", "$RF$&", "$LT$<", "$GT$>", "$LP$(", "$RP$)", "$C$,"};
    private static final int HASH_LENGTH = 17;
    /** A hash has at least this many different digits; a C++ name hardly ever looks like one. */
    private static final int MIN_DISTINCT_DIGITS = 5;

    private RustLegacy() {
    }

    /** The path, or null when {@code symbol} is not of this form. */
    static String demangle(String symbol) {
        int hash = symbol.indexOf("17h");
        if (hash < 0 || !symbol.startsWith("_ZN")) {
            return null;
        }
        try {
            return path(new Mangled(symbol, 3));
        } catch (NotMangledException e) {
            return null;
        }
    }

    private static String path(Mangled in) {
        StringBuilder out = new StringBuilder();
        String last = in.take(in.number());
        while (in.peek() != 'E') {
            append(last, out);
            last = in.take(in.number());
        }
        in.next();
        if (!isHash(last) || !in.atEnd() && in.peek() != '.') {
            return null;
        }
        return out.isEmpty() ? last : out.toString();
    }

    private static boolean isHash(String text) {
        if (text.length() != HASH_LENGTH || text.charAt(0) != 'h') {
            return false;
        }
        int seen = 0;
        for (int i = 1; i < HASH_LENGTH; i++) {
            char c = text.charAt(i);
            if (!Mangled.isDigit(c) && (c < 'a' || c > 'f')) {
                return false;
            }
            seen |= 1 << Character.digit(c, 16);
        }
        return Integer.bitCount(seen) >= MIN_DISTINCT_DIGITS;
    }

    private static void append(String identifier, StringBuilder out) {
        out.append(out.isEmpty() ? "" : "::");
        int i = identifier.startsWith("_$") ? 1 : 0;
        while (i < identifier.length()) {
            char c = identifier.charAt(i);
            if (c == '.' && identifier.startsWith("..", i)) {
                out.append("::");
                i += 2;
            } else if (c == '$') {
                int length = escape(identifier, i, out);
                if (length == 0) {
                    out.append(identifier, i, identifier.length());
                    return;
                }
                i += length;
            } else {
                out.append(c);
                i++;
            }
        }
    }

    /** Prints the escape at {@code start}; the length of its text, or 0 when it is none. */
    private static int escape(String identifier, int start, StringBuilder out) {
        for (String escape : ESCAPES) {
            int length = escape.length() - 1;
            if (identifier.regionMatches(start, escape, 0, length)) {
                out.append(escape.charAt(length));
                return length;
            }
        }
        if (start + 4 >= identifier.length() || identifier.charAt(start + 1) != 'u' || identifier.charAt(start + 4) != '$') {
            return 0;
        }
        int c = Character.digit(identifier.charAt(start + 2), 16) * 16 + Character.digit(identifier.charAt(start + 3), 16);
        if (c < 0x20 || c > 0x7e) {
            return 0;
        }
        out.append((char) c);
        return 5;
    }
}
