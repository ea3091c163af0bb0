package dev.sonde.cli;

import dev.sonde.target.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The table of what {@code doctor} looks at, in the order in which it is printed. */
final class Checks {
    private static final String ROOT = "run doctor as root to find out";

    private final List<Check> table = new ArrayList<>();

    private Checks() {}

    /** All checks. */
    static List<Check> all() {
        Checks checks = new Checks();
        checks.privileges();
        checks.kernelSettings();
        checks.files();
        checks.kernelProbes();
        checks.userProbes();
        checks.programs();
        checks.limits();
        return List.copyOf(checks.table);
    }

    private void add(String name, String serves, Function<Machine, Finding> probe) {
        table.add(new Check(name, serves, probe));
    }

    private void privileges() {
        add("kernel version", "the kinds of probes and maps there are", HostChecks::kernelVersion);
        add("loading programs", "everything", HostChecks::loading);
        for (Capability capability : Capability.values()) {
            add(capability.name(), capability.serves(), machine -> HostChecks.capability(machine, capability));
        }
        add("user namespace", "capabilities count only in the first one", HostChecks::userNamespace);
        add("seccomp", "a filter may refuse bpf(2) and perf_event_open(2) whoever asks", HostChecks::seccomp);
    }

    private void kernelSettings() {
        add("lockdown", "integrity forbids writing user memory, confidentiality reading kernel memory and kprobes", HostChecks::lockdown);
        add("perf_event_paranoid", "events without CAP_PERFMON", HostChecks::paranoid);
        add("unprivileged_bpf_disabled", "nothing that Sonde does: it needs privileges in any case", HostChecks::unprivileged);
        add("kptr_restrict", "names in kernel stacks, ksym, kaddr", HostChecks::kernelSymbols);
        add("JIT compiler", "programs that cost little", HostChecks::jit);
    }

    private void files() {
        add("BTF", "args and structs of the kernel by name, fentry, rawtracepoint", HostChecks::btf);
        add("BTF of modules", "types and functions of modules", HostChecks::moduleBtf);
        add("tracefs", "tracepoints and their fields", HostChecks::tracefs);
        add("available_filter_functions", "wildcards of kernel functions", HostChecks::functions);
        add("cgroup v2", "cgroup, cgroupid, cgroup_path", HostChecks::cgroup);
        add("debug info", "names and lines of stripped binaries", HostChecks::debugInfo);
    }

    private void kernelProbes() {
        tried(Feature.KPROBE, "kprobe and kretprobe", "use a kernel with CONFIG_KPROBE_EVENTS; tracepoint and rawtracepoint need none");
        tried(Feature.KPROBE_MULTI, "kprobe wildcards attached at once", "use a kernel with CONFIG_FPROBE");
        tried(Feature.KPROBE_SESSION, "pairs of kprobe and kretprobe", "none is needed: two probes do the same");
        tried(Feature.FENTRY, "fentry and fexit",
                "use a kernel with CONFIG_FUNCTION_TRACER and BTF whose policy allows it; else kprobe or tracepoint");
        tried(Feature.BTF_TRACEPOINT, "large sets of system calls through one probe", "use a kernel with CONFIG_DEBUG_INFO_BTF");
        tried(Feature.ITERATOR, "iter", "use a kernel with CONFIG_DEBUG_INFO_BTF");
        tried(Feature.HARDWARE_EVENTS, "hardware", "virtual machines often hide the counters: turn the vPMU on, or use profile");
        tried(Feature.OVERRIDE_RETURN, "override()", "use a kernel with CONFIG_BPF_KPROBE_OVERRIDE");
    }

    private void userProbes() {
        add("uprobes", "uprobe, uretprobe and usdt", HostChecks::uprobes);
        tried(Feature.UPROBE_MULTI, "thousands of user functions attached at once", "");
        tried(Feature.UPROBE_SESSION, "pairs of uprobe and uretprobe", "none is needed: two probes do the same");
        tried(Feature.PROBE_WRITE_USER, "write_user()", "boot without lockdown");
    }

    private void programs() {
        tried(Feature.RING_BUFFER, "printf and other output in order", "");
        tried(Feature.MMAPABLE_ARRAY, "counters that cost next to nothing", "");
        tried(Feature.ATTACH_COOKIE, "one program for many probes", "");
        tried(Feature.RAW_TRACEPOINT_COOKIE, "one program for many raw tracepoints", "");
        tried(Feature.PERF_LINK, "probes that are quick to detach", "");
        tried(Feature.BPF_LOOP, "for over ranges of any length", "");
        tried(Feature.MAY_GOTO, "while without a limit", "");
        tried(Feature.FOR_EACH_MAP_ELEMENT, "for over maps", "");
        tried(Feature.MAP_LOOKUP_PERCPU, "reading counters in a script", "");
    }

    private void limits() {
        add("locked memory", "maps, before kernel 5.11", HostChecks::memlock);
        add("open files", "many probes at once", HostChecks::files);
    }

    /** A feature; one that is not there may only have been refused to this process. */
    private void tried(Feature feature, String serves, String remedy) {
        add(feature.title(), serves, machine -> {
            if (machine.has(feature)) {
                return Finding.ok("");
            }
            if (machine.isSince(feature.since()) && !Capability.mayTrace(machine)) {
                return Finding.unknown("not to be tried without privileges", ROOT);
            }
            String advice = remedy.isEmpty() ? "mainline has it since Linux " + feature.since() : remedy;
            String detail = machine.isSince(feature.since()) ? "not in this kernel, or forbidden" : "comes with Linux " + feature.since();
            return Finding.missing(detail, advice);
        });
    }
}
