package dev.sonde.ir;

import dev.sonde.types.AddressSpace;
import dev.sonde.types.Type;

/** The result of a lowered expression: where its bytes are. */
public sealed interface Value {
    /** Its type. */
    Type type();

    /** A scalar in a register or a constant. Narrow integers are extended to 64 bits as their type says. */
    record Scalar(Type type, Operand operand) implements Value {}

    /** Bytes in memory that the program may access directly, laid out as the type says. */
    record InMemory(Type type, Address place) implements Value {}

    /** Bytes elsewhere, to be read with a probe_read helper when they are needed: a struct, array or element behind a pointer. */
    record Remote(Type type, Operand address, AddressSpace space) implements Value {}

    /** A string whose bytes are known; without its final NUL. */
    record Literal(Type type, byte[] bytes) implements Value {}

    /** No value. */
    record Nothing(Type type) implements Value {}

    /** An integer constant. */
    static Scalar constant(Type type, long value) {
        return new Scalar(type, Operand.of(value));
    }
}
