package dev.sonde.elf;

/**
 * The separate debug file named in {@code .gnu_debuglink} (GDB manual, "Separate Debug Files").
 *
 * @param name file name without a directory
 * @param crc CRC-32 of that whole file
 */
public record DebugLink(String name, int crc) {
}
