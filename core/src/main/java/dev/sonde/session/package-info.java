/**
 * Carries a {@link dev.sonde.spec.TraceSpec} out: loads it, attaches it, turns its events into output, and takes everything down again.
 *
 * <p>The package knows no script beyond the spans in the specification and asks the compiler nothing. Maps, programs and links live for as long as
 * the {@link dev.sonde.session.Session}, in the kernel's sense too: when the process dies, however it dies, they go with it. Start with
 * {@code Session}, then {@code EventReactions} (what is done on each record) and {@code ProgramLoader} (how a program comes into the kernel).
 */
package dev.sonde.session;
