package dev.sonde.spec;

import dev.sonde.types.StackMode;

/**
 * What config and environment say about a run; defaults are bpftrace's.
 *
 * @param printMapsOnExit {@code print_maps_on_exit}
 * @param truncationTrailer {@code str_trunc_trailer}: what ends a string that was cut
 * @param demangle {@code cpp_demangle}
 * @param stackMode {@code stack_mode}
 * @param maxCatBytes {@code max_cat_bytes}
 * @param cacheUserSymbols whether symbols of a program may be kept for all its processes
 * @param lazySymbolication whether user symbols are resolved only when they are printed
 * @param missingProbes {@code missing_probes}: error, warn or ignore
 * @param ringPages size of the ring buffer in pages
 * @param maxStringLength {@code max_strlen}
 */
public record RunOptions(
        boolean printMapsOnExit,
        String truncationTrailer,
        boolean demangle,
        StackMode stackMode,
        int maxCatBytes,
        boolean cacheUserSymbols,
        boolean lazySymbolication,
        MissingProbes missingProbes,
        int ringPages,
        int maxStringLength) {
    /** What one failed attachment of several means. */
    public enum MissingProbes {
        ERROR, WARN, IGNORE
    }

    /** bpftrace's defaults. */
    public static final RunOptions DEFAULTS = new RunOptions(true, "..", true, StackMode.BPFTRACE, 10240, true, true, MissingProbes.ERROR,
            4096, 1024);
}
