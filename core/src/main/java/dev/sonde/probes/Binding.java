package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Span;
import dev.sonde.spec.RunOptions;
import dev.sonde.syntax.Script;
import dev.sonde.target.Target;
import dev.sonde.types.KernelTypes;
import java.util.List;
import java.util.Set;

/**
 * What a probe kind may ask while it binds an attach point.
 *
 * @param target the machine
 * @param kernelTypes its types
 * @param diagnostics where mistakes go
 * @param pid the process of -p or -c, -1 without one
 * @param child whether that process is the one of -c
 * @param unsafe whether --unsafe was given
 * @param missing what a missing match means
 * @param usesArguments whether the body names {@code args}, so that places with different arguments cannot share a program
 * @param readsContext whether the body reads anything of its context: {@code args}, {@code argN}, {@code retval}, {@code ctx}, registers, kernel
 *     stacks
 * @param usesSite whether the body tells its places apart: {@code probe}, {@code func}
 * @param alone whether the attach point is the only one of its probe, so that no match is a mistake
 * @param namesTypes whether the body names types that the probed program may define
 * @param opensResult whether the body looks into {@code retval}, which needs its type: {@code retval->name}, {@code *retval}, {@code retval[0]}
 * @param typedProgram whether the body calls what only a program of kind TRACING may
 * @param argumentNames the members of {@code args} that the body reads, with {@link #WHOLE} among them when it may read any
 */
public record Binding(
        Target target,
        KernelTypes kernelTypes,
        Diagnostics diagnostics,
        int pid,
        boolean child,
        boolean unsafe,
        RunOptions.MissingProbes missing,
        boolean usesArguments,
        boolean readsContext,
        boolean usesSite,
        boolean alone,
        boolean namesTypes,
        boolean opensResult,
        boolean typedProgram,
        Set<String> argumentNames) {
    /** Stands for all members of {@code args}. */
    public static final String WHOLE = "*";

    public Binding {
        argumentNames = Set.copyOf(argumentNames);
    }

    /** A binding for a listing or a test: one attach point, whose body may name its place. */
    public Binding(Target target, KernelTypes kernelTypes, Diagnostics diagnostics, int pid, boolean unsafe, RunOptions.MissingProbes missing,
            boolean usesArguments, boolean readsContext) {
        this(target, kernelTypes, diagnostics, pid, false, unsafe, missing, usesArguments, readsContext, true, true, true, false, false,
                usesArguments ? Set.of(WHOLE) : Set.of());
    }

    /** Adds a mistake. */
    public void error(Span span, DiagnosticCode code, String message) {
        diagnostics.add(span, code, message);
    }

    /** Adds a mistake with a hint. */
    public void error(Span span, DiagnosticCode code, String message, String hint) {
        diagnostics.add(span, code, message, hint);
    }

    /**
     * Says that {@code name}, a literal or a pattern, matches nothing; empty hints are left out. In a list of attach points it is a mistake only when
     * none of them matches: published tools name a function as several kernels have it.
     */
    void noMatch(Span span, ProbeKind kind, String name, String... hints) {
        missing(span, "No matches for " + kind.name() + " " + name + ".", hints);
    }

    /** Says that there is no such {@code file} to put a probe into, with the weight of {@link #noMatch}. */
    void noFile(Span span, ProbeKind kind, String file) {
        String problem = target.problem(file);
        String inside = "/proc/" + pid + "/root" + file;
        boolean elsewhere = pid >= 0 && file.startsWith("/") && !target.executables(inside).isEmpty();
        missing(span, kind.name() + " target file '" + file + "' does not exist or is not executable",
                problem.isEmpty() ? "" : "It " + problem + ".",
                elsewhere ? "Process " + pid + " has another file system, in which it is there: " + inside + "." : "");
    }

    private void missing(Span span, String message, String... hints) {
        boolean mistake = missing == RunOptions.MissingProbes.ERROR && alone;
        if (missing == RunOptions.MissingProbes.IGNORE) {
            return;
        }
        var diagnostic = Diagnostic.at(span, mistake ? DiagnosticCode.NO_MATCH : DiagnosticCode.MISSING_PROBE, message);
        for (String hint : hints) {
            diagnostic = hint.isEmpty() ? diagnostic : diagnostic.hint(hint);
        }
        diagnostics.add(diagnostic);
    }

    /** Whether an attach point has from {@code least} to {@code most} parts after the kind, none of them empty; else a mistake is added. */
    boolean parts(Script.AttachPoint point, ProbeKind kind, List<String> parts, int least, int most) {
        if (parts.size() >= least && parts.size() <= most && !parts.contains("")) {
            return true;
        }
        String wanted = least == most ? String.valueOf(least) : least + " or " + most;
        String found = parts.contains("") ? "one that is empty" : String.valueOf(parts.size());
        error(point.span(), DiagnosticCode.BAD_ATTACH_POINT, kind.name() + " probe type requires " + wanted + " arguments, found " + found,
                "Write it as " + String.join(" or ", kind.forms()) + ".");
        return false;
    }
}
