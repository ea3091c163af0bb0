package dev.sonde.demangle;

/**
 * Rust's v0 mangling, {@code _R <path> [<instantiating crate>] [.suffix]}, of RFC 2603. Paths are printed as Rust writes them, without the
 * crates' disambiguators, the types of constants, the instantiating crate and the suffix. A backward reference is read again where it
 * points; output and work are bounded, so references to references cannot blow up.
 */
final class RustV0 {
    private static final int MAX_LENGTH = 1 << 18;
    private static final int MAX_STEPS = 1 << 18;
    private static final int LETTERS = 26;
    private static final int DECIMAL_DIGITS = 16;

    private final Mangled in;
    private final StringBuilder out;
    private boolean silent;
    private int steps;
    /** Lifetimes bound by the binders around. */
    private long bound;

    private RustV0(String symbol) {
        in = new Mangled(symbol, 2);
        out = new StringBuilder(2 * symbol.length());
    }

    /** The path, or null when {@code symbol} is not of this form. */
    static String demangle(String symbol) {
        if (!symbol.startsWith("_R") || symbol.length() < 3 || !Mangled.isUpper(symbol.charAt(2))) {
            return null;
        }
        try {
            int dot = symbol.indexOf('.');
            return new RustV0(dot < 0 ? symbol : symbol.substring(0, dot)).symbol();
        } catch (NotMangledException e) {
            return null;
        }
    }

    private String symbol() {
        path(true);
        if (!in.atEnd()) {
            silent = true;
            path(false);
        }
        return in.atEnd() ? out.toString() : null;
    }

    private void print(String text) {
        if (!silent) {
            out.append(text);
        }
        if (out.length() > MAX_LENGTH) {
            throw NotMangledException.INSTANCE;
        }
    }

    private void enter() {
        in.enter();
        if (++steps > MAX_STEPS) {
            throw NotMangledException.INSTANCE;
        }
    }

    /** {@code value}: whether generic arguments need the turbofish. */
    private void path(boolean value) {
        enter();
        switch (in.next()) {
            case 'C' -> {
                disambiguator();
                identifier();
            }
            case 'N' -> nested(value);
            case 'M' -> {
                implementation();
                print("<");
                type();
                print(">");
            }
            case 'X' -> {
                implementation();
                qualified();
            }
            case 'Y' -> qualified();
            case 'I' -> generic(value);
            case 'B' -> {
                int here = follow();
                if (here >= 0) {
                    path(value);
                    in.position(here);
                }
            }
            default -> throw NotMangledException.INSTANCE;
        }
        in.leave();
    }

    private void generic(boolean value) {
        path(value);
        print(value ? "::<" : "<");
        arguments();
        print(">");
    }

    /** The place of an impl, which is not shown. */
    private void implementation() {
        boolean held = silent;
        silent = true;
        disambiguator();
        path(false);
        silent = held;
    }

    private void qualified() {
        print("<");
        type();
        print(" as ");
        path(false);
        print(">");
    }

    private void nested(boolean value) {
        char namespace = in.next();
        path(value);
        long disambiguator = disambiguator();
        String name = name();
        if (Mangled.isUpper(namespace)) {
            print("::{");
            print(namespace == 'C' ? "closure" : namespace == 'S' ? "shim" : String.valueOf(namespace));
            print(name.isEmpty() ? "" : ":");
            print(name);
            print("#");
            print(Long.toUnsignedString(disambiguator));
            print("}");
        } else if (Mangled.isLower(namespace)) {
            print(name.isEmpty() ? "" : "::");
            print(name);
        } else {
            throw NotMangledException.INSTANCE;
        }
    }

    /** Moves to where a backward reference points; the position to come back to, or -1 when nothing is printed. */
    private int follow() {
        int start = in.position() - 1;
        long target = base62() + 2;
        if (target < 2 || target >= start) {
            throw NotMangledException.INSTANCE;
        }
        if (silent) {
            return -1;
        }
        int here = in.position();
        in.position((int) target);
        return here;
    }

    /** {@code _} is 0, {@code 0_} is 1. */
    private long base62() {
        if (in.skip('_')) {
            return 0;
        }
        long value = 0;
        for (char c = in.next(); c != '_'; c = in.next()) {
            value = value * 62 + digit62(c);
        }
        return value + 1;
    }

    private static int digit62(char c) {
        if (Mangled.isDigit(c)) {
            return c - '0';
        }
        if (Mangled.isLower(c)) {
            return c - 'a' + 10;
        }
        if (Mangled.isUpper(c)) {
            return c - 'A' + 36;
        }
        throw NotMangledException.INSTANCE;
    }

    private long disambiguator() {
        return in.skip('s') ? base62() + 1 : 0;
    }

    private void identifier() {
        print(name());
    }

    /** {@code [u] <length> [_] <bytes>}; a leading u means Punycode. */
    private String name() {
        boolean encoded = in.skip('u');
        int length = in.peek() == '0' ? zero() : in.number();
        in.skip('_');
        String text = length == 0 ? "" : in.take(length);
        return encoded ? Punycode.decode(text) : text;
    }

    private int zero() {
        in.next();
        return 0;
    }

    private void arguments() {
        for (int i = 0; !in.skip('E'); i++) {
            print(i == 0 ? "" : ", ");
            if (in.skip('L')) {
                lifetime(base62());
            } else if (in.skip('K')) {
                constant();
            } else {
                type();
            }
        }
    }

    /** A lifetime, counted outwards from the innermost bound one; 0 is the erased one. */
    private void lifetime(long index) {
        if (index == 0) {
            print("'_");
            return;
        }
        long depth = bound - index;
        if (depth >= 0 && depth < LETTERS) {
            print("'");
            print(String.valueOf((char) ('a' + depth)));
        } else {
            print("'_");
            print(Long.toUnsignedString(depth));
        }
    }

    private void type() {
        enter();
        char tag = in.next();
        String basic = basicType(tag);
        if (basic != null) {
            print(basic);
        } else {
            compound(tag);
        }
        in.leave();
    }

    private void compound(char tag) {
        switch (tag) {
            case 'R', 'Q' -> reference(tag == 'Q');
            case 'P' -> pointer("*const ");
            case 'O' -> pointer("*mut ");
            case 'A' -> {
                print("[");
                type();
                print("; ");
                constant();
                print("]");
            }
            case 'S' -> {
                print("[");
                type();
                print("]");
            }
            case 'T' -> tuple();
            case 'F' -> function();
            case 'D' -> object();
            case 'B' -> {
                int here = follow();
                if (here >= 0) {
                    type();
                    in.position(here);
                }
            }
            default -> {
                in.skip(-1);
                path(false);
            }
        }
    }

    private void reference(boolean mutable) {
        print("&");
        if (in.skip('L')) {
            long lifetime = base62();
            if (lifetime != 0) {
                lifetime(lifetime);
                print(" ");
            }
        }
        print(mutable ? "mut " : "");
        type();
    }

    private void pointer(String words) {
        print(words);
        type();
    }

    private void tuple() {
        print("(");
        int count = 0;
        for (; !in.skip('E'); count++) {
            print(count == 0 ? "" : ", ");
            type();
        }
        print(count == 1 ? ",)" : ")");
    }

    private void function() {
        long held = bound;
        binder();
        print(in.skip('U') ? "unsafe " : "");
        if (in.skip('K')) {
            print("extern \"");
            print(in.skip('C') ? "C" : name().replace('_', '-'));
            print("\" ");
        }
        print("fn(");
        for (int i = 0; !in.skip('E'); i++) {
            print(i == 0 ? "" : ", ");
            type();
        }
        print(")");
        if (!in.skip('u')) {
            print(" -> ");
            type();
        }
        bound = held;
    }

    private void object() {
        long held = bound;
        print("dyn ");
        binder();
        for (int i = 0; !in.skip('E'); i++) {
            print(i == 0 ? "" : " + ");
            trait();
        }
        bound = held;
        in.expect('L');
        long lifetime = base62();
        if (lifetime != 0) {
            print(" + ");
            lifetime(lifetime);
        }
    }

    private void trait() {
        boolean open = openPath();
        while (in.skip('p')) {
            print(open ? ", " : "<");
            open = true;
            identifier();
            print(" = ");
            type();
        }
        print(open ? ">" : "");
    }

    /** A path, its generic arguments still open; whether there are any. */
    private boolean openPath() {
        enter();
        boolean open = false;
        if (in.skip('B')) {
            int here = follow();
            if (here >= 0) {
                open = openPath();
                in.position(here);
            }
        } else if (in.skip('I')) {
            path(false);
            print("<");
            arguments();
            open = true;
        } else {
            path(false);
        }
        in.leave();
        return open;
    }

    private void binder() {
        if (!in.skip('G')) {
            return;
        }
        long count = base62() + 1;
        if (count <= 0 || count > MAX_STEPS) {
            throw NotMangledException.INSTANCE;
        }
        print("for<");
        for (long i = 0; i < count; i++) {
            print(i == 0 ? "" : ", ");
            bound++;
            lifetime(1);
        }
        print("> ");
    }

    private void constant() {
        enter();
        char tag = in.next();
        switch (tag) {
            case 'p' -> print("_");
            case 'h', 't', 'm', 'y', 'o', 'j' -> integer();
            case 'a', 's', 'l', 'x', 'n', 'i' -> {
                print(in.skip('n') ? "-" : "");
                integer();
            }
            case 'b' -> truth(hexadecimal());
            case 'c' -> character(hexadecimal());
            case 'B' -> {
                int here = follow();
                if (here >= 0) {
                    constant();
                    in.position(here);
                }
            }
            default -> throw NotMangledException.INSTANCE;
        }
        in.leave();
    }

    private String hexadecimal() {
        int start = in.position();
        while (in.peek() != '_') {
            if (Character.digit(in.next(), 16) < 0) {
                throw NotMangledException.INSTANCE;
            }
        }
        String digits = in.since(start);
        in.next();
        int zeros = 0;
        while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
            zeros++;
        }
        return digits.isEmpty() ? "0" : digits.substring(zeros);
    }

    private void integer() {
        String digits = hexadecimal();
        print(digits.length() > DECIMAL_DIGITS ? "0x".concat(digits) : Long.toUnsignedString(Long.parseUnsignedLong(digits, 16)));
    }

    private void truth(String digits) {
        if (!digits.equals("0") && !digits.equals("1")) {
            throw NotMangledException.INSTANCE;
        }
        print(digits.equals("0") ? "false" : "true");
    }

    private void character(String digits) {
        if (digits.length() > 8) {
            throw NotMangledException.INSTANCE;
        }
        long c = Long.parseLong(digits, 16);
        print("'");
        if (c == '\t' || c == '\n' || c == '\r') {
            print(c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\r");
        } else if (c > 0x1f && c < 0x7f) {
            print(String.valueOf((char) c));
        } else {
            print("\\u{".concat(digits).concat("}"));
        }
        print("'");
    }

    private static String basicType(char tag) {
        return switch (tag) {
            case 'b' -> "bool";
            case 'c' -> "char";
            case 'e' -> "str";
            case 'u' -> "()";
            case 'a' -> "i8";
            case 's' -> "i16";
            case 'l' -> "i32";
            case 'x' -> "i64";
            case 'n' -> "i128";
            case 'i' -> "isize";
            case 'h' -> "u8";
            case 't' -> "u16";
            case 'm' -> "u32";
            case 'y' -> "u64";
            case 'o' -> "u128";
            case 'j' -> "usize";
            case 'f' -> "f32";
            case 'd' -> "f64";
            case 'z' -> "!";
            case 'p' -> "_";
            case 'v' -> "...";
            default -> null;
        };
    }
}
