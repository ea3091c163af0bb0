/**
 * Bounds-checked reading of binary formats.
 *
 * <p>Every reader of ELF, DWARF, BTF, pclntab or a kernel record reads through a {@link dev.sonde.bytes.Cursor}, which knows its byte order
 * and refuses, with a {@link dev.sonde.bytes.MalformedException}, to leave its slice. The package knows no format: it must not learn what a
 * section or a symbol is. Start with {@code Cursor}.
 */
package dev.sonde.bytes;
