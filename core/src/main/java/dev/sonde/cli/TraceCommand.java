package dev.sonde.cli;

import dev.sonde.asm.Disassembler;
import dev.sonde.builtins.Configuration;
import dev.sonde.builtins.ScriptOptions;
import dev.sonde.builtins.Settings;
import dev.sonde.compile.Compiler;
import dev.sonde.compile.Parameters;
import dev.sonde.linux.LiveTarget;
import dev.sonde.probes.ProbeKind;
import dev.sonde.probes.ProbeKinds;
import dev.sonde.session.Child;
import dev.sonde.session.Renewal;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.spec.AttachSpec.Self.Moment;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.syntax.Formatter;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Parses and compiles a script, prints the stages that are asked for, and runs it. */
final class TraceCommand {
    private final CommandLine line;
    private final Messages messages;
    private final Stages stages;
    private final Interruption interruption = new Interruption();
    private final Diagnostics diagnostics = new Diagnostics();
    private final Kernel kernel = LinuxKernel.open();

    TraceCommand(CommandLine line) {
        this.line = line;
        this.messages = Messages.of(line);
        this.stages = Stages.of(line);
    }

    /** Does it; gives the exit code. */
    int run() {
        Mode mode = Mode.of(line);
        int pid = ProcessId.of(line);
        if (pid >= 0 && line.has(Option.COMMAND)) {
            throw UsageException.of("-c and -p exclude each other");
        }
        Output output = Output.of(line);
        if (line.has(Option.AOT)) {
            CompiledScript.check(line, mode);
        }
        if (CompiledScript.isNamed(line)) {
            return runCompiled(output);
        }
        Script script = ScriptText.parse(ScriptText.read(line), line, diagnostics);
        stages.parsed(script);
        if (diagnostics.hasErrors()) {
            if (mode != Mode.FORMAT) {
                checkRest(script, mode, pid);
            }
            return failed();
        }
        if (mode == Mode.FORMAT) {
            Messages.out(Formatter.format(script));
            return 0;
        }
        if (script.probes().isEmpty() && script.imports().isEmpty()) {
            return noProbes();
        }
        if (line.named().containsKey("help")) {
            Messages.out(ScriptOptions.help(script));
            return 0;
        }
        return run(script, mode, pid, output);
    }

    private int runCompiled(Output output) {
        Runtime.getRuntime().addShutdownHook(interruption);
        try (LiveTarget target = Targets.open(kernel, line)) {
            TraceSpec trace = CompiledScript.read(line, target);
            return new TraceRun(line, kernel, target, output, messages, interruption)
                    .run(trace, renewal(Optional::empty), Mode.TRACE, Optional.empty(), ProcessId.of(line));
        }
    }

    /** Writes what --emit-elf and --emit-llvm ask for. */
    private void emit(Compiler.Result result) {
        try {
            if (line.has(Option.EMIT_ELF)) {
                Files.write(Path.of(line.value(Option.EMIT_ELF)), ObjectFile.of(result.trace().programs()));
            }
            if (line.has(Option.EMIT_LLVM)) {
                Files.writeString(Path.of(line.value(Option.EMIT_LLVM) + ".ir"), result.intermediateText());
            }
        } catch (IOException e) {
            throw UsageException.of("cannot write " + e.getMessage());
        }
    }

    /** What a script comes to of which no probe is left to attach. */
    private int nothingLeft(Script script) {
        for (Moment moment : List.of(Moment.TEST, Moment.BENCH)) {
            if (!line.has(Option.PROBE_FILTER) && hasProbes(script, moment)) {
                boolean attaches = !line.has(Option.DRY_RUN);
                if (attaches) {
                    Messages.write("ERROR: No probes attached; use --" + (moment == Moment.TEST ? "test to run test" : "bench to run benchmark")
                            + " probes.\n");
                }
                return attaches ? TraceRun.NOT_ATTACHED : 0;
            }
        }
        return noProbes();
    }

    private static boolean hasProbes(Script script, Moment demanded) {
        for (Script.Probe probe : script.probes()) {
            for (Script.AttachPoint point : probe.attachPoints()) {
                if (ProbeKinds.find(point.parts().getFirst().text()).flatMap(ProbeKind::demand).filter(demanded::equals).isPresent()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int noProbes() {
        Messages.write("No probes to attach\n");
        return Main.FAILED;
    }

    private int failed() {
        messages.print(diagnostics.sorted());
        return Main.FAILED;
    }

    private int run(Script script, Mode mode, int pid, Output output) {
        Runtime.getRuntime().addShutdownHook(interruption);
        Optional<Child> child = child();
        try (LiveTarget target = Targets.open(kernel, line)) {
            Optional<Compiler.Result> result = compile(script, target, mode, child.map(Child::pid).orElse(0), pid);
            if (result.isEmpty()) {
                return failed();
            }
            messages.print(diagnostics.sorted());
            stages.compiled(result.get());
            emit(result.get());
            if (mode == Mode.COMPILE || line.has(Option.EMIT_ELF)) {
                return 0;
            }
            if (mode == Mode.COMPILER_BENCH) {
                Source source = script.source();
                CompilerBenchmark.run("parse", () -> Parser.parse(source, new Diagnostics()));
                CompilerBenchmark.run("compile", () -> compile(script, target, mode, child.map(Child::pid).orElse(0), pid));
                return 0;
            }
            if (result.get().trace().programs().isEmpty()) {
                return nothingLeft(script);
            }
            if (line.has(Option.AOT)) {
                CompiledScript.write(line, target, result.get().trace());
                return 0;
            }
            return new TraceRun(line, kernel, target, output, messages, interruption)
                    .run(result.get().trace(), renewal(script, result.get().trace(), mode, pid), mode, child, pid);
        } finally {
            child.ifPresent(Child::close);
        }
    }

    private Optional<Child> child() {
        if (!line.has(Option.COMMAND)) {
            return Optional.empty();
        }
        try {
            Child child = Child.start(kernel, line.value(Option.COMMAND));
            interruption.mind(child);
            return Optional.of(child);
        } catch (IOException e) {
            throw UsageException.of("cannot start the command: " + e.getMessage());
        }
    }

    private Optional<Compiler.Result> compile(Script script, LiveTarget target, Mode mode, int childPid, int pid) {
        return compile(script, target, mode, childPid, pid, diagnostics);
    }

    /** Finds the mistakes of meaning in what could be read of a script. */
    private void checkRest(Script script, Mode mode, int pid) {
        try (LiveTarget target = Targets.open(kernel, line)) {
            Compiler.check(script, target, parameters(), settings(script, mode, 0, pid, diagnostics), diagnostics);
        }
    }

    private Optional<Compiler.Result> compile(Script script, LiveTarget target, Mode mode, int childPid, int pid, Diagnostics mistakes) {
        return new Compiler(target, parameters(), settings(script, mode, childPid, pid, mistakes), mistakes).compile(script);
    }

    private Parameters parameters() {
        return new Parameters(line.positional(), line.named(), System.getenv());
    }

    private Settings settings(Script script, Mode mode, int childPid, int pid, Diagnostics mistakes) {
        var configuration = new Configuration(mistakes);
        configuration.take(script.config());
        configuration.take(System.getenv());
        Settings settings = configuration.settings(line.has(Option.UNSAFE), childPid, childPid > 0 ? childPid : pid, line.has(Option.WARNINGS));
        return (line.has(Option.NO_WARNINGS) ? settings.withoutFailures() : settings)
                .selecting(new Settings.Selection(mode.demanded(), ProbeFilter.of(line)));
    }

    /** Compiles the script again for the files that are there then, and compares. With -c the files are the command's own affair. */
    private Renewal renewal(Script script, TraceSpec former, Mode mode, int pid) {
        return renewal(() -> {
            try (LiveTarget now = Targets.open(kernel, line)) {
                return compile(script, now, mode, 0, pid, new Diagnostics()).map(Compiler.Result::trace).filter(anew -> isSame(former, anew));
            }
        });
    }

    private Renewal renewal(Supplier<Optional<TraceSpec>> anew) {
        return new Renewal() {
            @Override
            public Optional<TraceSpec> compiled() {
                return anew.get();
            }

            @Override
            public void tell(String message) {
                if (messages.showsWarnings()) {
                    Messages.write("WARNING: " + message + "\n");
                }
            }
        };
    }

    /** Whether the programs of one can be attached where the other says. */
    private static boolean isSame(TraceSpec former, TraceSpec anew) {
        boolean same = former.sites().equals(anew.sites()) && former.programs().size() == anew.programs().size();
        for (int i = 0; same && i < former.programs().size(); i++) {
            same = Disassembler.text(former.programs().get(i).code()).equals(Disassembler.text(anew.programs().get(i).code()));
        }
        return same;
    }
}
