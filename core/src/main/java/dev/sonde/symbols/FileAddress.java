package dev.sonde.symbols;

/**
 * A place in a file, whatever process maps it where.
 *
 * @param file which file
 * @param offset bytes from the start of the ELF file
 */
record FileAddress(FileId file, long offset) {}
