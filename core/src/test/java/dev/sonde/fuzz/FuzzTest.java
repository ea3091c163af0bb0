package dev.sonde.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the script, the front end answers: no exception, no hang, no diagnostic without a place; and what it compiles, the kernel accepts.
 *
 * <p>{@code fuzz.seconds} says how long to go on, {@code fuzz.seed} where to begin; {@code fuzz.out} names a directory that gets what is found.
 */
class FuzzTest {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 30);
    private static final long SEED = Long.getLong("fuzz.seed", 1);

    static List<Path> found() throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(Path.of(FuzzTest.class.getResource("/fuzz").toURI()))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("found")
    void scriptsThatOnceShowedABugDoNot(Path script) throws IOException {
        try (var oracle = new FrontEnd()) {
            Verdict verdict = oracle.judge(Files.readString(script));
            assertThat(verdict.bug()).as(verdict.detail()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "(", "{", "[", "- ", "!", "*", "&", "(int8)", "if (1) {", "1 ? ", "@a[", "comptime ", "str(", "sizeof(", "1 + ", "1 && ", "while (1) {",
        "for ($i : 0..3) {", "{ let $x = 1; ", "(1, ", "(a = ", "unroll (2) {", "if (1) {} else ", "@x++ + ", "(int8*", "x.", "typeof("})
    void nestingWithoutEndGetsAnAnswer(String piece) {
        try (var oracle = new FrontEnd()) {
            for (String start : List.of("begin { ", "begin { $x = ", "struct s { int a[", "")) {
                for (String middle : List.of("1", "")) {
                    Verdict verdict = oracle.judge(start + piece.repeat(10_000) + middle);
                    assertThat(verdict.bug()).as(verdict.detail()).isEmpty();
                    assertThat(verdict.reached()).isEqualTo(Verdict.Stage.READ);
                }
            }
        }
    }

    @Test
    void noScriptShowsABug() throws IOException, URISyntaxException {
        Oracle oracle = new CountingLoader().oracle();
        System.out.println("fuzz: seed " + SEED + ", " + SECONDS + " s" + (oracle.asksKernel() ? "" : "; skipped: loading programs needs root"));
        try (var fuzzer = new Fuzzer(oracle, Corpus.open(), SEED, FuzzTest::tell)) {
            for (int left = SECONDS; left > 0; left -= 60) {
                fuzzer.run(Duration.ofSeconds(Math.min(60, left)));
                System.out.println("fuzz: " + fuzzer.summary());
            }
            assertThat(fuzzer.bugs().values()).isEmpty();
        }
    }

    private static void tell(Fuzzer.Bug bug, Fuzzer fuzzer) {
        String directory = System.getProperty("fuzz.out");
        if (directory != null) {
            try {
                String name = "bug" + fuzzer.bugs().size();
                Files.writeString(Path.of(directory, name + ".bt"), bug.script());
                Files.writeString(Path.of(directory, name + ".txt"), bug.name() + "\n" + bug.detail() + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
