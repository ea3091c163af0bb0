package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.builtins.Configuration;
import dev.sonde.compile.Compiler;
import dev.sonde.compile.Parameters;
import dev.sonde.linux.LiveTarget;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Severity;
import dev.sonde.source.Source;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The commands that the documents show are commands of Sonde, and their scripts compile or fail as shown. */
class DocumentsTest {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)\n```", Pattern.DOTALL);
    private static final String START = "sudo ./sonde ";
    /** A path of a program in a script, which this machine may not have. */
    private static final Pattern PROGRAM = Pattern.compile("\\b(?:uprobe|uretprobe|usdt):([^:\\s]*/[^:\\s]*)");

    /**
     * A command and what is shown below it.
     *
     * @param page where it stands
     */
    private record Shown(String page, List<String> words, String output) {
        boolean fails() {
            return output.contains(" ERROR: ");
        }
    }

    @TestFactory
    List<DynamicTest> commandsOfTheDocumentsWork() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Shown shown : shown()) {
            tests.add(DynamicTest.dynamicTest(shown.page() + ": " + String.join(" ", shown.words()), () -> check(shown)));
        }
        assertThat(tests).as("commands shown").hasSizeGreaterThan(5);
        return tests;
    }

    private static void check(Shown shown) {
        CommandLine line = CommandLineParser.parse(shown.words().toArray(String[]::new));
        if (!line.has(Option.PROGRAM)) {
            return;
        }
        var mistakes = new Diagnostics();
        Script script = Parser.parse(new Source("stdin", line.value(Option.PROGRAM)), mistakes);
        assertThat(errors(mistakes)).isEmpty();
        Assumptions.assumeTrue(Files.isReadable(Path.of("/sys/kernel/tracing/events")), "tracefs is not readable here");
        for (Matcher program = PROGRAM.matcher(line.value(Option.PROGRAM)); program.find();) {
            Assumptions.assumeTrue(Files.exists(Path.of(program.group(1))), program.group(1) + " is not here");
        }
        Assumptions.assumeFalse(shown.output().contains("This kernel ("), "what another kernel refuses");
        assertThat(errors(compiled(script, line)).isEmpty()).as("compiles").isEqualTo(!shown.fails());
    }

    private static Diagnostics compiled(Script script, CommandLine line) {
        var diagnostics = new Diagnostics();
        var configuration = new Configuration(diagnostics);
        configuration.take(script.config());
        int child = line.has(Option.COMMAND) ? 1 : 0;
        var settings = configuration.settings(line.has(Option.UNSAFE), child, -1, line.has(Option.WARNINGS));
        try (var target = new LiveTarget(LinuxKernel.open(), List.of())) {
            new Compiler(target, new Parameters(line.positional(), line.named(), Map.of()), settings, diagnostics).compile(script);
        }
        return diagnostics;
    }

    private static List<Diagnostic> errors(Diagnostics diagnostics) {
        return diagnostics.sorted().stream().filter(d -> d.severity() == Severity.ERROR).toList();
    }

    private static List<Shown> shown() throws IOException {
        List<Shown> shown = new ArrayList<>();
        try (Stream<Path> pages = Stream.concat(Stream.of(PROJECT.resolve("README.md")), Files.list(PROJECT.resolve("docs")))) {
            for (Path page : pages.filter(p -> p.toString().endsWith(".md")).sorted().toList()) {
                BLOCK.matcher(Files.readString(page)).results().forEach(block -> shown.addAll(commands(page, block.group(1))));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return shown;
    }

    /** A command goes from {@code $} to the end of the line where its quotes are closed. */
    private static List<Shown> commands(Path page, String block) {
        List<Shown> commands = new ArrayList<>();
        for (String part : ("\n" + block).split("\n\\$ ")) {
            if (part.startsWith(START)) {
                List<String> words = new ArrayList<>();
                int end = words(part, START.length(), words);
                commands.add(new Shown(page.getFileName().toString(), words, part.substring(end)));
            }
        }
        return commands;
    }

    /** Splits as a shell would; returns where the command ends. */
    private static int words(String text, int from, List<String> words) {
        var word = new StringBuilder();
        char quote = 0;
        int at = from;
        for (; at < text.length() && (quote != 0 || text.charAt(at) != '\n' && text.charAt(at) != '|'); at++) {
            char c = text.charAt(at);
            if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (quote == 0 && c == ' ') {
                add(word, words);
            } else {
                word.append(c);
            }
        }
        add(word, words);
        return at;
    }

    private static void add(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}
