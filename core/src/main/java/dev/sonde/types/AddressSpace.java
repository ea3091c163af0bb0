package dev.sonde.types;

/** Where a pointer points; it is part of the pointer's type and kept through casts. */
public enum AddressSpace {
    /** Kernel memory: read with bpf_probe_read_kernel. */
    KERNEL,
    /** The current process's memory: read with bpf_probe_read_user. */
    USER,
    /** Not known (an integer cast to a pointer): the probe's own space is taken. */
    UNKNOWN,
    /** Memory of the BPF program itself (a map value, a stack slot, the context): read directly. */
    PROGRAM
}
