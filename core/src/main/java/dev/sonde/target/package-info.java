/**
 * What a compile may ask of a machine, and nothing else.
 *
 * <p>A script is compiled for a {@link dev.sonde.target.Target}, never for "this machine": BTF, tracepoint formats, symbols, features and binaries
 * are asked of this one interface, which has a live implementation in {@code linux} and a recorded one for tests. The package makes no system call.
 * Start with {@code Target}.
 */
package dev.sonde.target;
