package dev.sonde.symbols;

import dev.sonde.demangle.Demangler;

/** A function of a file, with its start as a virtual address. Its name is demangled once, when that is asked for. */
final class NamedFunction {
    private final String symbol;
    private final long start;
    private String demangled;

    NamedFunction(String symbol, long start) {
        this.symbol = symbol;
        this.start = start;
    }

    String name(boolean demangle) {
        if (!demangle) {
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
}
