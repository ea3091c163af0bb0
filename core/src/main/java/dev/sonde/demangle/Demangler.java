package dev.sonde.demangle;

/**
 * Turns the mangled names of C++ and Rust into what their authors wrote: {@code _ZN1A1fEi} is {@code A::f(int)}.
 *
 * <p>C++ names follow the Itanium C++ ABI (<a href="https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling">section 5.1</a>) and are
 * printed as GNU {@code c++filt} prints them: return types of templates, {@code [abi:cxx11]}, {@code {lambda(int)#1}}, typedefs of
 * {@code std} written out. Covered are
 * <ul>
 * <li>5.1.2 names, nested and in {@code std}, with qualifiers, member-like friends, and structured bindings;
 * <li>5.1.3 operators, conversions, literal and vendor operators; 5.1.4 constructors, destructors, and special names (tables, typeinfo, thunks,
 *     guards, reference temporaries, thread-local wrappers, transaction clones, template parameter objects, module initialisers);
 * <li>5.1.5 types: all compounds, function types with exceptions and qualifiers, decltype, packs, vectors, vendor types, template
 *     parameters and arguments, template heads and constraints;
 * <li>5.1.6 expressions, literals, folds and initialisers; 5.1.7 local names, unnamed types and discriminators; 5.1.8 closures;
 * <li>5.1.10 substitutions; ABI tags, module names, and a compiler's suffixes, as {@code [clone .cold]}.
 * </ul>
 *
 * <p>Rust names of both kinds ({@link RustLegacy}, {@link RustV0}) are printed without hashes.
 *
 * <p>An ELF version, {@code @GLIBCXX_3.4}, stays as it is. What is not a mangled name, is malformed, nests too deeply or stands for an
 * enormous text is returned unchanged.
 */
public final class Demangler {
    /** A longer symbol is not looked at. */
    private static final int MAX_LENGTH = 1 << 16;

    private Demangler() {
    }

    /** The demangled text of {@code symbol}, or {@code symbol} itself. */
    public static String demangle(String symbol) {
        return demangle(symbol, true);
    }

    /**
     * The same without the parameters, the return type and the compiler's suffixes of a function: {@code A::f} for {@code _ZN1A1fEi}. An ELF
     * version is dropped from a name that is demangled.
     */
    public static String withoutParameters(String symbol) {
        return demangle(symbol, false);
    }

    private static String demangle(String symbol, boolean whole) {
        int mark = isCandidate(symbol) ? symbol.indexOf('@') : 0;
        if (mark == 0) {
            return symbol;
        }
        String name = mark < 0 ? symbol : symbol.substring(0, mark);
        String text = rust(name);
        if (text == null) {
            text = cpp(name, whole);
        }
        return text == null ? symbol : mark < 0 || !whole ? text : text.concat(symbol.substring(mark));
    }

    private static boolean isCandidate(String symbol) {
        int start = prefix(symbol);
        int length = symbol.length();
        return length > start + 2 && length <= MAX_LENGTH && symbol.charAt(start) == '_' && "ZRG".indexOf(symbol.charAt(start + 1)) >= 0;
    }

    /** The length of the dot or dollar that some tools put before a name. */
    private static int prefix(String symbol) {
        return symbol.startsWith(".") || symbol.startsWith("$") ? 1 : 0;
    }

    private static String rust(String name) {
        return name.charAt(1) == 'R' ? RustV0.demangle(name) : RustLegacy.demangle(name);
    }

    private static String cpp(String name, boolean whole) {
        try {
            int start = prefix(name);
            String keyed = keyedTo(name, start);
            String text = keyed == null ? mangledName(name, start, whole) : keyed;
            return name.charAt(0) == '.' ? ".".concat(text) : text;
        } catch (NotMangledException e) {
            return null;
        }
    }

    /** {@code _GLOBAL__I_x}: the code that initialises (or with D destroys) what stands in the file of x; else null. */
    private static String keyedTo(String name, int start) {
        if (!name.startsWith("_GLOBAL_", start) || name.length() < start + 12 || name.charAt(start + 10) != '_') {
            return null;
        }
        char kind = name.charAt(start + 9);
        if ("._$".indexOf(name.charAt(start + 8)) < 0 || kind != 'I' && kind != 'D') {
            return null;
        }
        return (kind == 'I' ? "global constructors keyed to " : "global destructors keyed to ") + demangle(name.substring(start + 11));
    }

    private static String mangledName(String name, int start, boolean whole) {
        if (!name.startsWith("_Z", start)) {
            throw NotMangledException.INSTANCE;
        }
        Mangled in = new Mangled(name, start + 2);
        Node tree = new ItaniumParser(in).encoding();
        Printer out = new Printer(4 * name.length());
        out.print(whole || !(tree instanceof Name.Encoding encoding) ? tree : encoding.name());
        while (in.peek() == '.') {
            int clone = in.position();
            suffix(in);
            if (whole) {
                out.append(" [clone ");
                out.append(in.since(clone));
                out.append(']');
            }
        }
        if (!in.atEnd()) {
            throw NotMangledException.INSTANCE;
        }
        return out.text();
    }

    /** A word after a dot, and numbers after dots. */
    private static void suffix(Mangled in) {
        in.next();
        if (!Mangled.isDigit(in.peek())) {
            word(in);
        } else {
            in.skip(-1);
        }
        while (in.peek() == '.' && Mangled.isDigit(in.peek(1))) {
            in.next();
            while (Mangled.isDigit(in.peek())) {
                in.next();
            }
        }
    }

    private static void word(Mangled in) {
        if (!Mangled.isLower(in.peek()) && in.peek() != '_') {
            throw NotMangledException.INSTANCE;
        }
        while (Mangled.isLower(in.peek()) || Mangled.isDigit(in.peek()) || in.peek() == '_') {
            in.next();
        }
    }
}
