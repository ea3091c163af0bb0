package dev.sonde.probes;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import java.util.List;
import java.util.Optional;

/**
 * Places of one attach point that can share a program.
 *
 * @param kind the probe kind
 * @param context what the program may read
 * @param program the program's type, expected attach type (0 for none) and BTF target (0 for none)
 * @param sites the places in order, never empty
 * @param plan makes the attachments once the index of the first site is known
 * @param cookies whether every attachment carries its site's index as a cookie that the program can read
 * @param filterPid the process to which a run must belong, which the program itself has to check; -1 for any
 * @param selector how the program finds its site, and whether it is to run at all, when one attachment serves all sites
 */
public record ProbeGroup(ProbeKind kind, ProbeContext context, Program program, List<TraceSpec.Site> sites, Plan plan, boolean cookies, int filterPid,
        Optional<Selector> selector) {
    public ProbeGroup {
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("a group without sites");
        }
        sites = List.copyOf(sites);
    }

    /** A group without a filter, whose attachments each serve one site. */
    public ProbeGroup(ProbeKind kind, ProbeContext context, Program program, List<TraceSpec.Site> sites, Plan plan, boolean cookies) {
        this(kind, context, program, sites, plan, cookies, -1, Optional.empty());
    }

    /** The same group that looks only at process {@code pid}. */
    ProbeGroup filtered(int pid) {
        return new ProbeGroup(kind, context, program, sites, plan, cookies, pid, selector);
    }

    /**
     * A number that tells sites apart.
     *
     * @param number where the number is in the context
     * @param condition what must hold besides, for the number to mean what it says
     * @param sites for each number from 0 the position of its site in the group, -1 when the program has nothing to do there; a number outside the
     *     list
     *     counts as -1
     */
    public record Selector(ProbeContext.Source number, Optional<Condition> condition, List<Integer> sites) {
        public Selector {
            sites = List.copyOf(sites);
        }
    }

    /** That the bits {@code mask} of a value are those of {@code expected}. */
    public record Condition(ProbeContext.Source value, long mask, long expected) {}

    /** How the program is loaded; {@code attachTo} says whose BTF the id is of. */
    public record Program(ProgramKind kind, int expectedAttach, int btfId, ProgramSpec.AttachTo attachTo) {
        /** BPF_TRACE_RAW_TP */
        private static final int TRACE_RAW_TP = 23;

        /** One that attaches to the kernel itself, if to anything. */
        public Program(ProgramKind kind, int expectedAttach, int btfId) {
            this(kind, expectedAttach, btfId, ProgramSpec.AttachTo.KERNEL);
        }

        /** One for a raw tracepoint, whose typedef in the kernel's BTF is {@code btfId}: the verifier knows the types of its arguments (5.5). */
        static Program typedTracepoint(int btfId) {
            return new Program(ProgramKind.TRACING, TRACE_RAW_TP, btfId);
        }

        /** A program that needs no more than its type. */
        public static Program of(ProgramKind kind) {
            return new Program(kind, 0, 0);
        }
    }

    /** Makes the attachments. */
    @FunctionalInterface
    public interface Plan {
        /** The attachments of the group whose first site has index {@code firstSite} in the specification. */
        List<AttachSpec> attach(int firstSite);
    }
}
