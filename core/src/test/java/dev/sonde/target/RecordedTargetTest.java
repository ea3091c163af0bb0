package dev.sonde.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.btf.BtfWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordedTargetTest {
    private static TracepointFormat format(String category, String event) {
        return new TracepointFormat(new TracepointName(category, event), 7, List.of());
    }

    @Test
    void emptyMachineHasEveryFeatureAndNothingElse() {
        Target target = RecordedTarget.builder().build();
        assertThat(target.has(Feature.FENTRY)).isTrue();
        assertThat(target.architecture()).isEqualTo(Architecture.X86_64);
        assertThat(target.btf()).isEmpty();
        assertThat(target.tracepoints("*", "*")).isEmpty();
        assertThat(target.executables("libc")).isEmpty();
        assertThat(target.constant("X")).isEmpty();
    }

    @Test
    void patternsSelectWhatWasRecorded() {
        Target target = RecordedTarget.builder().tracepoint(format("sched", "sched_switch")).tracepoint(format("sched", "sched_wakeup"))
                .tracepoint(format("net", "net_dev_xmit")).rawTracepoint("sys_enter").rawTracepoint("sched_switch")
                .kernelFunction("vmlinux", "vfs_read", 0x1000).kernelFunction("nf", "vfs_other", 0x2000).build();
        assertThat(target.tracepoints("sched", "*")).extracting(TracepointName::event).containsExactly("sched_switch", "sched_wakeup");
        assertThat(target.tracepoints("*", "*")).hasSize(3).isSorted();
        assertThat(target.tracepoint(new TracepointName("net", "net_dev_xmit"))).map(TracepointFormat::id).isEqualTo(Optional.of(7L));
        assertThat(target.rawTracepoints("s*")).containsExactly("sched_switch", "sys_enter");
        assertThat(target.kernelFunctions("", "vfs_*")).hasSize(2);
        assertThat(target.kernelFunctions("vmlinux", "*")).containsExactly(new KernelFunction("vmlinux", "vfs_read"));
        assertThat(target.kernelAddress("vfs_read")).hasValue(0x1000);
    }

    @Test
    void laterChangesDoNotReachABuiltMachine() {
        RecordedTarget.Builder builder = RecordedTarget.builder().possibleCpus(8).without(Feature.KPROBE).cgroup("/a", 5).constant("A", 1);
        Target target = builder.build();
        builder.features(Feature.KPROBE).possibleCpus(1).cgroup("/a", 6).rawTracepoint("x");
        assertThat(target.possibleCpus()).isEqualTo(8);
        assertThat(target.has(Feature.KPROBE)).isFalse();
        assertThat(target.has(Feature.FENTRY)).isTrue();
        assertThat(target.cgroupId("/a")).hasValue(5);
        assertThat(target.rawTracepoints("*")).isEmpty();
        assertThat(builder.build().has(Feature.FENTRY)).isFalse();
    }

    @Test
    void typesComeFromBytes() {
        BtfWriter writer = new BtfWriter();
        writer.integer("int", 4, true);
        Target target = RecordedTarget.builder().btf(writer.toBytes()).build();
        assertThat(target.btf().orElseThrow().integer("int")).isPresent();
    }

    @Test
    void binaryIsAnExecutableByItsPath() {
        RecordedBinary binary = RecordedBinary.of("/bin/x", 0x400000, new byte[] {1, 2, 3, 4}).with("main", 0x400001, 2)
                .with("_ZN1a1bEv", "a::b", 0x400003, 1).withData("counter", 0x400002, 1).with(new Binary.Usdt("p", "n", 0x400001, 1, 0, ""));
        Target target = RecordedTarget.builder().binary(binary).build();
        assertThat(target.executables("/bin/x")).containsExactly("/bin/x");
        Binary found = target.binary("/bin/x").orElseThrow();
        assertThat(found.functions("main")).containsExactly(new Binary.Function("main", 0x400001, 2, 1));
        assertThat(found.demangled("a::*")).hasSize(1);
        assertThat(found.functionAt(0x400002).orElseThrow().name()).isEqualTo("main");
        assertThat(found.code(0x400002, 10)).containsExactly(3, 4);
        assertThat(found.code(0x500000, 10)).isEmpty();
        assertThat(found.usdt("*", "n")).hasSize(1);
        assertThat(found.symbol("counter").orElseThrow().size()).isEqualTo(1);
        assertThat(found.nearest("mair")).containsExactly("main");
        assertThat(found.positionIndependent()).isFalse();
    }
}
