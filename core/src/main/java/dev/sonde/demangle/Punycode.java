package dev.sonde.demangle;

/** Decodes Punycode (RFC 3492) as Rust's v0 mangling uses it: the delimiter is an underscore. */
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 0x80;

    private Punycode() {
    }

    /** The identifier, or an empty text when {@code text} is not well formed. */
    static String decode(String text) {
        int delimiter = text.lastIndexOf('_');
        StringBuilder out = new StringBuilder(delimiter < 0 ? "" : text.substring(0, delimiter));
        int count = out.length();
        int position = delimiter + 1;
        int bias = INITIAL_BIAS;
        long n = INITIAL_N;
        long i = 0;
        while (position < text.length()) {
            long weight = 1;
            long delta = 0;
            for (int k = BASE; ; k += BASE) {
                int digit = position < text.length() ? digit(text.charAt(position++)) : -1;
                if (digit < 0 || weight > Integer.MAX_VALUE) {
                    return "";
                }
                delta += digit * weight;
                int threshold = Math.clamp(k - bias, T_MIN, T_MAX);
                if (digit < threshold) {
                    break;
                }
                weight *= BASE - threshold;
            }
            count++;
            i += delta;
            n += i / count;
            i %= count;
            if (!Character.isValidCodePoint((int) Math.min(n, Integer.MAX_VALUE))) {
                return "";
            }
            out.insert(out.offsetByCodePoints(0, (int) i), Character.toChars((int) n));
            bias = adapt(delta, count, count == delimiter + 1 || delimiter < 0 && count == 1);
            i++;
        }
        return out.toString();
    }

    private static int digit(char c) {
        return Mangled.isLower(c) ? c - 'a' : Mangled.isDigit(c) ? c - '0' + 26 : -1;
    }

    private static int adapt(long delta, int count, boolean first) {
        long scaled = first ? delta / DAMP : delta / 2;
        scaled += scaled / count;
        int k = 0;
        while (scaled > (BASE - T_MIN) * T_MAX / 2) {
            scaled /= BASE - T_MIN;
            k += BASE;
        }
        return (int) (k + (BASE - T_MIN + 1) * scaled / (scaled + SKEW));
    }
}
