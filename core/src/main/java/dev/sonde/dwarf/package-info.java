/**
 * DWARF debug information. Sections are handed in as cursors: the package knows no file format that carries them, no process and no script.
 *
 * <p>Start with {@link dev.sonde.dwarf.Dwarf} for functions, types and lines: it gives {@link dev.sonde.dwarf.Unit}s, which hold
 * {@link dev.sonde.dwarf.Entry}s and have a {@link dev.sonde.dwarf.LineTable}. Start with {@link dev.sonde.dwarf.CfiSection} for call frame
 * information. DWARF 2 to 5 of 32 and 64 bits are read; split DWARF (.dwo files) is only recognised.
 */
package dev.sonde.dwarf;
