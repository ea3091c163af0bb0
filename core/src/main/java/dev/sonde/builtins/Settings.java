package dev.sonde.builtins;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.RunOptions;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

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
 * @param selection which probes are compiled
 * @param unwinding {@code stack_unwind}
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
        boolean reportFailures,
        Selection selection,
        Unwinding unwinding) {
    /** How user stacks are walked. */
    public enum Unwinding {
        /** As Sonde finds best: by frame pointers, as bpftrace does. */
        AUTO,
        /** By frame pointers. */
        FP,
        /** By the tables that compilers make for exceptions and debuggers. */
        DWARF;

        /** The word used in a script. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Which probes of a script are wanted.
     *
     * @param demanded which of the probes that run only on demand: those of {@code --test} or those of {@code --bench}; empty for none
     * @param kept whether a place is, by its full attach point: {@code --probe-filter}; begin and end are not asked for
     */
    public record Selection(Optional<AttachSpec.Self.Moment> demanded, Optional<Predicate<String>> kept) {
        /** All probes of a trace. */
        public static final Selection ALL = new Selection(Optional.empty(), Optional.empty());
    }

    /** Settings for all probes of a trace. */
    public Settings(RunOptions options, int maxStringLength, int maxMapKeys, int maxProbes, int maxPrograms, int onStackLimit, String license,
            boolean unsafe, int childPid, int pid, boolean reportHelperErrors, boolean reportFailures) {
        this(options, maxStringLength, maxMapKeys, maxProbes, maxPrograms, onStackLimit, license, unsafe, childPid, pid, reportHelperErrors,
                reportFailures, Selection.ALL, Unwinding.AUTO);
    }

    /** bpftrace's defaults. */
    public static final Settings DEFAULTS = new Settings(RunOptions.DEFAULTS, 1024, 4096, 1024, 1024, 32, "GPL", false, 0, -1, false, true);

    /** The same, silent about what goes wrong in a running script. */
    public Settings withoutFailures() {
        return new Settings(options, maxStringLength, maxMapKeys, maxProbes, maxPrograms, onStackLimit, license, unsafe, childPid, pid, false, false,
                selection, unwinding);
    }

    /** The same with strings of at most {@code bytes}. */
    public Settings withStrings(int bytes) {
        return new Settings(options, bytes, maxMapKeys, maxProbes, maxPrograms, onStackLimit, license, unsafe, childPid, pid, reportHelperErrors,
                reportFailures, selection, unwinding);
    }

    /** The same for other probes. */
    public Settings selecting(Selection probes) {
        return new Settings(options, maxStringLength, maxMapKeys, maxProbes, maxPrograms, onStackLimit, license, unsafe, childPid, pid,
                reportHelperErrors, reportFailures, probes, unwinding);
    }

    /** The same with user stacks walked so. */
    public Settings unwinding(Unwinding how) {
        return new Settings(options, maxStringLength, maxMapKeys, maxProbes, maxPrograms, onStackLimit, license, unsafe, childPid, pid,
                reportHelperErrors, reportFailures, selection, how);
    }
}
