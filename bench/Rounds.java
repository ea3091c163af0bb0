import dev.sonde.builtins.Configuration;
import dev.sonde.compile.Compiler;
import dev.sonde.compile.Parameters;
import dev.sonde.linux.LiveTarget;
import dev.sonde.output.Printer;
import dev.sonde.output.StreamSink;
import dev.sonde.session.LiveNames;
import dev.sonde.session.Session;
import dev.sonde.session.SessionSettings;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Attaches and detaches the same script many times in one process, and tells what open files and resident memory grew by. */
final class Rounds {
    private static final String SCRIPT = """
            uprobe:libc:malloc, uretprobe:libc:free { @[comm] = count(); }
            tracepoint:sched:sched_switch { @switches = count(); }
            interval:s:1 { print(@switches); }
            """;

    private Rounds() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        LinuxKernel kernel = LinuxKernel.open();
        try (LiveTarget target = new LiveTarget(kernel, List.of())) {
            TraceSpec spec = compiled(target);
            for (int i = 0; i < rounds / 10; i++) {
                round(kernel, target, spec);
            }
            int files = files();
            long memory = resident();
            long start = System.nanoTime();
            for (int i = 0; i < rounds; i++) {
                round(kernel, target, spec);
            }
            System.out.printf("%-22s %12.1f ms a round; open files %+d, memory %+d MB%n", "rounds (" + rounds + ")",
                    (System.nanoTime() - start) / 1e6 / rounds, files() - files, resident() - memory);
        }
    }

    private static TraceSpec compiled(LiveTarget target) {
        Diagnostics diagnostics = new Diagnostics();
        Script script = Parser.parse(new Source("rounds", SCRIPT), diagnostics);
        var settings = new Configuration(diagnostics).settings(false, 0, -1, false);
        return new Compiler(target, new Parameters(List.of(), Map.of(), Map.of()), settings, diagnostics).compile(script).orElseThrow().trace();
    }

    private static void round(LinuxKernel kernel, LiveTarget target, TraceSpec spec) throws Exception {
        StreamSink out = new StreamSink(OutputStream.nullOutputStream(), StreamSink.Buffering.FULL);
        try (LiveNames names = new LiveNames(kernel, target, true, problem -> {});
                Session session = Session.open(kernel, spec, SessionSettings.DEFAULTS.quiet(), names,
                        resolver -> Printer.text(out, out, resolver, spec, false))) {
            session.stop();
            session.run();
        }
    }

    private static int files() {
        return new File("/proc/self/fd").list().length;
    }

    /** Megabytes; field 2 of proc_pid_statm(5) is in pages. */
    private static long resident() throws Exception {
        System.gc();
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096 >> 20;
    }
}
