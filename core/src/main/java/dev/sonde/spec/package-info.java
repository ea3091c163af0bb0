/**
 * The blueprint of a trace: what a compile yields and a session carries out.
 *
 * <p>A {@link dev.sonde.spec.TraceSpec} lists maps, programs with their attachments, and the records that programs send with what is to be done on
 * each. It is deterministic and printable, and it holds everything that printing needs, so that nothing later looks at the script. The package knows
 * no syntax tree and makes no system call. Start with {@code TraceSpec}.
 */
package dev.sonde.spec;
