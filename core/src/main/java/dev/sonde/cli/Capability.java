package dev.sonde.cli;

import java.util.Optional;

/** Capabilities (capabilities(7)) that tracing uses, by their numbers in linux/capability.h. */
enum Capability {
    CAP_BPF(39, "loading programs and maps (since 5.8; CAP_SYS_ADMIN before)"),
    CAP_PERFMON(38, "attaching probes and reading kernel memory (since 5.8; CAP_SYS_ADMIN before)"),
    CAP_SYS_ADMIN(21, "everything before 5.8; uprobes of perf_event_open, iterators and a private mount of tracefs on any kernel"),
    CAP_SYS_PTRACE(19, "memory maps and files of other users' processes: names in user stacks, /proc/PID/root"),
    CAP_DAC_READ_SEARCH(2, "tracefs and binaries that only their owner may read"),
    CAP_SYSLOG(34, "addresses of kernel symbols: names in kernel stacks, ksym, kaddr"),
    CAP_SYS_RESOURCE(24, "locked memory beyond the limit (before 5.11) and more open files than the limit");

    private static final String STATUS = "/proc/self/status";

    private final int number;
    private final String serves;

    Capability(int number, String serves) {
        this.number = number;
        this.serves = serves;
    }

    /** What tracing needs it for. */
    String serves() {
        return serves;
    }

    /** Whether this process has it in effect. */
    boolean isHeld(Machine machine) {
        return (effective(machine) >>> number & 1) != 0;
    }

    /** Whether it has what loading and attaching need. */
    static boolean mayTrace(Machine machine) {
        return CAP_SYS_ADMIN.isHeld(machine) || machine.isSince("5.8") && CAP_BPF.isHeld(machine) && CAP_PERFMON.isHeld(machine);
    }

    private static long effective(Machine machine) {
        return field(machine, "CapEff").map(hex -> Long.parseUnsignedLong(hex, 16)).orElse(0L);
    }

    /** A field of proc_pid_status(5). */
    static Optional<String> field(Machine machine, String name) {
        String status = machine.text(STATUS).orElse("");
        int at = status.startsWith(name + ":") ? 0 : status.indexOf("\n" + name + ":") + 1;
        if (!status.startsWith(name + ":", at)) {
            return Optional.empty();
        }
        int end = status.indexOf('\n', at);
        return Optional.of(status.substring(at + name.length() + 1, end < 0 ? status.length() : end).strip());
    }
}
