package dev.sonde.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.source.Source;
import dev.sonde.source.Span;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttacherTest {
    private static final int BPF_TRACE_UPROBE_MULTI = 48;
    private static final int BPF_TRACE_UPROBE_SESSION = 57;
    private static final Span SPAN = new Source("test", "probe").span(0, 5);

    private final Attacher attacher = new Attacher(Counter.KERNEL);

    @BeforeAll
    static void traceDescriptors() {
        Fd.trace(true);
    }

    @AfterAll
    static void nothingLeaks() {
        Fd.trace(false);
        assertThat(Fd.open()).isEmpty();
    }

    private Link attached(Counter counter, AttachSpec place) {
        Attempt attempt = attacher.attach(counter.program, counter.spec, place);
        assertThat(attempt.refusals()).isEmpty();
        assertThat(attempt.attached()).isEqualTo(place.count());
        return attempt.link().orElseThrow();
    }

    private Refusal refused(Counter counter, AttachSpec place) {
        Attempt attempt = attacher.attach(counter.program, counter.spec, place);
        assertThat(attempt.link()).isEmpty();
        assertThat(attempt.attached()).isZero();
        return attempt.refusals().getFirst();
    }

    private static long id(String event) throws IOException {
        for (String root : List.of("/sys/kernel/tracing", "/sys/kernel/debug/tracing")) {
            Path file = Path.of(root, "events/syscalls", event, "id");
            if (Files.isReadable(file)) {
                return Long.parseLong(Files.readString(file).strip());
            }
        }
        return Counter.<Long>skip("needs tracefs");
    }

    @Test
    void tracepointRunsWithItsSiteAsCookie() throws IOException {
        try (Counter counter = new Counter(ProgramKind.TRACEPOINT)) {
            AttachSpec place = new AttachSpec.Tracepoint(7, SPAN, "syscalls", "sys_enter_getpid", id("sys_enter_getpid"));
            try (Link link = attached(counter, place)) {
                Task.pid(Counter.KERNEL);
                assertThat(counter.count()).isPositive();
                assertThat(counter.saw(7)).isTrue();
                assertThat(link.place()).isSameAs(place);
            }
            long after = counter.count();
            Task.pid(Counter.KERNEL);
            assertThat(counter.count()).isEqualTo(after);
        }
    }

    @Test
    void rawTracepointRuns() {
        try (Counter counter = new Counter(ProgramKind.RAW_TRACEPOINT);
                Link link = attached(counter, new AttachSpec.RawTracepoint(3, SPAN, "sys_enter"))) {
            Task.pid(Counter.KERNEL);
            assertThat(counter.count()).isPositive();
            assertThat(counter.saw(3)).isTrue();
            assertThat(link.parts().events()).isEmpty();
        }
    }

    @Test
    void missingTracepointsSayThatModulesComeAndGo() {
        try (Counter counter = new Counter(ProgramKind.TRACEPOINT)) {
            Refusal refusal = refused(counter, new AttachSpec.Tracepoint(0, SPAN, "none", "such", 9_999_999));
            assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_THERE);
            assertThat(refusal.message()).startsWith("could not attach to tracepoint none:such: perf_event_open: ");
            assertThat(refusal.hints()).singleElement().asString().contains("module");
        }
        try (Counter counter = new Counter(ProgramKind.RAW_TRACEPOINT)) {
            Refusal refusal = refused(counter, new AttachSpec.RawTracepoint(0, SPAN, "no_such"));
            assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_THERE);
            assertThat(refusal.message()).contains("No such file or directory (ENOENT");
        }
    }

    private static AttachSpec.Uprobe uprobe(Function function, boolean onReturn, int pid) {
        return new AttachSpec.Uprobe(11, SPAN, function.path(), function.offset(), 0, onReturn, pid);
    }

    @Test
    void uprobeCountsEntriesOfOneProcess() throws Throwable {
        Function function = Function.getppid();
        try (Counter counter = new Counter(ProgramKind.KPROBE)) {
            try (Link link = attached(counter, uprobe(function, false, Task.pid(Counter.KERNEL)))) {
                function.call(5);
                assertThat(link.parts().attachments()).hasSize(1);
            }
            function.call(5);
            assertThat(counter.count()).isEqualTo(5);
            assertThat(counter.saw(11)).isTrue();
        }
    }

    @Test
    void uprobeCountsReturnsOfEveryProcess() throws Throwable {
        Function function = Function.getppid();
        try (Counter counter = new Counter(ProgramKind.KPROBE); Link link = attached(counter, uprobe(function, true, -1))) {
            function.call(4);
            assertThat(counter.count()).isGreaterThanOrEqualTo(4);
            assertThat(link.parts().attachments()).hasSize(1);
        }
    }

    @Test
    void uprobeRefusalsTellTheirCauses(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "no program");
        try (Counter counter = new Counter(ProgramKind.KPROBE)) {
            Refusal vanished = refused(counter, new AttachSpec.Uprobe(0, SPAN, directory + "/gone", 0, 0, false, -1));
            assertThat(vanished.reason()).isEqualTo(Refusal.Reason.NOT_THERE);
            assertThat(vanished.hints()).singleElement().asString().contains("removed or replaced");
            Refusal beyond = refused(counter, new AttachSpec.Uprobe(0, SPAN, file.toString(), 1 << 20, 0, false, -1));
            assertThat(beyond.reason()).isEqualTo(Refusal.Reason.NOT_PROBEABLE);
            assertThat(beyond.message()).contains(file + " at offset 0x100000: perf_event_open: Invalid argument");
            Refusal directoryItself = refused(counter, new AttachSpec.Uprobe(0, SPAN, directory.toString(), 0, 0, false, -1));
            assertThat(directoryItself.reason()).isEqualTo(Refusal.Reason.NOT_PROBEABLE);
            Refusal ended = refused(counter, new AttachSpec.Uprobe(0, SPAN, "/bin/sh", 0, 0, false, 999_999_999));
            assertThat(ended.hints()).containsExactly("process 999999999 has ended");
        }
    }

    @Test
    void oneBadOffsetOfManyIsFoundAndTheOthersAttached() throws Throwable {
        Function function = Function.getppid();
        Function other = Function.of("getuid");
        List<Long> offsets = List.of(other.offset(), 1L << 40, function.offset());
        AttachSpec.UprobeMulti place = new AttachSpec.UprobeMulti(20, SPAN, function.path(), offsets, List.of(0L, 0L, 0L), false, false,
                Task.pid(Counter.KERNEL));
        try (Counter counter = new Counter(ProgramKind.KPROBE, BPF_TRACE_UPROBE_MULTI)) {
            Attempt attempt = attacher.attach(counter.program, counter.spec, place);
            if (attempt.refusals().size() == 3) {
                Counter.skip("needs kernel 6.6: " + attempt.refusals().getFirst().message());
            }
            assertThat(attempt.attached()).isEqualTo(2);
            assertThat(attempt.refusals()).singleElement().satisfies(r -> assertThat(r.place().site()).isEqualTo(21));
            try (Link link = attempt.link().orElseThrow()) {
                function.call(1);
                assertThat(counter.saw(22)).isTrue();
                other.call(1);
                assertThat(counter.saw(20)).isTrue();
                assertThat(link.place()).isSameAs(place);
            }
        }
    }

    @Test
    void sessionRunsOneProgramAtTheEntryAndAtTheReturn() throws Throwable {
        Function function = Function.getppid();
        AttachSpec.UprobeMulti place = new AttachSpec.UprobeMulti(20, SPAN, function.path(), List.of(function.offset()), List.of(0L), false, true,
                Task.pid(Counter.KERNEL));
        try (Counter counter = new Counter(ProgramKind.KPROBE, BPF_TRACE_UPROBE_SESSION)) {
            Attempt attempt = attacher.attach(counter.program, counter.spec, place);
            if (attempt.link().isEmpty()) {
                Counter.skip("needs kernel 6.13: " + attempt.refusals().getFirst().message());
            }
            assertThat(attempt.attached()).isEqualTo(2);
            try (Link link = attempt.link().orElseThrow()) {
                function.call(3);
                assertThat(counter.count()).isEqualTo(6);
                assertThat(counter.saw(20)).isTrue();
                assertThat(link.place()).isSameAs(place);
            }
        }
    }

    @Test
    void kernelProbesAreAttachedOrSayWhatIsMissing() {
        try (Counter counter = new Counter(ProgramKind.KPROBE)) {
            Attempt attempt = attacher.attach(counter.program, counter.spec, new AttachSpec.Kprobe(0, SPAN, "__x64_sys_getpid", 0, 0, false));
            attempt.link().ifPresent(link -> {
                Task.pid(Counter.KERNEL);
                assertThat(counter.count()).isPositive();
                link.close();
            });
            for (Refusal refusal : attempt.refusals()) {
                assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_SUPPORTED);
                assertThat(refusal.hints()).singleElement().asString().contains("built without kernel probes");
            }
        }
    }

    @Test
    void intervalRunsOnOneCpuAndProfileOnAll() throws InterruptedException {
        try (Counter counter = new Counter(ProgramKind.PERF_EVENT)) {
            try (Link link = attached(counter, new AttachSpec.Interval(1, SPAN, 2_000_000, 0))) {
                counter.awaitCount(3);
                assertThat(link.parts().attachments()).hasSize(1);
            }
            assertThat(counter.count()).isGreaterThanOrEqualTo(3);
            try (Link link = attached(counter, new AttachSpec.Profile(2, SPAN, 0, 499, -1))) {
                assertThat(link.parts().attachments()).hasSize(Runtime.getRuntime().availableProcessors());
                counter.awaitCount(counter.count() + 3);
                assertThat(counter.saw(2)).isTrue();
            }
        }
    }

    @Test
    void softwareEventsOfOneProcessAreCountedOnAllItsThreads() throws Exception {
        Process busy = new ProcessBuilder("sh", "-c", "while :; do :; done").start();
        try (Counter counter = new Counter(ProgramKind.PERF_EVENT);
                Link link = attached(counter, new AttachSpec.Profile(0, SPAN, 1_000_000, 0, (int) busy.pid()))) {
            counter.awaitCount(5);
            assertThat(counter.count()).isGreaterThanOrEqualTo(5);
            assertThat(link.parts().attachments()).hasSize(1);
            Refusal ended = refused(counter, new AttachSpec.Software(0, SPAN, 0, 1_000_000, 999_999_999));
            assertThat(ended.reason()).isEqualTo(Refusal.Reason.NOT_THERE);
        } finally {
            busy.destroyForcibly();
        }
    }

    @Test
    void watchpointWantsAnAlignedAddress() {
        try (Counter counter = new Counter(ProgramKind.PERF_EVENT)) {
            Refusal refusal = refused(counter, new AttachSpec.Watchpoint(0, SPAN, 0x10001, 8, "w", Task.pid(Counter.KERNEL)));
            assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_PROBEABLE);
            assertThat(refusal.message()).startsWith("could not attach to 8 bytes at 0x10001: perf_event_open");
        }
    }

    @Test
    void manyPlacesAreAttachedAndDetachedByTurns() throws IOException {
        List<String> calls = List.of("getpid", "getuid", "getgid", "geteuid", "getegid", "getppid", "getpgid", "getsid", "getpgrp", "umask",
                "sethostname", "setdomainname", "swapon", "swapoff", "acct", "sync", "syslog", "sysinfo", "times", "vhangup");
        try (Counter counter = new Counter(ProgramKind.TRACEPOINT)) {
            List<Links.Job> jobs = new ArrayList<>();
            for (String call : calls) {
                AttachSpec place = new AttachSpec.Tracepoint(jobs.size(), SPAN, "syscalls", "sys_enter_" + call, id("sys_enter_" + call));
                jobs.add(new Links.Job(counter.program, counter.spec, place));
            }
            List<Attempt> attempts = Links.attach(attacher, jobs);
            assertThat(attempts).hasSize(20).allSatisfy(attempt -> assertThat(attempt.attached()).isEqualTo(1));
            assertThat(attempts.get(4).link().orElseThrow().place()).isSameAs(jobs.get(4).place());
            Task.pid(Counter.KERNEL);
            assertThat(counter.count()).isPositive();
            List<Link> links = attempts.stream().map(attempt -> attempt.link().orElseThrow()).toList();
            Links.detach(links);
            long after = counter.count();
            Task.pid(Counter.KERNEL);
            assertThat(counter.count()).isEqualTo(after);
            Links.close(links);
        }
    }
}
