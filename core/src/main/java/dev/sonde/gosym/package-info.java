/**
 * What the Go linker leaves in every binary, even a stripped one: the function table with names, lines and frame sizes, and the build
 * information.
 *
 * <p>Sources of the formats: the comments in Go's {@code runtime/symtab.go}, {@code internal/abi/symtab.go} and
 * {@code debug/buildinfo/buildinfo.go}; names are kept as they are there. The package is handed section bytes and addresses: it must not
 * learn what ELF or a process is. Start with {@link dev.sonde.gosym.Pclntab}.
 */
package dev.sonde.gosym;
