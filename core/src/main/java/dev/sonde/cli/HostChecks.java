package dev.sonde.cli;

import dev.sonde.target.Feature;
import java.util.List;
import java.util.Optional;

/** How each check of {@link Checks} finds out, but for the features that are simply tried. */
final class HostChecks {
    private static final String OLDEST = "5.8";
    private static final List<String> TRACEFS = List.of("/sys/kernel/tracing", "/sys/kernel/debug/tracing");
    private static final String AS_ROOT = "run it as root, or give the program CAP_BPF and CAP_PERFMON";
    private static final String LOCKDOWN = "/sys/kernel/security/lockdown";
    private static final String ALL_IDS = "4294967295";
    private static final int FEW_FILES = 4096;

    private HostChecks() {}

    static Finding kernelVersion(Machine machine) {
        String release = machine.kernelRelease();
        return machine.isSince(OLDEST) ? Finding.ok(release)
                : Finding.missing(release, "Linux " + OLDEST + " or later has all that scripts commonly use");
    }

    static Finding loading(Machine machine) {
        Optional<String> refusal = machine.refusal();
        if (refusal.isEmpty()) {
            return Finding.ok("the kernel takes programs");
        }
        return Finding.blocked(refusal.get(), Capability.mayTrace(machine)
                ? "a seccomp filter or a security module forbids it, or the kernel lacks CONFIG_BPF_SYSCALL" : AS_ROOT);
    }

    static Finding capability(Machine machine, Capability capability) {
        if (capability.isHeld(machine)) {
            return Finding.ok("");
        }
        boolean old = !machine.isSince("5.8") && (capability == Capability.CAP_BPF || capability == Capability.CAP_PERFMON);
        if (old || capability == Capability.CAP_SYS_RESOURCE && machine.isSince("5.11")) {
            return Finding.ok("not needed here");
        }
        return Finding.missing("this process lacks it", "run it as root; in a container: --cap-add " + capability.name().substring("CAP_".length()));
    }

    static Finding userNamespace(Machine machine) {
        String map = machine.text("/proc/self/uid_map").orElse("").strip();
        boolean first = map.startsWith("0 ") && map.endsWith(" " + ALL_IDS) && map.indexOf('\n') < 0;
        return first ? Finding.ok("the first")
                : Finding.blocked("root is root of a user namespace only", "run it in the machine's first user namespace");
    }

    static Finding seccomp(Machine machine) {
        boolean filtered = Capability.field(machine, "Seccomp").orElse("0").equals("2");
        return filtered ? Finding.unknown("this process has a filter",
                "should calls fail with EPERM: run the container with --security-opt seccomp=unconfined")
                : Finding.ok("no filter");
    }

    static Finding lockdown(Machine machine) {
        Optional<String> state = machine.text(LOCKDOWN).map(String::strip);
        String boot = machine.text("/proc/cmdline").orElse("");
        if (state.isEmpty()) {
            boolean asked = boot.contains("lockdown=");
            return asked ? Finding.unknown("asked for at boot: " + boot.substring(boot.indexOf("lockdown=")).split("\\s", 2)[0],
                    "mount -t securityfs none /sys/kernel/security shows its state") : Finding.ok("not to be seen (securityfs)");
        }
        return state.get().contains("[none]") ? Finding.ok("none")
                : Finding.missing(state.get(), "boot without lockdown=, or without secure boot, if the script needs what it forbids");
    }

    static Finding paranoid(Machine machine) {
        String level = line(machine, "/proc/sys/kernel/perf_event_paranoid");
        boolean held = Capability.CAP_PERFMON.isHeld(machine) || Capability.CAP_SYS_ADMIN.isHeld(machine);
        return held ? Finding.ok(level + ", which CAP_PERFMON overrides")
                : Finding.missing(level, "sysctl kernel.perf_event_paranoid=-1 lets everybody, CAP_PERFMON lets this process");
    }

    static Finding unprivileged(Machine machine) {
        return Finding.ok(line(machine, "/proc/sys/kernel/unprivileged_bpf_disabled"));
    }

    /** The first symbol has address 0 for those who may not see it. */
    static Finding kernelSymbols(Machine machine) {
        String restrict = line(machine, "/proc/sys/kernel/kptr_restrict");
        String first = machine.text("/proc/kallsyms").orElse("");
        if (first.isEmpty()) {
            return Finding.missing("there is no /proc/kallsyms", "use a kernel with CONFIG_KALLSYMS");
        }
        boolean hidden = first.startsWith("0000000000000000 ");
        return hidden ? Finding.missing(restrict + ": addresses are hidden", "sysctl kernel.kptr_restrict=1 and CAP_SYSLOG") : Finding.ok(restrict);
    }

    static Finding jit(Machine machine) {
        return switch (line(machine, "/proc/sys/net/core/bpf_jit_enable")) {
            case "0" -> Finding.missing("off: programs are interpreted", "sysctl net.core.bpf_jit_enable=1");
            case "" -> Finding.unknown("not to be read", "run doctor as root to find out");
            default -> Finding.ok("on");
        };
    }

    static Finding btf(Machine machine) {
        return machine.exists("/sys/kernel/btf/vmlinux") ? Finding.ok("/sys/kernel/btf/vmlinux")
                : Finding.missing("the kernel has no types", "use a kernel with CONFIG_DEBUG_INFO_BTF; tracepoints and #include work without");
    }

    static Finding moduleBtf(Machine machine) {
        int loaded = lines(machine.text("/proc/modules").orElse(""));
        int typed = Math.max(0, machine.names("/sys/kernel/btf").map(List::size).orElse(0) - 1);
        return typed > 0 || loaded == 0 ? Finding.ok(typed + " of " + loaded + " modules")
                : Finding.missing("none of " + loaded + " modules", "use a kernel with CONFIG_DEBUG_INFO_BTF_MODULES");
    }

    static Finding tracefs(Machine machine) {
        for (String directory : TRACEFS) {
            if (machine.names(directory + "/events").isPresent()) {
                return Finding.ok(directory);
            }
        }
        boolean mounted = machine.exists(TRACEFS.getFirst() + "/events") || machine.text("/proc/mounts").orElse("").contains(" tracefs ");
        if (mounted) {
            return Finding.missing("mounted, but this process may not read it", "run it as root");
        }
        return Capability.CAP_SYS_ADMIN.isHeld(machine) ? Finding.ok("not mounted; Sonde makes a private mount when it needs one")
                : Finding.missing("not mounted", "mount -t tracefs none /sys/kernel/tracing");
    }

    static Finding functions(Machine machine) {
        for (String directory : TRACEFS) {
            if (!machine.text(directory + "/available_filter_functions").orElse("").isEmpty()) {
                return Finding.ok("");
            }
        }
        return Finding.missing("not there or not to be read", machine.exists("/sys/kernel/btf/vmlinux")
                ? "none is needed: symbols that BTF knows are taken; or name a list with --traceable-functions" : "run it as root");
    }

    static Finding cgroup(Machine machine) {
        for (String mount : machine.text("/proc/mounts").orElse("").split("\n")) {
            String[] words = mount.split(" ");
            if (words.length > 2 && words[2].equals("cgroup2")) {
                return Finding.ok(words[1]);
            }
        }
        return Finding.missing("not mounted", "mount -t cgroup2 none /sys/fs/cgroup");
    }

    static Finding debugInfo(Machine machine) {
        String servers = machine.variable("DEBUGINFOD_URLS").orElse("");
        boolean local = machine.names("/usr/lib/debug").map(names -> !names.isEmpty()).orElse(false);
        if (local) {
            return Finding.ok("/usr/lib/debug");
        }
        return Finding.missing("nothing in /usr/lib/debug" + (servers.isEmpty() ? "" : "; servers: " + servers),
                "install the -dbgsym or -debuginfo packages of what you trace, or name directories with --debuginfo");
    }

    static Finding uprobes(Machine machine) {
        return machine.exists("/sys/bus/event_source/devices/uprobe/type") ? Finding.ok("")
                : Finding.missing("not in this kernel", "use a kernel with CONFIG_UPROBE_EVENTS");
    }

    static Finding memlock(Machine machine) {
        return machine.isSince("5.11") ? Finding.ok("not counted since Linux 5.11")
                : Finding.ok("limit " + limit(machine, "Max locked memory") + " bytes, which Sonde raises if it may");
    }

    static Finding files(Machine machine) {
        String limit = limit(machine, "Max open files");
        boolean few = !limit.isEmpty() && Character.isDigit(limit.charAt(0)) && limit.length() < 9 && Integer.parseInt(limit) < FEW_FILES;
        boolean multi = machine.has(Feature.UPROBE_MULTI);
        return few && !multi ? Finding.missing("at most " + limit, "ulimit -n 65536") : Finding.ok("at most " + limit);
    }

    /** The hard limit of proc_pid_limits(5); the columns are 26, 21, 21 and 10 wide. */
    private static String limit(Machine machine, String name) {
        String limits = machine.text("/proc/self/limits").orElse("");
        int at = limits.indexOf(name);
        String[] words = at < 0 ? new String[0] : limits.substring(at + name.length()).strip().split("\\s+", 3);
        return words.length < 2 ? "" : words[1];
    }

    private static String line(Machine machine, String path) {
        return machine.text(path).orElse("").strip();
    }

    private static int lines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }
}
