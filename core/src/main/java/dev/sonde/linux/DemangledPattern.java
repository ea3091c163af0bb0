package dev.sonde.linux;

import dev.sonde.demangle.Demangler;
import dev.sonde.elf.NamePattern;
import java.util.Set;

/**
 * A C++ or Rust name as its author wrote it, to be found among mangled ones: with parameters or without, with {@code *} for any run of characters.
 * Blanks do not count.
 *
 * <p>Demangling half a million names takes seconds, so only those are demangled that contain the longest identifier of the pattern: mangling keeps
 * identifiers as they are.
 */
final class DemangledPattern {
    /** Words that are in demangled names and not in mangled ones, or not always. */
    private static final Set<String> WORDS = Set.of("operator", "anonymous", "namespace", "std", "string", "basic_string", "allocator", "istream",
            "ostream", "iostream", "basic_istream", "basic_ostream", "basic_iostream", "char_traits", "unsigned", "signed", "const", "volatile",
            "char", "short", "int", "long", "float", "double", "bool", "void", "wchar_t", "char8_t", "char16_t", "char32_t", "decltype",
            "nullptr_t", "auto",
            "lambda", "unnamed", "type", "closure", "vtable", "typeinfo", "guard", "variable", "thunk", "virtual", "clone", "template", "parameter",
            "object", "reference", "temporary", "static", "delete", "true", "false", "this", "sizeof", "noexcept", "restrict", "impl", "dyn", "mut",
            "usize", "isize", "__int128", "_Float16", "complex", "imaginary", "shim", "cxx11", "abi");

    private final String text;
    private final NamePattern pattern;
    private final NamePattern mangled;

    private DemangledPattern(String text, NamePattern pattern, NamePattern mangled) {
        this.text = text;
        this.pattern = pattern;
        this.mangled = mangled;
    }

    /** A pattern in which {@code *} stands for any run of characters. */
    static DemangledPattern of(String name) {
        return new DemangledPattern(withoutBlanks(name), NamePattern.of(withoutBlanks(name)), mangled(name));
    }

    /** A pattern in which {@code *} is a pointer. */
    static DemangledPattern literal(String name) {
        return new DemangledPattern(withoutBlanks(name), null, mangled(name));
    }

    private static NamePattern mangled(String name) {
        String identifier = longestIdentifier(name);
        return NamePattern.of(identifier.isEmpty() ? "*" : "*" + identifier + "*");
    }

    /** A part of an identifier, next to a star, is as good as a whole one. */
    private static String longestIdentifier(String name) {
        String longest = "";
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || !isPart(name.charAt(i))) {
                String word = name.substring(start, i);
                boolean usable = !word.isEmpty() && !Character.isDigit(word.charAt(0)) && !isPartOfWord(word, name, start, i);
                longest = usable && word.length() > longest.length() ? word : longest;
                start = i + 1;
            }
        }
        return longest;
    }

    private static boolean isPart(char c) {
        return c == '_' || c < 0x80 && Character.isLetterOrDigit(c);
    }

    /** Whether {@code word}, which may end or begin at a star, can stand for one of {@link #WORDS}. */
    private static boolean isPartOfWord(String word, String name, int start, int end) {
        boolean open = start > 0 && name.charAt(start - 1) == '*' || end < name.length() && name.charAt(end) == '*';
        if (!open) {
            return WORDS.contains(word);
        }
        for (String known : WORDS) {
            if (known.contains(word)) {
                return true;
            }
        }
        return false;
    }

    /** What a mangled name must match to be worth demangling. */
    NamePattern mangled() {
        return mangled;
    }

    /** Whether a symbol is meant: by what it demangles to without parameters, or whole, with or without a return type. */
    boolean matches(String symbol) {
        String plain = Demangler.withoutParameters(symbol);
        if (isThis(plain)) {
            return true;
        }
        String whole = Demangler.demangle(symbol);
        int name = whole.indexOf(plain);
        return isThis(whole) || name > 0 && isThis(whole.substring(name));
    }

    private boolean isThis(String demangled) {
        String name = withoutBlanks(demangled);
        return pattern == null ? name.equals(text) : pattern.matches(name);
    }

    private static String withoutBlanks(String text) {
        return text.indexOf(' ') < 0 ? text : text.replace(" ", "");
    }
}
