package dev.sonde.syntax;

import dev.sonde.source.Span;
import java.util.List;
import java.util.Optional;

/** One item of a script's C part. */
public sealed interface Definition {
    /** Where it stands. */
    Span span();

    /** {@code #include <path>} or {@code #include "path"}. */
    record Include(Span span, String path, boolean system) implements Definition {}

    /** {@code #define NAME value}; parameters of function-like macros are kept (null-free: empty list and {@code functionLike} false otherwise). */
    record Define(Span span, String name, boolean functionLike, List<String> parameters, String value) implements Definition {}

    /** {@code struct} or {@code union NAME { fields } attributes;}; without fields it is a forward declaration. */
    record Struct(Span span, Aggregate type) implements Definition {}

    /** {@code enum NAME { A = 1, … };} */
    record Enumeration(Span span, Optional<String> name, List<Enumerator> enumerators) implements Definition {}

    /** {@code typedef type name;} */
    record Typedef(Span span, Declarator declarator) implements Definition {}

    /** An enumerator with its value expression, when it has one. */
    record Enumerator(Span span, String name, Optional<Expression> value) {}

    /**
     * A struct or union body.
     *
     * @param name its tag; empty when anonymous
     * @param fields empty optional for a forward declaration or a mere use of the tag
     * @param packed {@code __attribute__((packed))}
     * @param aligned the value of {@code __attribute__((aligned(n)))}, 0 without one
     */
    record Aggregate(Span span, boolean union, Optional<String> name, Optional<List<Declarator>> fields, boolean packed, int aligned) {}

    /**
     * One declared name: {@code base} with stars, array sizes and a bit-field width.
     *
     * @param name empty for an anonymous struct or union member
     * @param dimensions array sizes as expressions, outermost first; an empty list for none
     * @param bits bit-field width expression
     * @param functionPointer whether it is a pointer to a function (whose signature is not kept)
     */
    record Declarator(
            Span span, Optional<String> name, CType base, int pointers, List<Expression> dimensions, Optional<Expression> bits,
            boolean functionPointer) {}

    /** The base type of a declarator. */
    sealed interface CType {
        /** {@code int}, {@code long long unsigned int}, {@code __u32}, {@code size_t}: words joined by one space, without qualifiers. */
        record Named(Span span, String name) implements CType {}

        /** {@code struct X}, {@code union X} or an inline body. */
        record OfAggregate(Aggregate aggregate) implements CType {}

        /** {@code enum X} or an inline enum. */
        record OfEnum(Enumeration enumeration) implements CType {}
    }
}
