package dev.sonde.builtins;

import dev.sonde.spec.RunOptions;

/**
 * What the script's config, the environment and the command line say about compiling. Defaults are bpftrace's.
 *
 * @param options those that matter while running
 * @param maxStringLength {@code max_strlen}: bytes of a string with its final NUL
 * @param maxMapKeys {@code max_map_keys}: entries of a map that declares no size
 * @param maxProbes {@code max_probes}
 * @param maxPrograms {@code max_bpf_progs}
 * @param onStackLimit {@code on_stack_limit}: bytes above which a temporary does not go on the stack
 * @param license {@code license}
 * @param unsafe {@code --unsafe}
 * @param childPid process id of the -c command, 0 without one
 * @param pid process id of -p or -c, -1 without one
 * @param reportHelperErrors {@code -k}
 * @param reportFailures whether full maps, divisions by zero and indices out of bounds are told of: not with {@code --no-warnings}
 */
public record Settings(
        RunOptions options,
        int maxStringLength,
        int maxMapKeys,
        int maxProbes,
        int maxPrograms,
        int onStackLimit,
        String license,
        boolean unsafe,
        int childPid,
        int pid,
        boolean reportHelperErrors,
        boolean reportFailures) {
    /** bpftrace's defaults. */
    public static final Settings DEFAULTS = new Settings(RunOptions.DEFAULTS, 1024, 4096, 1024, 1024, 32, "GPL", false, 0, -1, false, true);

    /** The same, silent about what goes wrong in a running script. */
    public Settings withoutFailures() {
        return new Settings(options, maxStringLength, maxMapKeys, maxProbes, maxPrograms, onStackLimit, license, unsafe, childPid, pid, false, false);
    }
}
