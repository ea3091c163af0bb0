package dev.sonde.types;

/**
 * A field of a struct or union.
 *
 * @param name empty for an anonymous struct or union member
 * @param type its type; of a bit field the declared integer type
 * @param offset bytes from the start of the struct; of a bit field the byte that holds its first bit
 * @param bitShift of a bit field: bits from the low end of the little-endian integer read at {@code offset}
 * @param bitWidth of a bit field: its width; 0 for every other field
 */
public record Field(String name, Type type, int offset, int bitShift, int bitWidth) {
    /** A field that is not a bit field. */
    public static Field plain(String name, Type type, int offset) {
        return new Field(name, type, offset, 0, 0);
    }

    /** Whether it is a bit field. */
    public boolean isBitField() {
        return bitWidth != 0;
    }

    /** The same field seen from a struct that holds this one's struct at {@code base}. */
    public Field shifted(int base) {
        return new Field(name, type, offset + base, bitShift, bitWidth);
    }
}
