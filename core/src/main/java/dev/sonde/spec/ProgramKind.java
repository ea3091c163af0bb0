package dev.sonde.spec;

/** Kernel program types with their numbers (enum bpf_prog_type). */
public enum ProgramKind {
    KPROBE(2), TRACEPOINT(5), PERF_EVENT(7), RAW_TRACEPOINT(17), TRACING(26), SYSCALL(31);

    private final int number;

    ProgramKind(int number) {
        this.number = number;
    }

    /** BPF_PROG_TYPE_* */
    public int number() {
        return number;
    }
}
