package dev.sonde.sidebyside;

import dev.sonde.builtins.Configuration;
import dev.sonde.compile.Compiler;
import dev.sonde.compile.Parameters;
import dev.sonde.linux.LiveTarget;
import dev.sonde.output.Printer;
import dev.sonde.output.Resolver;
import dev.sonde.output.StreamSink;
import dev.sonde.output.StreamSink.Buffering;
import dev.sonde.session.Child;
import dev.sonde.session.LiveNames;
import dev.sonde.session.Session;
import dev.sonde.session.SessionException;
import dev.sonde.session.SessionSettings;
import dev.sonde.sidebyside.Case.Directive;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticPrinter;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Severity;
import dev.sonde.source.Source;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.Feature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sonde in this process: what its command does, without the command line. */
public final class SondeHere implements Tracer {
    private static final int SECONDS = 30;
    private static final int NOT_ATTACHED = 255;

    private final Kernel kernel;
    private final Set<Feature> denied;

    /** On this kernel as it is. */
    public SondeHere() {
        this(LinuxKernel.open(), Set.of());
    }

    /** On a kernel that lacks {@code denied}. */
    public SondeHere(Kernel kernel, Set<Feature> denied) {
        this.kernel = kernel;
        this.denied = Set.copyOf(denied);
    }

    @Override
    public Outcome run(Case script, boolean json, Path program) throws IOException {
        return new Run(script, json, program).outcome();
    }

    /** One run. */
    private final class Run {
        private final Case script;
        private final boolean json;
        private final Path program;
        private final List<String> options;
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

        Run(Case script, boolean json, Path program) {
            this.script = script;
            this.json = json;
            this.program = program;
            this.options = script.words(Directive.RUN, program);
        }

        Outcome outcome() throws IOException {
            int exitCode = run();
            return new Outcome(output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8), exitCode);
        }

        private int run() throws IOException {
            int command = options.indexOf("-c");
            Optional<Child> child = command < 0 ? Optional.empty() : Optional.of(Child.start(kernel, options.get(command + 1)));
            try (LiveTarget target = new LiveTarget(kernel, List.of())) {
                denied.forEach(target.features()::deny);
                Optional<TraceSpec> spec = compile(target, child.map(Child::pid).orElse(0));
                return spec.isEmpty() ? 1 : trace(spec.get(), target, child);
            } finally {
                child.ifPresent(Child::close);
            }
        }

        private Optional<TraceSpec> compile(LiveTarget target, int pid) {
            var diagnostics = new Diagnostics();
            String text = script.script().replace(Case.PROGRAM, program.toString());
            Script parsed = Parser.parse(new Source(program.resolveSibling(script.name() + ".bt").toString(), text), diagnostics);
            var configuration = new Configuration(diagnostics);
            configuration.take(parsed.config());
            var settings = configuration.settings(options.contains("--unsafe"), pid, pid, options.contains("-k"));
            settings = options.contains("--no-warnings") ? settings.withoutFailures() : settings;
            var parameters = new Parameters(script.words(Directive.PARAMS, program), Map.of(), Map.of());
            var compiler = new Compiler(target, parameters, settings, diagnostics);
            Optional<TraceSpec> spec = diagnostics.hasErrors() ? Optional.empty() : compiler.compile(parsed).map(Compiler.Result::trace);
            print(diagnostics.sorted());
            return spec;
        }

        private void print(List<Diagnostic> diagnostics) {
            boolean all = !options.contains("--no-warnings");
            diagnostics.stream().filter(d -> all || d.severity() == Severity.ERROR)
                    .forEach(d -> errors.writeBytes(DiagnosticPrinter.print(d, false).getBytes(StandardCharsets.UTF_8)));
        }

        private int trace(TraceSpec spec, LiveTarget target, Optional<Child> child) {
            SessionSettings settings = child.map(SessionSettings.DEFAULTS::withChild).orElse(SessionSettings.DEFAULTS);
            try (LiveNames names = new LiveNames(kernel, target, spec.options().demangle(), _ -> {});
                    Session session = Session.open(kernel, spec, settings.remembering(names::remember), names, resolver -> printer(resolver, spec));
                    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
                clock.schedule(session::stop, SECONDS, TimeUnit.SECONDS);
                int exitCode = options.contains("--dry-run") ? 0 : session.run().exitCode();
                clock.shutdownNow();
                return exitCode;
            } catch (SessionException e) {
                print(e.diagnostics());
                errors.writeBytes(e.verifierLog().getBytes(StandardCharsets.UTF_8));
                return NOT_ATTACHED;
            }
        }

        private Printer printer(Resolver resolver, TraceSpec spec) {
            var out = new StreamSink(output, Buffering.LINE);
            return json ? Printer.json(out, resolver, spec) : Printer.text(out, new StreamSink(errors, Buffering.LINE), resolver, spec, false);
        }
    }
}
