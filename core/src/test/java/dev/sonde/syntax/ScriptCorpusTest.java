package dev.sonde.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.source.Source;
import dev.sonde.source.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Whole scripts: read without a diagnostic, written and read again as the same tree. */
class ScriptCorpusTest {
    private static void readAll(List<Path> scripts) throws IOException {
        for (Path path : scripts) {
            FormatterTest.format(Files.readString(path));
        }
    }

    private static List<Path> scripts(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(path -> path.toString().endsWith(".bt") && Files.isRegularFile(path)).sorted().toList();
        }
    }

    private static List<Path> present(String what, Path... roots) throws IOException {
        var found = new ArrayList<Path>();
        for (Path root : roots) {
            found.addAll(scripts(root));
        }
        Assumptions.assumeFalse(found.isEmpty(), "no " + what + " on this machine");
        return found;
    }

    @Test
    void ownScripts() throws IOException {
        Path root = Path.of("src/test/resources/scripts");
        List<Path> scripts = scripts(root);
        assertThat(scripts).hasSizeGreaterThanOrEqualTo(4);
        readAll(scripts);
    }

    @Test
    void scriptsOfAllTestsKeepTheirCommentsWhenFormatted() throws IOException {
        int checked = 0;
        for (Path path : scripts(Path.of("src/test/resources"))) {
            String text = Files.readString(path);
            // What a fuzzer made may be nested so deeply that its canonical form, with more parentheses, is refused.
            if (!path.startsWith("src/test/resources/fuzz") && Trees.mistakes(text).isEmpty()) {
                assertThat(comments(FormatterTest.format(text))).as(path.toString()).isEqualTo(comments(text));
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(150);
    }

    /** The comments, with their lines as they are without indentation. */
    private static List<String> comments(String text) {
        return Parser.trivia(new Source("t.bt", text)).stream().map(Span::text).filter(comment -> comment.startsWith("/"))
                .map(comment -> comment.lines().map(String::strip).collect(Collectors.joining("\n"))).toList();
    }

    @Test
    void scriptsThatSondeWasMadeFor() throws IOException {
        List<Path> scripts = present("seed scripts", Path.of("../../shared/seeds"));
        assertThat(scripts).hasSize(2);
        readAll(scripts);
    }

    @Test
    void toolsOfTheInstalledBpftrace() throws IOException {
        readAll(present("bpftrace tools", Path.of("/usr/sbin"), Path.of("/usr/share/bpftrace")));
    }

    @Test
    void toolsOfTheNewestBpftrace() throws IOException {
        readAll(present("newest bpftrace", Path.of(System.getProperty("user.home"), ".cache/tracer-lab/sid-bpftrace/usr")));
    }

    @Test
    void acceptFlowHasItsProbes() throws IOException {
        Script script = Trees.parse(Files.readString(Path.of("src/test/resources/scripts/accept-flow.bt")));
        assertThat(script.probes()).hasSize(8);
        assertThat(script.probes().get(4).attachPoints().getFirst().parts().get(1).text()).isEqualTo("/proc/${SERVER_PID}/root/usr/local/bin/server");
        assertThat(script.probes().get(1).predicate()).isPresent();
    }
}
