package dev.sonde.asm;

import java.util.Locale;
import java.util.Optional;

/**
 * BPF helper functions that Sonde calls, with their numbers in enum bpf_func_id (include/uapi/linux/bpf.h), their argument counts and the first
 * kernel that has them for tracing programs.
 */
public enum BpfHelper {
    MAP_LOOKUP_ELEM(1, 2, "3.19"), MAP_UPDATE_ELEM(2, 4, "3.19"), MAP_DELETE_ELEM(3, 2, "3.19"), PROBE_READ(4, 3, "4.1"),
    KTIME_GET_NS(5, 0, "4.1"), TRACE_PRINTK(6, 5, "4.1"), GET_PRANDOM_U32(7, 0, "4.1"), GET_SMP_PROCESSOR_ID(8, 0, "4.1"), TAIL_CALL(12, 3, "4.2"),
    GET_CURRENT_PID_TGID(14, 0, "4.2"), GET_CURRENT_UID_GID(15, 0, "4.2"), GET_CURRENT_COMM(16, 2, "4.2"), PERF_EVENT_OUTPUT(25, 5, "4.4"),
    GET_STACKID(27, 3, "4.6"), GET_CURRENT_TASK(35, 0, "4.8"), PROBE_WRITE_USER(36, 3, "4.8"), GET_NUMA_NODE_ID(42, 0, "4.10"),
    PROBE_READ_STR(45, 3, "4.11"), GET_SOCKET_COOKIE(46, 1, "5.12"), OVERRIDE_RETURN(58, 2, "4.16"), GET_STACK(67, 4, "4.18"),
    GET_CURRENT_CGROUP_ID(80, 0, "4.18"), STRTOL(105, 4, "6.1"), STRTOUL(106, 4, "6.1"), SEND_SIGNAL(109, 1, "5.3"), PROBE_READ_USER(112, 3, "5.5"),
    PROBE_READ_KERNEL(113, 3, "5.5"), PROBE_READ_USER_STR(114, 3, "5.5"), PROBE_READ_KERNEL_STR(115, 3, "5.5"), SEND_SIGNAL_THREAD(117, 1, "5.6"),
    JIFFIES64(118, 0, "5.6"), GET_NS_CURRENT_PID_TGID(120, 4, "5.7"), KTIME_GET_BOOT_NS(125, 0, "5.8"), RINGBUF_OUTPUT(130, 4, "5.8"),
    RINGBUF_RESERVE(131, 3, "5.8"), RINGBUF_SUBMIT(132, 2, "5.8"), RINGBUF_DISCARD(133, 2, "5.8"), GET_TASK_STACK(141, 4, "5.9"),
    D_PATH(147, 3, "5.10"), COPY_FROM_USER(148, 3, "5.10"), PER_CPU_PTR(153, 2, "5.10"), THIS_CPU_PTR(154, 1, "5.10"),
    GET_CURRENT_TASK_BTF(158, 0, "5.11"), FOR_EACH_MAP_ELEM(164, 4, "5.13"), GET_FUNC_IP(173, 1, "5.15"), GET_ATTACH_COOKIE(174, 1, "5.15"),
    TASK_PT_REGS(175, 1, "5.15"), LOOP(181, 4, "5.17"), STRNCMP(182, 3, "5.17"), GET_FUNC_ARG(183, 3, "5.17"), GET_FUNC_RET(184, 2, "5.17"),
    GET_FUNC_ARG_CNT(185, 1, "5.17"), MAP_LOOKUP_PERCPU_ELEM(195, 3, "5.19"), KTIME_GET_TAI_NS(208, 0, "6.1"),
    PERF_EVENT_READ(22, 2, "4.3"), CURRENT_TASK_UNDER_CGROUP(37, 2, "4.9"), PERF_EVENT_READ_VALUE(55, 4, "4.15"),
    PERF_PROG_READ_VALUE(56, 3, "4.15"), SKB_OUTPUT(111, 5, "5.5"), READ_BRANCH_RECORDS(119, 4, "5.6"),
    GET_CURRENT_ANCESTOR_CGROUP_ID(123, 1, "5.6"), SEQ_PRINTF(126, 5, "5.7"), SEQ_WRITE(127, 3, "5.7"), RINGBUF_QUERY(134, 2, "5.8"),
    TASK_STORAGE_GET(156, 4, "5.11"), TASK_STORAGE_DELETE(157, 2, "5.11"), SOCK_FROM_FILE(162, 1, "5.11"), SNPRINTF(165, 5, "5.13"),
    GET_BRANCH_SNAPSHOT(176, 3, "5.16"), TRACE_VPRINTK(177, 4, "5.16"), FIND_VMA(180, 5, "5.17"), COPY_FROM_USER_TASK(191, 5, "5.18");

    private final int number;
    private final int arguments;
    private final String since;

    BpfHelper(int number, int arguments, String since) {
        this.number = number;
        this.arguments = arguments;
        this.since = since;
    }

    /** The helper of that number, when it is one of these. */
    public static Optional<BpfHelper> of(int number) {
        for (BpfHelper helper : values()) {
            if (helper.number == number) {
                return Optional.of(helper);
            }
        }
        return Optional.empty();
    }

    /** The helper's number. */
    public int number() {
        return number;
    }

    /** How many arguments it takes. */
    public int arguments() {
        return arguments;
    }

    /** The first kernel version that has it. */
    public String since() {
        return since;
    }

    /** The helper's name as the kernel spells it. */
    public String kernelName() {
        return "bpf_" + name().toLowerCase(Locale.ROOT);
    }
}
