package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole output of -l, of a process of its own, beside bpftrace's; but for rawtracepoints, of which bpftrace now and then finds none. */
class ListingTest {
    @TempDir
    private Path directory;

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    private static String sonde(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(words));
        return output(command);
    }

    /** The version that is listed like: older ones order differently. */
    private static void needsPeer() throws IOException, InterruptedException {
        boolean there = peerVersion().startsWith("bpftrace v0.27");
        boolean events = new File("/sys/kernel/tracing/events/sched").exists();
        if (!there || !events) {
            System.out.println("skipped: needs root, tracefs and bpftrace 0.27");
        }
        Assumptions.assumeTrue(there && events);
    }

    private static String peer(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bpftrace"));
        command.addAll(List.of(words));
        return output(command);
    }

    private static String peerVersion() throws InterruptedException {
        try {
            return output(List.of("bpftrace", "-V"));
        } catch (IOException e) {
            return "";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tracepoint:sched:*", "t:net:*", "software:*", "hardware:*", "interval:*", "profile:*", "uprobe:/bin/bash:*", "self:*",
        "struct task_struc*", "enum pid_typ*", "uretprobe:/bin/bash:readl*", "nothing:x", "kprobe:vfs_read*,tracepoint:sched:sched_wa*",
        "kprobe:vfs_*", "fentry:vfs_*", "fexit:vfs_read*", "vfs_read*", "k*:vfs_read", "kprobe:vmlinux:vfs_rea*"})
    void listsWhatBpftraceLists(String pattern) throws IOException, InterruptedException {
        needsPeer();
        String list = Files.writeString(directory.resolve("functions"), "vfs_read\nvfs_readv\nvfs_write\nrcu_barrier\n").toString();
        assertThat(sonde("--traceable-functions", list, "-l", pattern))
                .isEqualTo(peer("--traceable-functions", list, "-l", pattern));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tracepoint:sched:sched_sw*", "struct list_head", "enum pid_type", "kprobe:vfs_read", "fentry:vfs_read"})
    void tellsOfArgumentsAsBpftraceDoes(String pattern) throws IOException, InterruptedException {
        needsPeer();
        String list = Files.writeString(directory.resolve("functions"), "vfs_read\n").toString();
        assertThat(sonde("--traceable-functions", list, "-lv", pattern))
                .isEqualTo(peer("--traceable-functions", list, "-lv", pattern));
    }

    @Test
    void probesOfAScriptAreListed() throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("a.bt"), "uprobe:/bin/sh:nothing_of_that_name { } interval:s:1 { exit() }");
        assertThat(sonde("-l", script.toString())).doesNotContain("uprobe");
        assertThat(sonde("-l", "software:c*").lines()).contains("software:cpu-clock:");
    }
}
