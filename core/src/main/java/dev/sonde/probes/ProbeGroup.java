package dev.sonde.probes;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.TraceSpec;
import java.util.List;

/**
 * Places of one attach point that can share a program.
 *
 * @param kind the probe kind
 * @param context what the program may read
 * @param program the program's type, expected attach type (0 for none) and BTF target (0 for none)
 * @param sites the places in order, never empty
 * @param plan makes the attachments once the index of the first site is known
 * @param cookies whether every attachment carries its site's index as a cookie that the program can read
 */
public record ProbeGroup(ProbeKind kind, ProbeContext context, Program program, List<TraceSpec.Site> sites, Plan plan, boolean cookies) {
    public ProbeGroup {
        sites = List.copyOf(sites);
    }

    /** How the program is loaded. */
    public record Program(ProgramKind kind, int expectedAttach, int btfId) {
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
