package dev.sonde.symbols;

/**
 * A place in a file, whatever process maps it where.
 *
 * @param offset bytes from the start of the ELF file
 */
record FileAddress(SymbolFile file, long offset) {
    /** The place {@code count} bytes before. */
    FileAddress before(int count) {
        return new FileAddress(file, offset - count);
    }

    /** The function that covers the place, null when the file does not name it. */
    NamedFunction function() {
        return file.lookup(offset);
    }

    /** Bytes from the start of {@code function}, which may begin after the place. */
    long distance(NamedFunction function) {
        return file.vaddr(offset) - function.start();
    }
}
