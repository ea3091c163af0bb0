/**
 * Mangled names of C++ and Rust, read back into source form.
 *
 * <p>A C++ name is parsed into a tree of {@code Node}s by {@code ItaniumParser} and the parsers for names, types and expressions beside it, and
 * printed by the nodes themselves with the state of a {@code Printer}. A Rust name is printed while it is read. The package works on text alone: it
 * must not learn what a symbol table or a process is. Start with {@link dev.sonde.demangle.Demangler}, then {@code ItaniumParser}.
 */
package dev.sonde.demangle;
