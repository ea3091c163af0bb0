package dev.sonde.cli;

import dev.sonde.compile.Compiler;
import dev.sonde.linux.LiveTarget;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Diagnostics;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.target.Feature;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;

/** Reads the command line and does what it asks. */
public final class Main {
    /** The exit code of a command line or script that cannot be done. */
    static final int FAILED = 1;
    private static final String DOCTOR = "doctor";

    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] words) {
        Runtime.getRuntime().halt(run(words));
    }

    /** Runs one command; gives its exit code. */
    static int run(String... words) {
        try {
            CommandLine line = CommandLineParser.parse(words);
            if (!Kernel.isKnownOn(System.getProperty("os.arch"))) {
                throw UsageException.of(commandName() + " runs on x86-64 and arm64, and this machine is " + System.getProperty("os.arch"));
            }
            if (callsKernel(line)) {
                LinuxKernel.warmUp();
            }
            return run(line);
        } catch (UsageException e) {
            Messages.write((e.wantsHelp() ? commandName() + ": " : "ERROR: ") + e.getMessage() + "\n");
            if (e.wantsHelp()) {
                Messages.write(Help.text(commandName()));
            }
            return FAILED;
        }
    }

    /** Whether calls of the kind that has to be warmed up are to come: functions of a file and tracepoints are listed without one. */
    private static boolean callsKernel(CommandLine line) {
        return !line.has(Option.LIST) || !line.file().startsWith("u") && !line.file().startsWith("t");
    }

    private static int run(CommandLine line) {
        if (line.has(Option.HELP)) {
            Messages.out(Help.text(commandName()));
        } else if (line.has(Option.VERSION)) {
            Messages.out(Help.version(commandName()));
        } else if (line.has(Option.INFO)) {
            information();
        } else if (line.has(Option.LIST)) {
            return list(line);
        } else if (!line.has(Option.PROGRAM) && line.file().equals(DOCTOR)) {
            return doctor(line);
        } else {
            return new TraceCommand(line).run();
        }
        return 0;
    }

    /** The name that the program was started by, as the launcher tells it. */
    static String commandName() {
        return System.getProperty("sonde.name", "sonde");
    }

    private static void information() {
        try (LiveTarget target = new LiveTarget(LinuxKernel.open(), List.of())) {
            Messages.out(Information.text(target));
        }
    }

    /** A script of that name is run as ./doctor. */
    private static int doctor(CommandLine line) {
        LinuxKernel kernel = LinuxKernel.open();
        try (LiveTarget target = Targets.open(kernel, line)) {
            var doctor = new Doctor(new LiveMachine(kernel, target));
            Messages.out(Output.of(line).json() ? doctor.json() : doctor.text());
            return doctor.works() ? 0 : FAILED;
        }
    }

    /** A word that is a file is a script, as is the program of -e; anything else is a pattern. */
    private static int list(CommandLine line) {
        if (CompiledScript.isNamed(line)) {
            CompiledScript.refuseOptions(line);
        }
        var diagnostics = new Diagnostics();
        try (LiveTarget target = Targets.open(LinuxKernel.open(), line)) {
            var listing = new Listing(target, ProcessId.of(line), line.has(Option.VERBOSE), diagnostics, new FileOutputStream(FileDescriptor.out));
            boolean script = line.has(Option.PROGRAM) || line.file().equals("-") || new File(line.file()).isFile();
            boolean found = script
                    ? listing.of(Compiler.withImports(ScriptText.parse(ScriptText.read(line), line, diagnostics), target, diagnostics))
                    : listing.matching(line.file());
            if (!found && !diagnostics.hasErrors()) {
                diagnostics.add(nothing(line.file(), target));
            }
        }
        Messages.of(line).print(diagnostics.sorted());
        return diagnostics.hasErrors() ? FAILED : 0;
    }

    private static Diagnostic nothing(String pattern, LiveTarget target) {
        Diagnostic nothing = Diagnostic.placeless(DiagnosticCode.MISSING_PROBE, "nothing matches" + (pattern.isEmpty() ? "" : " " + pattern));
        boolean function = pattern.startsWith("k") || pattern.startsWith("f");
        if (function && !target.has(Feature.KPROBE) && !target.has(Feature.FENTRY)) {
            return nothing.hint("this kernel attaches to none of its functions, as " + commandName()
                    + " doctor tells; --traceable-functions lists others'");
        }
        boolean hidden = !new File("/sys/kernel/tracing/events").canRead() && !new File("/sys/kernel/debug/tracing/events").canRead();
        return hidden ? nothing.hint("tracepoints are listed in tracefs (/sys/kernel/tracing), which only root can read here") : nothing;
    }
}
