package dev.sonde.btf;

/**
 * A member of a struct or union.
 *
 * @param name the member's name; empty for an anonymous struct or union
 * @param type the member's type id
 * @param bitOffset bits from the start of the struct (of the outermost one when {@link Btf#memberOf} found it)
 * @param bitfieldSize width in bits of a bit field, 0 for any other member
 */
public record Member(String name, int type, long bitOffset, int bitfieldSize) {
    /** A member that is no bit field, {@code offset} bytes into its struct. */
    public static Member at(String name, int type, long offset) {
        return new Member(name, type, offset * 8, 0);
    }

    /** Whether this is a bit field. */
    public boolean isBitfield() {
        return bitfieldSize != 0;
    }

    /** Bytes from the start of the struct to the byte that holds the first bit. */
    public long offset() {
        return bitOffset / 8;
    }

    Member movedBy(long bits) {
        return bits == 0 ? this : new Member(name, type, bitOffset + bits, bitfieldSize);
    }
}
