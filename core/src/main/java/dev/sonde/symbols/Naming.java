package dev.sonde.symbols;

/**
 * How frames are to be named.
 *
 * @param demangle whether C++ and Rust names are written as in the source
 * @param inlined whether functions inlined at an address get frames of their own
 */
public record Naming(boolean demangle, boolean inlined) {
    /** As in the source, and one frame for each address. */
    public static final Naming SOURCE = new Naming(true, false);
}
