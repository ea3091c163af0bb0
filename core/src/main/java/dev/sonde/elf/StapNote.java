package dev.sonde.elf;

import java.util.List;

/**
 * One user-level statically defined tracing (USDT) probe site.
 *
 * @param provider provider name
 * @param name probe name; one probe may have many sites
 * @param pc virtual address of the instruction to probe
 * @param semaphore virtual address of a 16-bit counter that enables the probe while it is not zero, or 0 for none
 * @param arguments where the arguments are, as the compiler wrote it
 */
public record StapNote(String provider, String name, long pc, long semaphore, String arguments) {
    /** The parsed arguments, in order; {@code machine} is {@link ElfFile#machine()}. */
    public List<UsdtArgument> arguments(int machine) {
        return UsdtArgument.parse(arguments, machine);
    }
}
