package dev.sonde.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.linux.LiveTarget;
import dev.sonde.sys.LinuxKernel;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code -l} gives beside what bpftrace gives on the same machine. */
class PeerListingTest {
    @ParameterizedTest
    @ValueSource(strings = {"tracepoint:sched:*", "tracepoint:syscalls:sys_enter_open*", "uprobe:/bin/bash:read*", "tracepoint:*:*wakeup*"})
    void listsWhatBpftraceLists(String pattern) throws IOException, InterruptedException {
        boolean there = new File("/sys/kernel/tracing/events/sched").exists() && new File("/usr/bin/bpftrace").canExecute();
        if (!there) {
            System.out.println("skipped: needs root, tracefs and bpftrace");
        }
        Assumptions.assumeTrue(there);
        String[] parts = pattern.split(":");
        try (LiveTarget target = new LiveTarget(LinuxKernel.open(), List.of())) {
            List<String> listed = new ArrayList<>();
            Bound.on(target).list(parts[0], parts[1], parts[2]).forEach(listing -> listed.add(listing.probe()));
            assertThat(listed).containsExactlyInAnyOrderElementsOf(peer(pattern));
        }
    }

    private static List<String> peer(String pattern) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("bpftrace", "-l", pattern).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.lines().filter(line -> line.contains(":")).toList();
    }
}
