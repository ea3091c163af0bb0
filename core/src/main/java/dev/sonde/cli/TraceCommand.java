package dev.sonde.cli;

import dev.sonde.builtins.Configuration;
import dev.sonde.builtins.ScriptOptions;
import dev.sonde.builtins.Settings;
import dev.sonde.compile.Compiler;
import dev.sonde.compile.Parameters;
import dev.sonde.linux.LiveTarget;
import dev.sonde.session.Child;
import dev.sonde.source.Diagnostics;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.syntax.Formatter;
import dev.sonde.syntax.Script;
import java.io.IOException;
import java.util.Optional;

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
        Script script = ProbeFilter.of(line).apply(ScriptText.parse(ScriptText.read(line), line, diagnostics));
        stages.parsed(script);
        if (diagnostics.hasErrors()) {
            return failed();
        }
        if (mode == Mode.FORMAT) {
            Messages.out(Formatter.format(script));
            return 0;
        }
        if (script.probes().isEmpty()) {
            Messages.write("No probes to attach\n");
            return Main.FAILED;
        }
        if (line.named().containsKey("help")) {
            Messages.out(ScriptOptions.help(script));
            return 0;
        }
        return run(script, mode, pid, output);
    }

    private int failed() {
        messages.print(diagnostics.sorted());
        return Main.FAILED;
    }

    private int run(Script script, Mode mode, int pid, Output output) {
        Runtime.getRuntime().addShutdownHook(interruption);
        Optional<Child> child = child();
        try (LiveTarget target = Targets.open(kernel, line)) {
            Optional<Compiler.Result> result = compile(script, target, child.map(Child::pid).orElse(0), pid);
            if (result.isEmpty()) {
                return failed();
            }
            messages.print(diagnostics.sorted());
            stages.compiled(result.get());
            if (mode == Mode.COMPILE) {
                return 0;
            }
            return new TraceRun(line, kernel, target, output, messages, interruption).run(result.get().trace(), child, pid);
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

    private Optional<Compiler.Result> compile(Script script, LiveTarget target, int childPid, int pid) {
        var configuration = new Configuration(diagnostics);
        configuration.take(script.config());
        configuration.take(System.getenv());
        Settings settings = configuration.settings(line.has(Option.UNSAFE), childPid, childPid > 0 ? childPid : pid, line.has(Option.WARNINGS));
        settings = line.has(Option.NO_WARNINGS) ? settings.withoutFailures() : settings;
        var parameters = new Parameters(line.positional(), line.named(), System.getenv());
        return new Compiler(target, parameters, settings, diagnostics).compile(script);
    }
}
