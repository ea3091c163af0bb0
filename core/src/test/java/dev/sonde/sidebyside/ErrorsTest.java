package dev.sonde.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wrong scripts are refused at the place where bpftrace refuses them, mostly in the same words. Where Sonde's place is narrower, or bpftrace accepts
 * or crashes, the table has both answers.
 */
class ErrorsTest {
    private static final Path TABLE = Case.DIRECTORY.resolve("errors.txt");
    private static final String INDENT = "    ";
    /** In place of the indent's last blank: the wording is Sonde's own. */
    private static final String OWN_WORDS = "  ~ ";
    /** Before a second answer: Sonde's own. */
    private static final String OWN_PLACE = "  > ";

    @TempDir
    Path directory;

    /**
     * A line of the table with those below it.
     *
     * @param error the first error that bpftrace prints
     * @param ownWords whether only the place counts
     * @param ours what Sonde says instead; empty where it says the same
     */
    private record Mistake(String script, String error, boolean ownWords, String ours) {
        String expected() {
            return ours.isEmpty() ? error : ours;
        }

        /** What of an error is compared. */
        String compared(String message) {
            return ownWords && message.contains(" ERROR") ? message.substring(0, message.indexOf(" ERROR")) : message;
        }
    }

    private static List<Mistake> mistakes() {
        List<String> lines = Case.text(TABLE).lines().toList();
        List<Mistake> mistakes = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isBlank() && !line.startsWith("#") && !line.startsWith("  ")) {
                String below = i + 1 < lines.size() && lines.get(i + 1).startsWith("  ") ? lines.get(i + 1) : INDENT;
                String own = i + 2 < lines.size() && lines.get(i + 2).startsWith(OWN_PLACE) ? lines.get(i + 2).substring(OWN_PLACE.length()) : "";
                mistakes.add(new Mistake(line, below.substring(INDENT.length()), below.startsWith(OWN_WORDS), own));
            }
        }
        return mistakes;
    }

    @TestFactory
    List<DynamicTest> mistakesAreFoundWhereBpftraceFindsThem() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Mistake mistake : mistakes()) {
            tests.add(DynamicTest.dynamicTest(mistake.script(), () -> {
                Requirements.root();
                String error = error(new SondeHere(), mistake);
                assertThat(mistake.compared(error)).isEqualTo(mistake.compared(mistake.expected()));
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
        for (Mistake mistake : mistakes()) {
            lines.add(mistake.script());
            lines.add((mistake.ownWords() ? OWN_WORDS : INDENT) + error(peer.get(), mistake));
            if (!mistake.ours().isEmpty()) {
                lines.add(OWN_PLACE + mistake.ours());
            }
        }
        Files.write(TABLE, lines);
        assertThat(mistakes()).noneMatch(mistake -> mistake.error().equals("no error") && mistake.ours().isEmpty());
    }

    private String error(Tracer tracer, Mistake mistake) throws IOException, InterruptedException {
        var script = new Case("wrong", mistake.script(), Map.of(Case.Directive.RUN, List.of("--dry-run")));
        return Comparison.firstError(tracer.run(script, false, directory.resolve("program")).errors());
    }
}
