/**
 * Names behind addresses: what function, file and line a user or kernel address was in.
 *
 * <p>A process is remembered as soon as it is seen, by the places of its mapped code alone, so that its stacks still have names when it has ended.
 * An address becomes an offset in a file, and from there on only the file counts: its symbols are shared by every process that maps it. Files are
 * opened late and read in place. The package knows no script and no way to print a frame. Start with {@link dev.sonde.symbols.Symbolizer}, then
 * {@code TracedProcess} (per process) and {@code SymbolFile} (per file).
 */
package dev.sonde.symbols;
