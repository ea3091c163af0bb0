package dev.sonde.symbols;

/**
 * What frames are to say beside a function and an offset in it.
 *
 * @param demangle whether C++ and Rust names are written as in the source
 * @param source whether frames have their source line, and functions inlined at an address frames of their own, where the file tells them
 */
public record Naming(boolean demangle, boolean source) {
    /** Demangled, one frame for each address. */
    public static final Naming FUNCTIONS = new Naming(true, false);
}
