/**
 * Attaches loaded programs where a {@link dev.sonde.spec.AttachSpec} says, and detaches them.
 *
 * <p>Each variant of {@code AttachSpec} has one method that carries it out; what the kernel refuses comes back as a {@link dev.sonde.link.Refusal}
 * with the call, the error in words and what to do. The package does not know scripts, maps or events, and it does not decide what a refusal means
 * for the run. Start with {@link dev.sonde.link.Attacher}.
 */
package dev.sonde.link;
