/**
 * The table of probe kinds: each kind's names, attach-point grammar, listing, context and attachment plan.
 *
 * <p>A {@link dev.sonde.probes.ProbeKind} turns an attach point into {@link dev.sonde.probes.ProbeGroup}s: places that can share a program, what
 * the program may read
 * there ({@link dev.sonde.probes.ProbeContext}), and the attachments as records. A kind makes no system call and knows no builtin. Start with
 * {@code ProbeKind}; {@link dev.sonde.probes.ProbeKinds} is the table.
 */
package dev.sonde.probes;
