package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.sys.Syscall;
import dev.sonde.target.Feature;
import java.io.File;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FeaturesTest {
    private static final Set<Feature> BY_VERSION = EnumSet.of(Feature.RING_BUFFER, Feature.MMAPABLE_ARRAY, Feature.ATTACH_COOKIE,
            Feature.RAW_TRACEPOINT_COOKIE, Feature.PERF_LINK, Feature.BPF_LOOP, Feature.MAY_GOTO, Feature.FOR_EACH_MAP_ELEMENT,
            Feature.ATOMIC_HASH_ALLOCATION, Feature.MAP_LOOKUP_PERCPU, Feature.UPROBE_MULTI, Feature.UPROBE_SESSION, Feature.SIGNED_DIVISION);

    @Test
    void recentKernelIsAskedNothing() {
        List<Syscall> calls = new ArrayList<>();
        Features features = new Features(call -> {
            calls.add(call);
            return -1;
        }, "7.2.0-rc1", Optional::empty);
        for (Feature feature : BY_VERSION) {
            assertThat(features.has(feature)).as(feature.name()).isTrue();
        }
        assertThat(calls).isEmpty();
    }

    @Test
    void answerIsRemembered() {
        List<Syscall> calls = new ArrayList<>();
        Features features = new Features(call -> {
            calls.add(call);
            return -1;
        }, "6.1.0", Optional::empty);
        assertThat(features.has(Feature.UPROBE_MULTI)).isFalse();
        int asked = calls.size();
        assertThat(features.has(Feature.UPROBE_MULTI)).isFalse();
        assertThat(asked).isPositive();
        assertThat(calls).hasSize(asked);
    }

    @Test
    void oldKernelIsTriedAndSaysWhatTheVersionSays() {
        String release = System.getProperty("os.version");
        KernelVersion version = KernelVersion.of(release);
        Features tried = new Features(Live.root(), "4.17", Optional::empty);
        Set<Feature> triable = EnumSet.copyOf(BY_VERSION);
        triable.remove(Feature.ATOMIC_HASH_ALLOCATION);
        for (Feature feature : triable) {
            if (version.isSince(feature.since())) {
                assertThat(tried.has(feature)).as(feature.name()).isTrue();
            }
        }
    }

    @Test
    void refusedTriesAreNo() {
        Features features = new Features(_ -> -1, "5.4.0", Optional::empty);
        for (Feature feature : Feature.values()) {
            boolean answered = feature == Feature.KPROBE || feature == Feature.BTF_TRACEPOINT;
            assertThat(answered || !features.has(feature)).as(feature.name()).isTrue();
        }
    }

    @Test
    void kprobesAreThereWhenTheirEventSourceIs() {
        Features features = new Features(Live.root(), System.getProperty("os.version"), Optional::empty);
        assertThat(features.has(Feature.KPROBE)).isEqualTo(new File("/sys/bus/event_source/devices/kprobe").exists());
    }

    @Test
    void fentryAndMultiLinksNeedKernelProbesOfTheirKind() {
        try (LiveTarget target = new LiveTarget(Live.root(), List.of())) {
            boolean tracer = target.tracefs().text("available_filter_functions").isPresent();
            assertThat(target.has(Feature.KPROBE_SESSION) && !target.has(Feature.KPROBE_MULTI)).isFalse();
            assertThat(target.has(Feature.FENTRY)).isEqualTo(tracer);
        }
    }

    @Test
    void versionsCompareByTheirNumbers() {
        assertThat(KernelVersion.of("6.18.44-fc")).isEqualTo(new KernelVersion(6, 18));
        assertThat(KernelVersion.of("5.10.0-32-cloud-amd64").isSince("5.9")).isTrue();
        assertThat(KernelVersion.of("5.4").isSince("5.10")).isFalse();
        assertThat(KernelVersion.of("6").isSince("5.18")).isTrue();
        assertThat(KernelVersion.of("x")).isEqualTo(new KernelVersion(0, 0));
    }
}
