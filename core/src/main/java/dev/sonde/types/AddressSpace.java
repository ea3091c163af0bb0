package dev.sonde.types;

/** Where a pointer points; it is part of the pointer's type and kept through casts. */
public enum AddressSpace {
    /** Kernel memory: read with bpf_probe_read_kernel. */
    KERNEL,
    /** The current process's memory: read with bpf_probe_read_user. */
    USER,
    /** Not known: what an integer points to in a probe that is in no function. Read with bpf_probe_read, which decides by the address. */
    UNKNOWN,
    /** Memory of the BPF program itself (a map value, a stack slot, the context): read directly. */
    PROGRAM
}
