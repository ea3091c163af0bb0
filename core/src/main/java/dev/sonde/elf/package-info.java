/**
 * ELF files: headers, sections, segments, symbols and notes, read lazily from a mapped file.
 *
 * <p>Source of the format: System V gABI "Object Files" and "Program Loading and Dynamic Linking", with the GNU and SystemTap extensions
 * named at each type. The package reads bytes only: it must not learn what DWARF, Go or a process is, and nothing here is specific to the
 * running machine. Start with {@link dev.sonde.elf.ElfFile}, then {@link dev.sonde.elf.SymbolTable}.
 */
package dev.sonde.elf;
