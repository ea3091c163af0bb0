package dev.sonde.btf;

/**
 * A named constant of an enum.
 *
 * @param name the constant's name
 * @param value its value, sign-extended or zero-extended to 64 bits as its enum is signed or not
 * @param enumId type id of its enum; 0 when it is not yet part of one (see {@link BtfWriter#enumeration})
 */
public record Enumerator(String name, long value, int enumId) {
    /** A constant for a {@link BtfWriter}. */
    public static Enumerator of(String name, long value) {
        return new Enumerator(name, value, 0);
    }
}
