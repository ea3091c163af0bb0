package dev.sonde.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Sonde warns where bpftrace does. The table has the places of all warnings; where the two differ on purpose it has both answers. */
class WarningsTest {
    private static final Path TABLE = Case.DIRECTORY.resolve("warnings.txt");
    private static final String PEER = "    ";
    /** Before a second answer: Sonde's own. */
    private static final String OURS = "  > ";
    private static final Pattern PLACE = Pattern.compile("^[^ ]*?:(\\d+):(\\d+)-\\d+: WARNING: .*");
    private static final String NONE = "none";

    @TempDir
    Path directory;

    /** A script, and the places of its warnings: lines and columns. */
    private record Doubt(String script, String peer, String ours) {
        String expected() {
            return ours.isEmpty() ? peer : ours;
        }
    }

    private static List<Doubt> doubts() {
        List<String> lines = Case.text(TABLE).lines().toList();
        List<Doubt> doubts = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isBlank() && !line.startsWith("#") && !line.startsWith("  ")) {
                doubts.add(new Doubt(line, below(lines, i + 1, PEER), below(lines, i + 2, OURS)));
            }
        }
        return doubts;
    }

    private static String below(List<String> lines, int index, String start) {
        return index < lines.size() && lines.get(index).startsWith(start) ? lines.get(index).substring(start.length()) : "";
    }

    @TestFactory
    List<DynamicTest> warningsStandWhereBpftraceHasThem() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Doubt doubt : doubts()) {
            tests.add(DynamicTest.dynamicTest(doubt.script(), () -> {
                Requirements.root();
                assertThat(places(new SondeHere(), doubt)).isEqualTo(doubt.expected());
            }));
        }
        return tests;
    }

    @Test
    void recordsAreThoseOfThePeer() throws IOException, InterruptedException {
        Requirements.root();
        Optional<TracerCommand> peer = TracerCommand.peer(directory);
        Assumptions.assumeTrue(peer.isPresent() && System.getProperty("update") != null, "records are made with -Dupdate and a bpftrace");
        List<String> lines = new ArrayList<>(Case.text(TABLE).lines().takeWhile(line -> line.startsWith("#")).toList());
        for (Doubt doubt : doubts()) {
            lines.add(doubt.script());
            lines.add(PEER + places(peer.get(), doubt));
            if (!doubt.ours().isEmpty()) {
                lines.add(OURS + doubt.ours());
            }
        }
        Files.write(TABLE, lines);
        assertThat(doubts()).noneMatch(doubt -> doubt.peer().equals(doubt.ours()));
    }

    private String places(Tracer tracer, Doubt doubt) throws IOException, InterruptedException {
        var script = new Case("doubtful", doubt.script(), Map.of(Case.Directive.RUN, List.of("--dry-run")));
        String errors = tracer.run(script, false, directory.resolve("program")).errors();
        assertThat(errors).doesNotContain("ERROR");
        var places = new TreeSet<String>();
        // What follows a warning is no second one: the peer calls the places that explain it warnings, too.
        errors.lines().filter(line -> !line.endsWith(": expanded from") && !line.contains(": left (") && !line.contains(": right ("))
                .map(PLACE::matcher).filter(Matcher::matches).forEach(place -> places.add(place.group(1) + ":" + place.group(2)));
        return places.isEmpty() ? NONE : String.join(" ", places);
    }
}
