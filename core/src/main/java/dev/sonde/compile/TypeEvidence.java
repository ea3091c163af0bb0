package dev.sonde.compile;

import dev.sonde.types.Type;

/**
 * What a value tells of the type of the variable or map that takes it. A literal that is not negative goes with either sign: it widens, but it does
 * not make a type signed.
 *
 * @param firm the type without what literals say: {@code NONE}, or {@code NONE} at their places in a tuple or record
 * @param literal the types of the literals, {@code NONE} elsewhere
 */
record TypeEvidence(Type firm, Type literal) {
    /** Nothing is known. */
    static final TypeEvidence NONE = new TypeEvidence(Type.NONE, Type.NONE);

    /** Of a value that is no literal. */
    static TypeEvidence of(Type type) {
        return new TypeEvidence(type, Type.NONE);
    }

    /** Of a literal that is not negative. */
    static TypeEvidence ofLiteral(Type type) {
        return new TypeEvidence(Type.NONE, type);
    }

    /** This and {@code other}; null when they do not go together. */
    TypeEvidence and(TypeEvidence other) {
        Type firmBoth = Unify.types(firm, other.firm);
        Type literalBoth = Unify.types(literal, other.literal);
        if (firmBoth == null || literalBoth == null) {
            return null;
        }
        var both = new TypeEvidence(firmBoth, literalBoth);
        return both.type() == null ? null : both;
    }

    /** With integers as a map keeps them. */
    TypeEvidence stored() {
        return new TypeEvidence(Unify.stored(firm), Unify.stored(literal));
    }

    /** The type that holds everything; null when there is none. */
    Type type() {
        return Unify.withLiteral(firm, literal);
    }

    /** Whether only literals speak, so that the sign is open. */
    boolean isOpen() {
        return firm == Type.NONE && literal.isInteger();
    }
}
