package dev.sonde.target;

/** Kernel features that change how a script is compiled or attached, with the first mainline version that has each. */
public enum Feature {
    RING_BUFFER("5.8", "BPF_MAP_TYPE_RINGBUF"),
    MMAPABLE_ARRAY("5.5", "memory-mapped array maps"),
    ATTACH_COOKIE("5.15", "attach cookies of perf links"),
    RAW_TRACEPOINT_COOKIE("6.10", "attach cookies of raw tracepoints"),
    PERF_LINK("5.15", "links of perf events"),
    TASK_PT_REGS("5.15", "bpf_task_pt_regs"),
    FIND_VMA("5.17", "bpf_find_vma"),
    BPF_LOOP("5.17", "bpf_loop"),
    MAY_GOTO("6.9", "the may_goto instruction"),
    LONG_KEYS("5.17", "map keys of more than 512 bytes"),
    FOR_EACH_MAP_ELEMENT("5.13", "bpf_for_each_map_elem"),
    ATOMIC_HASH_ALLOCATION("6.1", "hash maps without preallocation in tracing programs"),
    MAP_LOOKUP_PERCPU("5.19", "bpf_map_lookup_percpu_elem"),
    UPROBE_MULTI("6.6", "uprobe_multi links"),
    UPROBE_SESSION("6.13", "uprobe session links"),
    KPROBE("2.6.9", "kernel probes"),
    KPROBE_MULTI("5.18", "kprobe_multi links"),
    KPROBE_SESSION("6.10", "kprobe session links"),
    FENTRY("5.5", "fentry and fexit programs"),
    BTF_TRACEPOINT("5.5", "BTF-typed raw tracepoints"),
    ITERATOR("5.8", "BPF iterators"),
    HARDWARE_EVENTS("2.6.31", "hardware performance counters"),
    PROBE_WRITE_USER("4.8", "bpf_probe_write_user"),
    OVERRIDE_RETURN("4.16", "bpf_override_return"),
    SIGNED_DIVISION("6.6", "signed division and sign-extending moves");

    private final String since;
    private final String title;

    Feature(String since, String title) {
        this.since = since;
        this.title = title;
    }

    /** The first mainline version. */
    public String since() {
        return since;
    }

    /** What it is, for messages. */
    public String title() {
        return title;
    }
}
