package dev.sonde.types;

import java.util.List;
import java.util.Optional;

/** The fields of one struct or union; an implementation may read them only when they are asked for. */
public interface Fields {
    /** All fields in their order, anonymous members included. */
    List<Field> all();

    /** The field of that name, also inside anonymous members, with its offset from the outer struct. */
    default Optional<Field> find(String name) {
        for (Field field : all()) {
            if (field.name().equals(name)) {
                return Optional.of(field);
            }
        }
        // Only then inside: a class hides what its bases call the same.
        for (Field field : all()) {
            if (field.name().isEmpty() && field.type() instanceof Type.Struct inner) {
                Optional<Field> found = inner.fields().find(name);
                if (found.isPresent()) {
                    return found.map(f -> f.shifted(field.offset()));
                }
            }
        }
        return Optional.empty();
    }

    /** Fields that are known already. */
    static Fields of(List<Field> fields) {
        List<Field> copy = List.copyOf(fields);
        return () -> copy;
    }
}
