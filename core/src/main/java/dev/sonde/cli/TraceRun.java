package dev.sonde.cli;

import dev.sonde.linux.LiveTarget;
import dev.sonde.output.StreamSink;
import dev.sonde.session.Child;
import dev.sonde.session.LiveNames;
import dev.sonde.session.Renewal;
import dev.sonde.session.RunReport;
import dev.sonde.session.Session;
import dev.sonde.session.SessionException;
import dev.sonde.session.SessionSettings;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.Task;
import java.util.Optional;

/** Loads, attaches and prints a compiled script until its end. */
final class TraceRun {
    /** The exit code of a trace that could not be loaded or attached, as bpftrace has it. */
    static final int NOT_ATTACHED = 255;
    /** What a shell shows for a command that ended because nobody read its output any more: 128 and SIGPIPE. */
    private static final int OUTPUT_CLOSED = 141;
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    private final CommandLine line;
    private final Kernel kernel;
    private final LiveTarget target;
    private final Output output;
    private final Messages messages;
    private final Interruption interruption;

    TraceRun(CommandLine line, Kernel kernel, LiveTarget target, Output output, Messages messages, Interruption interruption) {
        this.line = line;
        this.kernel = kernel;
        this.target = target;
        this.output = output;
        this.messages = messages;
        this.interruption = interruption;
    }

    /** Does it; gives the exit code. */
    int run(TraceSpec spec, Renewal renewal, Mode mode, Optional<Child> child, int pid) {
        prepare();
        StreamSink out = output.open();
        try (LiveNames names = new LiveNames(kernel, target, spec.options().demangle(), this::malformed);
                Session session = Session.open(kernel, spec, settings(mode, child, pid).remembering(names::remember), names,
                        resolver -> output.printer(out, resolver, spec))) {
            interruption.mind(session);
            messages.print(session.warnings());
            session.follow(renewal);
            if (line.has(Option.DRY_RUN)) {
                return 0;
            }
            return exitCode(session.run(), mode);
        } catch (SessionException e) {
            messages.print(e.diagnostics());
            if (line.has(Option.VERBOSE) && !e.verifierLog().isEmpty()) {
                Messages.write(e.verifierLog());
            }
            return NOT_ATTACHED;
        }
    }

    private void malformed(String what) {
        if (messages.showsWarnings()) {
            Messages.write("WARNING: " + what + "\n");
        }
    }

    private static int exitCode(RunReport report, Mode mode) {
        if (mode == Mode.BENCH) {
            report.failed().forEach(name -> Messages.write("ERROR: Benchmark '" + name + "' failed.\n"));
        }
        if (report.end() == RunReport.End.OUTPUT_CLOSED) {
            return OUTPUT_CLOSED;
        }
        return report.failed().isEmpty() ? report.exitCode() : Main.FAILED;
    }

    private SessionSettings settings(Mode mode, Optional<Child> child, int pid) {
        SessionSettings settings = SessionSettings.DEFAULTS.withPid(pid).demanding(mode.demanded()).unwinding(ProcessId.unwound(line));
        settings = line.has(Option.QUIET) || mode != Mode.TRACE ? settings.quiet() : settings;
        settings = child.isPresent() ? settings.withChild(child.get()) : settings;
        return System.getenv("__BPFTRACE_NOTIFY_PROBES_ATTACHED") == null
                ? settings
                : settings.whenAttached(() -> Messages.out("__BPFTRACE_NOTIFY_PROBES_ATTACHED\n"));
    }

    /** The process goes by its command's name, not by java ({@code comm} of its own events shows it), and ends on Ctrl-C even in the background. */
    private void prepare() {
        try {
            Task.nameProcess(kernel, Main.commandName());
            Task.unignore(kernel, SIGINT, SIGTERM);
        } catch (KernelException e) {
            // It goes on as the virtual machine set it up.
        }
    }
}
