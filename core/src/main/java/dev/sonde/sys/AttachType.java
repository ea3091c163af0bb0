package dev.sonde.sys;

/** The attach types (enum bpf_attach_type) that this package puts into links itself; a program's own comes with its specification. */
final class AttachType {
    /** Since 5.8. */
    static final int BPF_TRACE_ITER = 28;
    /** Since 5.15. */
    static final int BPF_PERF_EVENT = 41;
    /** Since 5.18. */
    static final int BPF_TRACE_KPROBE_MULTI = 42;
    /** Since 6.6. */
    static final int BPF_TRACE_UPROBE_MULTI = 48;
    /** Since 6.10. */
    static final int BPF_TRACE_KPROBE_SESSION = 56;
    /** Since 6.13. */
    static final int BPF_TRACE_UPROBE_SESSION = 57;

    private AttachType() {
    }
}
