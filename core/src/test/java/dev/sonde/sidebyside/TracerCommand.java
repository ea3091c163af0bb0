package dev.sonde.sidebyside;

import dev.sonde.sidebyside.Case.Directive;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A tracer with bpftrace's command line, run as a process.
 *
 * @param command the words before the options
 */
public record TracerCommand(List<String> command) implements Tracer {
    private static final int SECONDS = 40;
    private static final int OLDEST_MINOR = 24;

    /** Sonde, of the classes of this test run. */
    static TracerCommand sonde() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new TracerCommand(List.of(java, "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
                System.getProperty("java.class.path"), "dev.sonde.cli.Main"));
    }

    /** bpftrace 0.24 or newer: the command that SONDE_PEER or BENCH_PEER names, or {@code bpftrace}. */
    public static Optional<TracerCommand> peer(Path directory) throws IOException, InterruptedException {
        for (String command : new String[] {System.getenv("SONDE_PEER"), System.getenv("BENCH_PEER"), "bpftrace"}) {
            if (command != null && !command.isBlank()) {
                var peer = new TracerCommand(List.of(command.strip().split(" +")));
                if (peer.isNewEnough()) {
                    return Optional.of(peer.withTraceableFunctions(directory));
                }
            }
        }
        return Optional.empty();
    }

    /** Where the kernel keeps its list of traceable functions to itself, bpftrace finds no raw tracepoint without one. */
    private TracerCommand withTraceableFunctions(Path directory) throws IOException {
        if (isReadable(Path.of("/sys/kernel/tracing/available_filter_functions"))) {
            return this;
        }
        List<String> names = new ArrayList<>();
        try (Stream<String> symbols = Files.lines(Path.of("/proc/kallsyms"))) {
            symbols.map(line -> line.split(" ")[2]).filter(name -> name.startsWith("__traceiter_") || name.startsWith("__probestub_"))
                    .forEach(names::add);
        }
        Path file = Files.write(directory.resolve("traceable"), names);
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("--traceable-functions", file.toString()));
        return new TracerCommand(words);
    }

    private static boolean isReadable(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isNewEnough() throws InterruptedException {
        try {
            List<String> words = new ArrayList<>(command);
            words.add("--version");
            Matcher version = Pattern.compile("v0\\.(\\d+)").matcher(started(words, List.of()).output());
            return version.find() && Integer.parseInt(version.group(1)) >= OLDEST_MINOR;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Outcome run(Case script, boolean json, Path program) throws IOException, InterruptedException {
        Path file = program.resolveSibling(script.name() + ".bt");
        Files.writeString(file, script.script().replace(Case.PROGRAM, program.toString()));
        List<String> words = new ArrayList<>(command);
        words.addAll(json ? List.of("-f", "json") : List.of());
        words.addAll(script.words(Directive.RUN, program));
        words.add(file.toString());
        words.addAll(script.words(Directive.PARAMS, program));
        return started(words, script.all(Directive.ENV));
    }

    private static Outcome started(List<String> words, List<String> environment) throws IOException, InterruptedException {
        File output = File.createTempFile("sidebyside", ".out");
        File errors = File.createTempFile("sidebyside", ".err");
        try {
            var builder = new ProcessBuilder(words).redirectOutput(output).redirectError(errors).redirectInput(Redirect.from(new File("/dev/null")));
            environment.forEach(variable -> builder.environment().put(variable.substring(0, variable.indexOf('=')),
                    variable.substring(variable.indexOf('=') + 1)));
            Process process = builder.start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
                throw new IOException(words + " did not end");
            }
            return new Outcome(Case.text(output.toPath()), Case.text(errors.toPath()), process.exitValue());
        } finally {
            Files.delete(output.toPath());
            Files.delete(errors.toPath());
        }
    }
}
