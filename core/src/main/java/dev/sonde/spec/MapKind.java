package dev.sonde.spec;

/** Kernel map types with their numbers (enum bpf_map_type) and the first kernel that has them. */
public enum MapKind {
    HASH(1, "3.19"), ARRAY(2, "3.19"), PROG_ARRAY(3, "4.2"), PERF_EVENT_ARRAY(4, "4.3"), PERCPU_HASH(5, "4.6"), PERCPU_ARRAY(6, "4.6"),
    STACK_TRACE(7, "4.6"), LRU_HASH(9, "4.10"), LRU_PERCPU_HASH(10, "4.10"), ARRAY_OF_MAPS(12, "4.12"), QUEUE(22, "4.20"), STACK(23, "4.20"),
    RINGBUF(27, "5.8"), TASK_STORAGE(29, "5.11");

    private final int number;
    private final String since;

    MapKind(int number, String since) {
        this.number = number;
        this.since = since;
    }

    /** BPF_MAP_TYPE_* */
    public int number() {
        return number;
    }

    /** The first kernel version that has it. */
    public String since() {
        return since;
    }

    /** Whether it holds a value for each CPU. */
    public boolean perCpu() {
        return this == PERCPU_HASH || this == PERCPU_ARRAY || this == LRU_PERCPU_HASH;
    }
}
