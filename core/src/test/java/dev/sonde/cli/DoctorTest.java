package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.cli.Finding.State;
import dev.sonde.linux.LiveTarget;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.target.Feature;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class DoctorTest {
    private static final long BPF_AND_PERFMON = 3L << 38;

    private final FakeMachine machine = new FakeMachine();

    @Test
    void completeMachineHasNothingToMend() {
        Doctor doctor = new Doctor(machine);
        assertThat(doctor.works()).isTrue();
        assertThat(doctor.text()).endsWith("\nTracing works here.\n").doesNotContain("do:").contains("ok    BTF ");
    }

    @Test
    void everyCheckHasANameOfItsOwnAndSaysWhatItServes() {
        Set<String> names = new HashSet<>();
        for (Check check : Checks.all()) {
            assertThat(names.add(check.name())).as(check.name()).isTrue();
            assertThat(check.serves()).as(check.name()).isNotEmpty();
        }
    }

    @Test
    void whatIsMissingComesWithItsUseAndARemedy() {
        Doctor doctor = new Doctor(machine.without(Feature.KPROBE));
        assertThat(doctor.works()).isTrue();
        assertThat(doctor.text()).contains("no    kernel probes", "for: kprobe and kretprobe", "do:  use a kernel with CONFIG_KPROBE_EVENTS")
                .endsWith("Tracing works here; 1 thing is missing.\n");
    }

    @Test
    void machineThatRefusesProgramsCannotTrace() {
        Doctor doctor = new Doctor(machine.capabilities(0).refusing("bpf(BPF_PROG_LOAD): EPERM (operation not permitted)"));
        assertThat(doctor.works()).isFalse();
        assertThat(doctor.text()).contains("STOP  loading programs", "EPERM", "do:  run it as root").contains("Nothing can be traced here");
    }

    @Test
    void rootThatIsRefusedIsToldOfOtherCauses() {
        assertThat(machine.refusing("EPERM").check("loading programs").remedy()).contains("seccomp", "CONFIG_BPF_SYSCALL");
    }

    @Test
    void rootOfAUserNamespaceCannotTrace() {
        assertThat(machine.file("/proc/self/uid_map", "0 100000 65536\n").check("user namespace").state()).isEqualTo(State.BLOCKED);
    }

    @Test
    void eachMissingCapabilityIsNamed() {
        machine.capabilities(BPF_AND_PERFMON);
        assertThat(machine.check("CAP_BPF").state()).isEqualTo(State.OK);
        assertThat(machine.check("CAP_PERFMON").state()).isEqualTo(State.OK);
        assertThat(machine.check("CAP_SYS_PTRACE")).isEqualTo(Finding.missing("this process lacks it",
                "run it as root; in a container: --cap-add SYS_PTRACE"));
        assertThat(Capability.mayTrace(machine)).isTrue();
        assertThat(machine.check("CAP_SYS_RESOURCE").detail()).isEqualTo("not needed here");
    }

    @Test
    void oldKernelsWantAnotherCapability() {
        machine.release("5.4.0").capabilities(1L << 21);
        assertThat(machine.check("CAP_BPF").state()).isEqualTo(State.OK);
        assertThat(Capability.mayTrace(machine)).isTrue();
        assertThat(machine.check("kernel version").state()).isEqualTo(State.MISSING);
        assertThat(machine.capabilities(BPF_AND_PERFMON).check("CAP_SYS_RESOURCE").state()).isEqualTo(State.MISSING);
        assertThat(Capability.mayTrace(machine)).isFalse();
    }

    @Test
    void withoutPrivilegesAFeatureIsUnknown() {
        machine.without(Feature.FENTRY).capabilities(0);
        assertThat(machine.check(Feature.FENTRY.title()))
                .isEqualTo(Finding.unknown("not to be tried without privileges", "run doctor as root to find out"));
    }

    @Test
    void featureOfALaterKernelNamesTheVersion() {
        machine.without(Feature.UPROBE_MULTI).release("6.1.0");
        assertThat(machine.check(Feature.UPROBE_MULTI.title())).isEqualTo(
                Finding.missing("comes with Linux 6.6", "mainline has it since Linux 6.6"));
    }

    @Test
    void lockdownIsShown() {
        assertThat(machine.file("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n").check("lockdown").state())
                .isEqualTo(State.MISSING);
        machine.without("/sys/kernel/security/lockdown").file("/proc/cmdline", "quiet lockdown=integrity ro\n");
        assertThat(machine.check("lockdown")).isEqualTo(Finding.unknown("asked for at boot: lockdown=integrity",
                "mount -t securityfs none /sys/kernel/security shows its state"));
    }

    @Test
    void hiddenKernelAddressesAreFound() {
        machine.file("/proc/sys/kernel/kptr_restrict", "2\n").file("/proc/kallsyms", "0000000000000000 T _text\n");
        assertThat(machine.check("kptr_restrict").detail()).isEqualTo("2: addresses are hidden");
    }

    @Test
    void tracefsIsMountedReadableOrNeither() {
        assertThat(machine.check("tracefs")).isEqualTo(Finding.ok("/sys/kernel/tracing"));
        machine.without("/sys/kernel/tracing/events");
        assertThat(machine.check("tracefs").detail()).contains("private mount");
        assertThat(machine.capabilities(0).check("tracefs").remedy()).startsWith("mount -t tracefs");
        assertThat(machine.file("/proc/mounts", "tracefs /sys/kernel/tracing tracefs rw 0 0\n").check("tracefs").detail()).contains("may not read");
    }

    @Test
    void functionListThatIsRefusedIsNotNeededWithTypes() {
        machine.without("/sys/kernel/tracing/available_filter_functions");
        assertThat(machine.check("available_filter_functions").remedy()).startsWith("none is needed");
        assertThat(machine.without("/sys/kernel/btf/vmlinux").check("available_filter_functions").remedy()).isEqualTo("run it as root");
    }

    @Test
    void settingsOfTheKernelAreRead() {
        assertThat(machine.file("/proc/sys/kernel/perf_event_paranoid", "2\n").check("perf_event_paranoid").detail())
                .isEqualTo("2, which CAP_PERFMON overrides");
        assertThat(machine.capabilities(0).check("perf_event_paranoid").state()).isEqualTo(State.MISSING);
        assertThat(machine.file("/proc/sys/net/core/bpf_jit_enable", "0\n").check("JIT compiler").remedy()).contains("bpf_jit_enable=1");
        assertThat(machine.file("/proc/mounts", "tmpfs /tmp tmpfs rw 0 0\n").check("cgroup v2").state()).isEqualTo(State.MISSING);
        assertThat(machine.without("/sys/bus/event_source/devices/uprobe/type").check("uprobes").state()).isEqualTo(State.MISSING);
        assertThat(machine.without("/usr/lib/debug").check("debug info").remedy()).contains("--debuginfo");
        assertThat(machine.file("/proc/self/status", "CapEff:\t0\nSeccomp:\t2\n").check("seccomp").state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void fewOpenFilesMatterWhereProbesAreAttachedOneByOne() {
        machine.file("/proc/self/limits", "Max open files            1024                 1024                 files\n");
        assertThat(machine.check("open files").state()).isEqualTo(State.OK);
        assertThat(machine.without(Feature.UPROBE_MULTI).check("open files").remedy()).isEqualTo("ulimit -n 65536");
    }

    @Test
    void objectsAreLinesOfJson() {
        String json = new Doctor(machine.file("/proc/sys/kernel/kptr_restrict", "\"2\\\n")).json();
        List<String> lines = json.lines().toList();
        assertThat(lines).hasSize(Checks.all().size() + 1).allMatch(line -> line.startsWith("{\"type\": ") && line.endsWith("}}"));
        assertThat(json).contains("\"name\": \"kptr_restrict\", \"state\": \"ok\", \"detail\": \"\\\"2\\\\\"");
        assertThat(lines.getLast()).isEqualTo("{\"type\": \"doctor\", \"data\": {\"works\": true}}");
    }

    @Test
    void thisMachineTracesAsRoot() {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            System.out.println("skipped: needs root");
        }
        Assumptions.assumeTrue(root);
        LinuxKernel kernel = LinuxKernel.open();
        try (LiveTarget target = new LiveTarget(kernel, List.of())) {
            Doctor doctor = new Doctor(new LiveMachine(kernel, target));
            assertThat(doctor.works()).as(doctor.text()).isTrue();
            assertThat(doctor.text()).contains("ok    loading programs", target.kernelRelease());
        }
    }
}
