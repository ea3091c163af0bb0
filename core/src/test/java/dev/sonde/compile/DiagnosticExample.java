package dev.sonde.compile;

import dev.sonde.builtins.Configuration;
import dev.sonde.session.SessionException;
import dev.sonde.session.TrialSession;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticPrinter;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.Errno;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.Syscall;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.Architecture;
import dev.sonde.target.Feature;
import dev.sonde.target.RecordedTarget;
import dev.sonde.target.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A script that provokes diagnostics, {@code CODE.bt} or {@code CODE-something.bt}, and what they look like, in the {@code .txt} beside it.
 *
 * <p>Lines {@code // name: text} at its head say where it runs and are no part of the script: {@code without: FEATURE} and {@code processor: NAME}
 * of the recorded machine, {@code env: NAME=VALUE}, {@code option: NAME=VALUE}, {@code params: WORDS}, {@code run: --unsafe}, and
 * {@code kernel: WHAT} for a kernel that loads and attaches all but that.
 */
record DiagnosticExample(Path file, String name, Map<String, String> directives, String script) {
    static final Path DIRECTORY = Path.of("src/test/resources/diagnostics");

    static List<DiagnosticExample> all() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.filter(file -> file.toString().endsWith(".bt")).sorted(Comparator.comparing(Path::toString))
                    .map(DiagnosticExample::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DiagnosticExample read(Path file) {
        try {
            String text = Files.readString(file);
            Map<String, String> directives = new HashMap<>();
            while (text.startsWith("// ")) {
                String line = text.substring(3, text.indexOf('\n'));
                directives.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip());
                text = text.substring(text.indexOf('\n') + 1);
            }
            String name = file.getFileName().toString();
            return new DiagnosticExample(file, name.substring(0, name.length() - ".bt".length()), directives, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name of the code that it is an example of. */
    String code() {
        int dash = name.indexOf('-');
        return dash < 0 ? name : name.substring(0, dash);
    }

    Path expected() {
        return file.resolveSibling(name + ".txt");
    }

    /** The diagnostics of the script, in the order of the script. */
    List<Diagnostic> diagnostics() {
        var diagnostics = new Diagnostics();
        Script parsed = Parser.parse(new Source(file.getFileName().toString(), script), diagnostics);
        var configuration = new Configuration(diagnostics);
        configuration.take(parsed.config());
        var settings = configuration.settings(directives.getOrDefault("run", "").contains("--unsafe"), 0, -1, false);
        var compiler = new Compiler(target(), parameters(), settings, diagnostics);
        Optional<TraceSpec> spec = compiler.compile(parsed).map(Compiler.Result::trace);
        List<Diagnostic> all = new ArrayList<>(diagnostics.sorted());
        if (directives.containsKey("kernel")) {
            all.addAll(refused(spec.orElseThrow()));
        }
        return all;
    }

    /** As they are printed. */
    static String text(List<Diagnostic> diagnostics) {
        var text = new StringBuilder();
        diagnostics.forEach(diagnostic -> text.append(DiagnosticPrinter.print(diagnostic, false)));
        return text.toString();
    }

    private Parameters parameters() {
        List<String> positional = directives.containsKey("params") ? List.of(directives.get("params").split(" ")) : List.of();
        return new Parameters(positional, pair("option"), pair("env"));
    }

    private Map<String, String> pair(String directive) {
        String[] pair = directives.getOrDefault(directive, "").split("=", 2);
        return pair.length == 2 ? Map.of(pair[0], pair[1]) : Map.of();
    }

    private Target target() {
        RecordedTarget.Builder target = BuiltinsMachine.target().kernelFunction("vmlinux", "tcp_rcv_established.isra.0", 0x5000);
        if (directives.containsKey("processor")) {
            target.architecture(Architecture.valueOf(directives.get("processor")));
        }
        if (directives.containsKey("without")) {
            target.without(Feature.valueOf(directives.get("without")));
        }
        return target.build();
    }

    private List<Diagnostic> refused(TraceSpec spec) {
        try {
            return TrialSession.warnings(kernel(directives.get("kernel")), spec);
        } catch (SessionException e) {
            return e.diagnostics();
        }
    }

    /** A kernel that does everything but {@code refused}. */
    private static Kernel kernel(String refused) {
        Function<Syscall, Errno> refusal = call -> switch (refused) {
            case "no maps" -> call instanceof Bpf.MapCreate || call instanceof Syscall.PrLimit ? Errno.EPERM : null;
            case "no programs" -> call instanceof Bpf.ProgLoad ? Errno.EPERM : null;
            case "no events" -> call instanceof Syscall.PerfEventOpen ? Errno.EACCES : null;
            case "rejects" -> rejects(call);
            default -> throw new IllegalArgumentException(refused);
        };
        int[] next = {100};
        return call -> {
            Errno errno = refusal.apply(call);
            return errno != null ? -errno.number() : call instanceof Syscall.Close || call instanceof Bpf.MapUpdateElem ? 0 : next[0]++;
        };
    }

    private static Errno rejects(Syscall call) {
        if (call instanceof Bpf.ProgLoad load) {
            if (load.log() != null) {
                load.log().setString(0, "0: (79) r0 = *(u64 *)(r3 +0)\nR3 !read_ok\n");
            }
            return Errno.EACCES;
        }
        return null;
    }
}
