/**
 * eBPF instructions as values: operations, registers, helpers, labels, the encoder, the disassembler and the model of the verifier's log.
 *
 * <p>An {@link dev.sonde.asm.Instruction} keeps the span of the script text it was made for, so that a rejection by the verifier can be told at a
 * place in the script. The package knows the instruction set and the verifier's log, and nothing of scripts or of the kernel's system calls. Start
 * with {@code Instruction}; the source is the kernel's instruction-set document (Documentation/bpf/standardization/instruction-set.rst).
 */
package dev.sonde.asm;
