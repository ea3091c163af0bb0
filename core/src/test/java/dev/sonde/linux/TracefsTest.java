package dev.sonde.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.elf.Tool;
import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracefsTest {
    private static Tracefs live;

    @TempDir
    Path directory;

    @BeforeAll
    static void find() {
        live = Tracefs.find(Live.root());
        if (!live.problem().isEmpty()) {
            Live.skip(live.problem());
        }
    }

    @AfterAll
    static void close() {
        if (live != null) {
            live.close();
        }
    }

    @Test
    void tracepointsAreThoseOfTheDirectories() throws IOException {
        List<TracepointName> expected = new ArrayList<>();
        Path events = Path.of(live.path("events").orElseThrow());
        try (var formats = Files.find(events, 3, (path, _) -> path.endsWith("format"))) {
            formats.forEach(path -> expected.add(new TracepointName(path.getName(path.getNameCount() - 3).toString(),
                    path.getName(path.getNameCount() - 2).toString())));
        }
        expected.removeIf(name -> name.category().equals("ftrace"));
        assertThat(live.tracepoints("*", "*")).hasSizeGreaterThan(500).containsExactlyInAnyOrderElementsOf(expected).isSorted();
    }

    @Test
    void patternsSelectByCategoryAndEvent() {
        assertThat(live.tracepoints("sched", "sched_sw*")).contains(new TracepointName("sched", "sched_switch"))
                .allMatch(name -> name.category().equals("sched") && name.event().startsWith("sched_sw"));
        assertThat(live.tracepoints("sched", "sched_switch")).containsExactly(new TracepointName("sched", "sched_switch"));
        assertThat(live.tracepoints("sched", "no_such_event")).isEmpty();
        assertThat(live.tracepoints("..", "sched")).isEmpty();
        assertThat(live.tracepoints("", "")).isEmpty();
    }

    @Test
    void everyFormatIsReadInFull() {
        int fields = 0;
        for (TracepointName name : live.tracepoints("*", "*")) {
            TracepointFormat format = live.format(name).orElseThrow();
            String event = "events/" + name.category() + "/" + name.event();
            String text = live.text(event + "/format").orElseThrow();
            assertThat(format.fields()).as(name.toString()).hasSize(text.split("\tfield:").length - 1);
            assertThat(format.id()).isEqualTo(Long.parseLong(live.text(event + "/id").orElseThrow().trim()));
            for (TracepointFormat.Field field : format.fields()) {
                assertThat(field.name()).as(name.toString()).matches("[A-Za-z_][A-Za-z_0-9]*");
                assertThat(field.type()).as(name + " " + field).isNotEmpty();
                assertThat(text).contains("offset:" + field.offset() + ";\tsize:" + field.size() + ";");
                fields++;
            }
        }
        assertThat(fields).isGreaterThan(5000);
    }

    @Test
    void fieldsAreThoseThatBpftraceLists() {
        for (String event : List.of("sched:sched_switch", "syscalls:sys_enter_openat", "sched:sched_process_exec", "block:block_rq_issue")) {
            List<String> lines = Tool.lines("bpftrace", "-lv", "tracepoint:" + event);
            if (lines.size() < 2) {
                Live.skip("needs a working bpftrace");
            }
            List<String> mine = new ArrayList<>(List.of("tracepoint:" + event));
            String[] parts = event.split(":");
            for (TracepointFormat.Field field : live.format(new TracepointName(parts[0], parts[1])).orElseThrow().fields()) {
                if (field.offset() >= 8) {
                    mine.add("    " + field.type() + " " + field.name() + (field.count() > 0 ? "[" + field.count() + "]" : ""));
                }
            }
            assertThat(lines).isEqualTo(mine);
        }
    }

    @Test
    void mountOfOurOwnIsInNoMountTable() throws IOException {
        String before = Files.readString(Path.of("/proc/self/mountinfo"));
        String root;
        try (Tracefs own = Tracefs.detached(Live.root())) {
            if (!own.problem().isEmpty()) {
                Live.skip(own.problem());
            }
            assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(before);
            assertThat(own.tracepoints("*", "*")).isEqualTo(live.tracepoints("*", "*"));
            TracepointName name = new TracepointName("sched", "sched_switch");
            assertThat(own.format(name)).isEqualTo(live.format(name)).isPresent();
            root = own.path("events").orElseThrow();
        }
        assertThat(Files.exists(Path.of(root))).isFalse();
    }

    @Test
    void refusedMountIsToldNotThrown() {
        try (Tracefs none = Tracefs.detached(_ -> -1)) {
            assertThat(none.problem()).contains("fsopen: Operation not permitted");
            assertThat(none.tracepoints("*", "*")).isEmpty();
            assertThat(none.format(new TracepointName("sched", "sched_switch"))).isEmpty();
        }
    }

    @Test
    void directoriesAreListedWhereTheListOfEventsIsMissing() throws IOException {
        Path event = Files.createDirectories(directory.resolve("events/demo/one"));
        Files.writeString(event.resolve("format"), "ID: 3\n\tfield:int x;\toffset:8;\tsize:4;\tsigned:1;\n");
        Files.createDirectories(directory.resolve("events/demo/no_format"));
        Files.createDirectories(directory.resolve("events/ftrace/function"));
        Files.writeString(directory.resolve("events/enable"), "0\n");
        Tracefs made = Tracefs.at(directory.toString());
        assertThat(made.tracepoints("*", "*")).containsExactly(new TracepointName("demo", "one"));
        assertThat(made.format(new TracepointName("demo", "one")).map(TracepointFormat::id)).isEqualTo(Optional.of(3L));
    }
}
