package dev.sonde.syntax;

import dev.sonde.syntax.Expression.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads type names and decides where a text can only be a type. */
final class TypeParser {
    private final Scanner in;
    private final ExpressionParser expressions;

    TypeParser(Scanner in, ExpressionParser expressions) {
        this.in = in;
        this.expressions = expressions;
    }

    /** Whether {@code word} is a type wherever it stands: a type of the language, a C type word, a kernel integer or a name in {@code _t}. */
    static boolean isTypeWord(String word) {
        return switch (word) {
            case "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool", "void", "string", "buffer", "inet", "timestamp",
                    "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "__u8", "__u16", "__u32", "__u64", "__s8", "__s16", "__s32", "__s64",
                    "__be16", "__be32", "__be64", "__le16", "__le32", "__le64", "mac_address" -> true;
            default -> isIntegerWord(word) || word.length() > 2 && word.endsWith("_t");
        };
    }

    /** Whether {@code word} can be a part of a C arithmetic type of several words. */
    static boolean isIntegerWord(String word) {
        return switch (word) {
            case "unsigned", "signed", "long", "short", "int", "char", "float", "double", "_Bool", "__signed__", "__int128" -> true;
            default -> false;
        };
    }

    static boolean isTag(String word) {
        return word.equals("struct") || word.equals("union") || word.equals("enum");
    }

    private static boolean isQualifier(String word) {
        return word.equals("const") || word.equals("volatile");
    }

    /** A type with its stars and array sizes, which are read from left to right. */
    TypeName type() {
        int start = in.at();
        int level = in.depth();
        in.enter();
        TypeName type = base();
        while (true) {
            skipQualifiers();
            if (in.accept('*')) {
                in.enter();
                type = new TypeName.Pointer(in.from(start), type);
            } else if (in.accept('[')) {
                in.enter();
                Optional<Expression> size = in.peek() == ']' ? Optional.empty() : Optional.of(expressions.bracketed());
                in.expect(']');
                type = new TypeName.Array(in.from(start), type, size);
            } else {
                in.leave(level);
                return type;
            }
        }
    }

    private void skipQualifiers() {
        while (isQualifier(in.wordAt(in.at()))) {
            in.word("");
        }
    }

    private TypeName base() {
        skipQualifiers();
        int start = in.at();
        if (in.accept('(')) {
            return group(start);
        }
        String word = in.word("expected type name");
        if (isTag(word)) {
            String name = qualified("expected name after '" + word + "'");
            return new TypeName.Tagged(in.from(start), word, name);
        }
        if (word.equals("typeof") && in.peek() == '(') {
            return typeOf(start);
        }
        if (in.is("::")) {
            in.reset(start);
            String name = qualified("expected type name");
            return new TypeName.Named(in.from(start), name);
        }
        return named(start, word);
    }

    private TypeName named(int start, String first) {
        String name = first;
        while (isIntegerWord(first) && isIntegerWord(in.wordAt(in.at()))) {
            name += " " + in.word("");
        }
        return new TypeName.Named(in.from(start), name);
    }

    /** A name, or a C++ name with {@code ::}. */
    String qualified(String message) {
        var name = new StringBuilder(in.word(message));
        while (in.is("::")) {
            in.take(2);
            name.append("::").append(in.word(message));
        }
        return name.toString();
    }

    private TypeName typeOf(int start) {
        in.expect('(');
        Argument operand = operand();
        in.expect(')');
        return switch (operand) {
            case Argument.OfType(TypeName type) -> type;
            case Argument.Value(Expression value) -> new TypeName.TypeOf(in.from(start), value);
        };
    }

    private TypeName group(int start) {
        var names = new ArrayList<String>();
        var types = new ArrayList<TypeName>();
        while (in.peek() != ')') {
            if (in.isWord() && in.charAt(in.next(in.wordEnd(in.at()))) == '=') {
                names.add(in.word(""));
                in.expect('=');
            }
            types.add(type());
            if (!in.accept(',')) {
                break;
            }
        }
        in.expect(')');
        if (names.isEmpty()) {
            return new TypeName.Tuple(in.from(start), List.copyOf(types));
        }
        if (names.size() != types.size()) {
            throw in.fail(in.from(start), "a record type names all of its fields");
        }
        return new TypeName.OfRecord(in.from(start), List.copyOf(names), List.copyOf(types));
    }

    /** The operand of {@code sizeof}, {@code offsetof} and {@code typeof}: a known type word is a type here, another bare word a value. */
    Argument operand() {
        return isType(true) ? new Argument.OfType(type()) : new Argument.Value(expressions.bracketed());
    }

    /** An argument of a call; {@code operators} are the functions that take types, so that {@code int8} alone is one. */
    Argument argument(boolean operators) {
        return isType(operators) ? new Argument.OfType(type()) : new Argument.Value(expressions.bracketed());
    }

    private boolean isType(boolean bareWords) {
        String word = in.wordAt(in.at());
        if (word.isEmpty()) {
            return false;
        }
        int next = in.next(in.at() + word.length());
        if (isTag(word) || isQualifier(word)) {
            return Scanner.isWordStart(in.charAt(next));
        }
        if (word.equals("typeof")) {
            return in.charAt(next) == '(';
        }
        return switch (in.charAt(next)) {
            case '*' -> endsAfterStars(next);
            case '[' -> bareWords && isTypeWord(word);
            case ')', ',' -> bareWords && isTypeWord(word);
            default -> isIntegerWord(word) && isIntegerWord(in.wordAt(next));
        };
    }

    private boolean endsAfterStars(int index) {
        int i = index;
        while (in.charAt(i) == '*') {
            i = in.next(i + 1);
        }
        return in.charAt(i) == ')' || in.charAt(i) == ',' || in.charAt(i) == '[';
    }
}
