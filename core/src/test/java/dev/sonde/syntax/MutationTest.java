package dev.sonde.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticPrinter;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.source.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Scripts with random damage: whatever the text, an answer comes, and every complaint has a place. */
class MutationTest {
    private static final String[] PIECES = {
            "{", "}", "(", ")", "[", "]", "\"", "'", "/", "/*", "*/", "//", "#", "#if", "#else", "#endif", "#define A(", "\\", ";",
            ",", ":", "::", "..", "->", "=", "==", "$", "@", "${", "$1", "$#", "if", "else", "for", "while", "let", "macro", "fn",
            "struct", "union", "enum", "typedef", "config", "import", "sizeof(", "offsetof(", "typeof(", "comptime", "(int8)",
            "(struct", "0x", "1e", "99999999999999999999", "\0", "é", "\uD83D\uDE00", "\uD83D", "\n", "\r\n", "++", "--", "?:",
            "<<=", "&&", "__attribute__((", "__attribute__((aligned(", "kprobe:f"
    };

    private static List<String> seeds() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/scripts"))) {
            var texts = new ArrayList<String>();
            for (Path path : files.sorted().toList()) {
                texts.add(Files.readString(path));
            }
            return texts;
        }
    }

    private static String mutate(String text, Random random) {
        var out = new StringBuilder(text);
        for (int i = random.nextInt(8); i >= 0; i--) {
            int at = random.nextInt(out.length() + 1);
            int end = Math.min(out.length(), at + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> out.delete(at, end);
                case 1, 2 -> out.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 3 -> out.insert(random.nextInt(out.length() + 1), out.substring(at, end));
                default -> out.setLength(Math.max(out.length() / 2, at));
            }
        }
        return out.toString();
    }

    private static void check(String text) {
        var source = new Source("m.bt", text);
        var diagnostics = new Diagnostics();
        Script script = Parser.parse(source, diagnostics);
        for (Diagnostic diagnostic : diagnostics.sorted()) {
            assertThat(diagnostic.span()).as(diagnostic.message()).isPresent();
            assertThat(DiagnosticPrinter.print(diagnostic, false)).contains("syntax: ");
        }
        for (Span span : Trees.spans(script)) {
            assertThat(span.end()).isBetween(span.start(), text.length());
        }
        String formatted = Formatter.format(script);
        if (diagnostics.sorted().isEmpty()) {
            assertThat(Trees.difference(script, Trees.parse(formatted))).as("%s%n->%n%s", text, formatted).isEmpty();
        }
    }

    @Test
    void damagedScriptsGetAnAnswer() throws IOException {
        List<String> seeds = seeds();
        var random = new Random(20250101);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 1500; i++) {
                check(mutate(seeds.get(random.nextInt(seeds.size())), random));
            }
        });
    }

    @Test
    void everyPrefixOfAScriptGetsAnAnswer() throws IOException {
        List<String> seeds = seeds();
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (String seed : seeds) {
                for (int i = 0; i <= seed.length(); i += 7) {
                    check(seed.substring(0, i));
                }
            }
        });
    }

    @Test
    void randomPiecesGetAnAnswer() {
        var random = new Random(7);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (int i = 0; i < 1500; i++) {
                var text = new StringBuilder(random.nextBoolean() ? "begin { " : "");
                for (int j = random.nextInt(30); j >= 0; j--) {
                    text.append(PIECES[random.nextInt(PIECES.length)]).append(random.nextBoolean() ? " " : "");
                }
                check(text.toString());
            }
        });
    }

    @Test
    void longRunsOfOnePieceGetAnAnswer() {
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            for (String piece : PIECES) {
                check(piece.repeat(1000));
                check("begin { " + piece.repeat(1000));
                check("begin { $x = " + piece.repeat(1000));
                check("begin { $x = " + ("(" + piece).repeat(1000));
                check("struct s { int " + piece.repeat(1000));
            }
        });
    }
}
