package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.btf.BtfWriter;
import dev.sonde.spec.AttachSpec;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbeSessionTest {
    private static Optional<ProbeSession> session(String entry, String exit, Target target) {
        ProbeGroup group = Bound.on(target).site().bind(entry).groups().getFirst();
        return ProbeSession.of(group, Bound.on(target).site().bind(exit).groups().getFirst(), target);
    }

    private static Optional<ProbeSession> session(String entry, String exit) {
        return session(entry, exit, Machine.builder().build());
    }

    @Test
    void kernelFunctionsOfOnePatternAreOneLink() {
        ProbeSession session = session("kprobe:vfs_*", "kretprobe:vfs_*").orElseThrow();
        assertThat(session.program().expectedAttach()).isEqualTo(56);
        assertThat(session.sites()).extracting("probe").containsExactly("kprobe:vfs_read", "kprobe:vfs_write", "kretprobe:vfs_read",
                "kretprobe:vfs_write");
        assertThat(session.attach(7)).singleElement().isInstanceOfSatisfying(AttachSpec.KprobeMulti.class, multi -> {
            assertThat(multi.site()).isEqualTo(7);
            assertThat(multi.session()).isTrue();
            assertThat(multi.onReturn()).isFalse();
        });
    }

    @Test
    void oneUserFunctionIsEnough() {
        ProbeSession session = session("uprobe:/bin/app:main", "uretprobe:/bin/app:main").orElseThrow();
        assertThat(session.program().expectedAttach()).isEqualTo(57);
        assertThat(session.attach(3)).singleElement().isInstanceOfSatisfying(AttachSpec.UprobeMulti.class, multi -> {
            assertThat(multi.offsets()).isEqualTo(List.of(0x104L));
            assertThat(multi.session()).isTrue();
        });
    }

    @Test
    void onlyEntriesAndReturnsOfTheSameFunctionsAreOne() {
        assertThat(session("kprobe:vfs_*", "kretprobe:*_read")).isEmpty();
        assertThat(session("kprobe:vfs_*", "kprobe:vfs_*")).isEmpty();
        assertThat(session("kretprobe:vfs_*", "kprobe:vfs_*")).isEmpty();
        assertThat(session("kprobe:vfs_read", "kretprobe:vfs_read")).as("perf events").isEmpty();
        assertThat(session("uprobe:/bin/app:main+5", "uretprobe:/bin/app:main")).isEmpty();
        assertThat(session("uprobe:/bin/app:main", "uretprobe:/bin/app:work")).isEmpty();
        assertThat(session("uprobe:/bin/app:main", "kretprobe:vfs_*")).isEmpty();
        assertThat(session("tracepoint:sched:sched_switch", "uretprobe:/bin/app:work")).isEmpty();
    }

    @Test
    void aKernelWithoutThemHasNone() {
        Target kernel = Machine.builder().without(Feature.KPROBE_SESSION).build();
        assertThat(session("kprobe:vfs_*", "kretprobe:vfs_*", kernel)).isEmpty();
        assertThat(session("u:/bin/app:work", "ur:/bin/app:work", kernel)).isPresent();
        assertThat(session("u:/bin/app:work", "ur:/bin/app:work", Machine.builder().without(Feature.UPROBE_SESSION).build())).isEmpty();
        Target without = Machine.builder().btf(new BtfWriter().toBytes()).build();
        assertThat(session("kprobe:vfs_*", "kretprobe:vfs_*", without)).as("no such function").isEmpty();
    }
}
