package dev.sonde.cli;

import dev.sonde.linux.LiveTarget;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.CompiledTrace;
import dev.sonde.spec.CompiledTrace.Condition;
import dev.sonde.spec.CompiledTrace.MalformedTraceException;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointName;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Files of --aot: written, and read in place of a script. */
final class CompiledScript {
    private static final long LARGEST = 256 << 20;
    private static final byte[] START = CompiledTrace.START.getBytes(StandardCharsets.US_ASCII);
    private static final String UNSAFE = "--unsafe";
    private static final String BOOT = "boot";
    private static final String FILE = "file ";
    private static final String TRACEPOINT = "tracepoint ";

    /** What is decided when it is run; everything else was when it was compiled. */
    private static final Set<Option> RUN = EnumSet.of(Option.VERBOSE, Option.DWARF_PID, Option.USDT_FILE_ACTIVATION, Option.OUTPUT, Option.FORMAT,
            Option.BUFFERING, Option.QUIET, Option.NO_WARNINGS, Option.UNSAFE, Option.DRY_RUN);

    private CompiledScript() {}

    /** Refuses what a file of --aot cannot hold. */
    static void check(CommandLine line, Mode mode) {
        if (line.has(Option.COMMAND) || line.has(Option.PID)) {
            throw UsageException.of("--aot cannot be used with -c and -p: a compiled script is run later, when that process has ended");
        }
        if (mode != Mode.TRACE) {
            throw UsageException.of("--aot cannot be used with another mode than tracing");
        }
    }

    /** Writes the trace to the file that --aot names. */
    static void write(CommandLine line, LiveTarget target, TraceSpec trace) {
        Set<String> names = new TreeSet<>(List.of("version", "kernel release", "kernel build", "architecture", "number of CPUs", "PID namespace"));
        if (line.has(Option.UNSAFE)) {
            names.add(UNSAFE);
        }
        if (target.hasToldAddresses()) {
            names.add(BOOT);
        }
        trace.programs().forEach(program -> needs(program, names));
        List<Condition> conditions = names.stream().map(name -> new Condition(name, now(name, line, target))).toList();
        String file = line.value(Option.AOT);
        byte[] bytes = new CompiledTrace(conditions, trace).bytes();
        try {
            CompiledTrace.of(bytes);
            Files.write(Path.of(file), bytes);
        } catch (MalformedTraceException e) {
            throw UsageException.of("the script cannot be run from a file: " + e.getMessage());
        } catch (IOException e) {
            throw UsageException.of("cannot write " + e.getMessage());
        }
        if (!new File(file).setExecutable(true, false)) {
            throw UsageException.of("cannot make " + file + " executable");
        }
    }

    private static void needs(ProgramSpec program, Set<String> names) {
        if (program.attachTo().program() != 0) {
            names.add(BOOT);
        }
        for (AttachSpec attachment : program.attachments()) {
            switch (attachment) {
                case AttachSpec.Uprobe uprobe -> names.add(FILE + uprobe.path());
                case AttachSpec.UprobeMulti uprobes -> names.add(FILE + uprobes.path());
                case AttachSpec.Tracepoint tracepoint -> names.add(TRACEPOINT + tracepoint.category() + ":" + tracepoint.event());
                case AttachSpec.Self _, AttachSpec.RawTracepoint _, AttachSpec.Tracing _, AttachSpec.Kprobe _, AttachSpec.KprobeMulti _,
                        AttachSpec.Software _, AttachSpec.Hardware _, AttachSpec.Interval _, AttachSpec.Profile _, AttachSpec.Watchpoint _,
                        AttachSpec.Iterator _ -> { }
            }
        }
    }

    /** Whether the command line names a compiled script. A pipe is none: what was read of it could not be read again. */
    static boolean isNamed(CommandLine line) {
        if (line.has(Option.PROGRAM) || !new File(line.file()).isFile()) {
            return false;
        }
        try (InputStream in = new FileInputStream(line.file())) {
            return Arrays.equals(in.readNBytes(START.length), START);
        } catch (IOException e) {
            return false;
        }
    }

    /** The trace of the file that the command line names. */
    static TraceSpec read(CommandLine line, LiveTarget target) {
        refuseOptions(line);
        try {
            if (new File(line.file()).length() > LARGEST) {
                throw UsageException.of("cannot run " + line.file() + ": it is larger than any compiled script");
            }
            byte[] file = Files.readAllBytes(Path.of(line.file()));
            for (Condition condition : CompiledTrace.conditions(file)) {
                check(condition, line, target);
            }
            return CompiledTrace.of(file).trace();
        } catch (IOException e) {
            throw UsageException.of("cannot read " + e.getMessage());
        } catch (MalformedTraceException e) {
            throw UsageException.of("cannot run " + line.file() + ": " + e.getMessage() + "; compile the script again with --aot");
        }
    }

    /** Refuses what a compiled script cannot be told any more. */
    static void refuseOptions(CommandLine line) {
        for (Option option : Option.values()) {
            if (line.has(option) && !RUN.contains(option)) {
                throw UsageException.of(line.file() + " is a compiled script, for which there is no " + option.form()
                        + ": give it when the script is compiled");
            }
        }
        if (!line.positional().isEmpty() || !line.named().isEmpty()) {
            throw UsageException.of(line.file() + " is a compiled script: its parameters are those that it was compiled with");
        }
    }

    private static void check(Condition condition, CommandLine line, LiveTarget target) {
        String now = now(condition.name(), line, target);
        if (now.equals(condition.value())) {
            return;
        }
        if (condition.name().equals(UNSAFE)) {
            throw UsageException.of(line.file() + " was compiled with --unsafe and is only run with --unsafe");
        }
        throw UsageException.of(line.file() + " was compiled for another " + condition.name() + ": " + condition.value() + ", and this is " + now
                + "; compile the script again here with --aot");
    }

    private static String now(String name, CommandLine line, LiveTarget target) {
        if (name.startsWith(FILE)) {
            return file(new File(name.substring(FILE.length())));
        } else if (name.startsWith(TRACEPOINT)) {
            return tracepoint(name.substring(TRACEPOINT.length()), target);
        }
        return switch (name) {
            case "version" -> Help.version("sonde").strip();
            case "kernel release" -> target.kernelRelease();
            case "kernel build" -> text("/proc/sys/kernel/version");
            case "architecture" -> target.architecture().name();
            case "number of CPUs" -> Integer.toString(target.possibleCpus());
            case "PID namespace" -> target.pidNamespace().map(space -> space.toString()).orElse("the first");
            case BOOT -> text("/proc/sys/kernel/random/boot_id");
            case UNSAFE -> line.has(Option.UNSAFE) ? "given" : "not given";
            default -> "unknown";
        };
    }

    private static String file(File file) {
        return file.exists() ? file.length() + " bytes of " + java.time.Instant.ofEpochMilli(file.lastModified()) : "not there";
    }

    private static String tracepoint(String name, LiveTarget target) {
        int colon = name.indexOf(':');
        if (colon < 0) {
            return "unknown";
        }
        return target.tracepoint(new TracepointName(name.substring(0, colon), name.substring(colon + 1))).map(TracepointFormat::id)
                .map(id -> "number " + id).orElse("not there");
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
