package dev.sonde.demangle;

/**
 * A part of a demangled C++ name. A type is printed around the name it declares, so printing has two halves: {@link #left} is what stands
 * before the name, {@link #right} what stands after it. Names and expressions are all left.
 *
 * <p>Template parameters are looked up while printing, in the template whose signature is being printed, not while parsing: a conversion
 * operator uses parameters whose arguments come later in the mangled name.
 */
sealed interface Node permits Name, Type, Expression {
    /** Prints what stands before the declared name. Called through {@link Printer#left}, which bounds the depth. */
    void left(Printer out);

    /** Prints what stands after the declared name. */
    default void right(Printer out) {
    }

    /** What is open for a declared name between the halves. */
    default Inside inside(Printer out) {
        return Inside.NOTHING;
    }

    /** Whether the two halves enclose the name: a function or array type, or a pointer to one. */
    default boolean encloses(Printer out) {
        return false;
    }

    /** The first argument pack a pack expansion of this part runs over, or null. */
    default Type.Pack pack(Printer out) {
        return null;
    }

    /** Whether the part stands in an expression without parentheses. */
    default boolean isSimple() {
        return false;
    }

    /** The template whose parameters the signature of a function of this name uses, or null. */
    default Name.Template template() {
        return null;
    }

    /** The class template whose member has this name, or null. */
    default Name.Template classTemplate() {
        return null;
    }

    /** Whether a function template of this name has its result mangled: all but constructors, destructors and conversions. */
    default boolean namesResult() {
        return true;
    }

    /** What a pointer or reference to a type has to be parenthesised for. */
    enum Inside { NOTHING, FUNCTION, ARRAY }

    /** The first pack among {@code parts}. */
    static Type.Pack packIn(Printer out, Node... parts) {
        for (Node part : parts) {
            Type.Pack pack = part == null ? null : out.pack(part);
            if (pack != null) {
                return pack;
            }
        }
        return null;
    }
}
