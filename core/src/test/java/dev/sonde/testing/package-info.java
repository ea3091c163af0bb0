/**
 * What tests use in place of a kernel: an eBPF machine with maps, helpers and a scene to run in.
 *
 * <p>It knows the instruction set, the rules of the maps and what helpers answer, and nothing of scripts or of how programs are compiled. It does not
 * share code with the encoder, so each checks the other; both are compared with the running kernel where tests may load programs. Start with
 * {@code BpfMachine}.
 */
package dev.sonde.testing;
