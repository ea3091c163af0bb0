package dev.sonde.syntax;

import dev.sonde.source.Span;
import java.util.List;
import java.util.Optional;

/** A type as written in a cast, a declaration, {@code sizeof} or {@code offsetof}. */
public sealed interface TypeName {
    /** Where it stands. */
    Span span();

    /** {@code int64}, {@code inet}, {@code size_t}, {@code unsigned int}, {@code string}, {@code void}: words joined by one space. */
    record Named(Span span, String name) implements TypeName {}

    /** {@code struct X}, {@code union X}, {@code enum X}: {@code tag} is the keyword. */
    record Tagged(Span span, String tag, String name) implements TypeName {}

    /** {@code T *} */
    record Pointer(Span span, TypeName target) implements TypeName {}

    /** {@code T[N]} or {@code T[]}; for {@code string} and {@code buffer} N is the size in bytes. */
    record Array(Span span, TypeName element, Optional<Expression> size) implements TypeName {}

    /** {@code typeof(expression)} or {@code typeof(type)}. */
    record TypeOf(Span span, Expression expression) implements TypeName {}

    /** {@code (T, U)} */
    record Tuple(Span span, List<TypeName> elements) implements TypeName {}

    /** {@code (a = T, b = U)} */
    record OfRecord(Span span, List<String> names, List<TypeName> types) implements TypeName {}
}
