package dev.sonde.symbols;

import dev.sonde.demangle.Demangler;

/** A function of a file, with its start as a virtual address. Its name is demangled once, when that is asked for. */
final class NamedFunction {
    private final String symbol;
    private final long start;
    private final boolean isGo;
    private String demangled;

    private NamedFunction(String symbol, long start, boolean isGo) {
        this.symbol = symbol;
        this.start = start;
        this.isGo = isGo;
    }

    /** A function with the name of its symbol, which may be mangled; a version after it ({@code f@@V2}, as debug files have it) is left out. */
    static NamedFunction ofSymbol(String symbol, long start) {
        int version = symbol.endsWith("@plt") ? -1 : symbol.indexOf('@');
        return new NamedFunction(version > 0 ? symbol.substring(0, version) : symbol, start, false);
    }

    /** A function of a Go function table. */
    static NamedFunction ofGo(String name, long start) {
        return new NamedFunction(name, start, true);
    }

    String name(boolean demangle) {
        if (!demangle || isGo) {
            return symbol;
        }
        if (demangled == null) {
            demangled = Demangler.demangle(symbol);
        }
        return demangled;
    }

    long start() {
        return start;
    }

    boolean isGo() {
        return isGo;
    }
}
