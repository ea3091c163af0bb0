/**
 * The only native calls of the project: system calls made through one foreign function handle.
 *
 * <p>{@link dev.sonde.sys.Kernel} is the boundary, {@link dev.sonde.sys.Syscall} (with {@link dev.sonde.sys.Bpf} for bpf(2)) the values that
 * cross it, {@link dev.sonde.sys.LinuxKernel} the one implementation that is real. Around them stand small owners named after what the kernel
 * has: maps, programs, links, perf events, buffers, descriptors. The package knows numbers and structures of the kernel's interface; it must
 * not know what a probe, a script or a tracefs directory is. Start with {@code Kernel}, then {@code BpfMap} and {@code BpfProgram}.
 */
package dev.sonde.sys;
