package dev.sonde.compile;

import dev.sonde.builtins.Configuration;
import dev.sonde.session.SessionException;
import dev.sonde.session.TrialLoad;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticPrinter;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Kernel;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.Target;
import java.util.List;
import java.util.Map;

/** Compiles a script and has the kernel verify its programs. */
final class TrialScript {
    private static final int LONGEST_LOG = 4000;
    /** A small ring, since each script makes one. */
    private static final Map<String, String> ENVIRONMENT = Map.of("SONDE_PERF_RB_PAGES", "64", "ENVOY_PID", "42");

    private final Source source;
    private final List<String> parameters;

    TrialScript(String name, String text, List<String> parameters) {
        this.source = new Source(name, text);
        this.parameters = parameters;
    }

    /** The compiled script; throws AssertionError with the diagnostics when there is any error. */
    TraceSpec compile(Target target) {
        var diagnostics = new Diagnostics();
        Script script = Parser.parse(source, diagnostics);
        var configuration = new Configuration(diagnostics);
        configuration.take(script.config());
        configuration.take(ENVIRONMENT);
        var given = new Parameters(parameters, Map.of(), ENVIRONMENT);
        var compiler = new Compiler(target, given, configuration.settings(true, 0, -1, false), diagnostics);
        return compiler.compile(script).orElseThrow(() -> new AssertionError(text(diagnostics.sorted()))).trace();
    }

    /** The number of instructions that the verifier walked through for each program; throws AssertionError with what it said when it rejects one. */
    List<Integer> verify(Kernel kernel, TraceSpec spec) {
        try {
            return TrialLoad.verifiedInstructions(kernel, spec);
        } catch (SessionException e) {
            String log = e.verifierLog();
            throw new AssertionError(source.name() + "\n" + text(e.diagnostics()) + log.substring(Math.max(0, log.length() - LONGEST_LOG)), e);
        }
    }

    /** The number of instructions of each program. */
    static List<Integer> instructions(TraceSpec spec) {
        return spec.programs().stream().map(ProgramSpec::code).map(code -> code.slots()).toList();
    }

    private static String text(List<Diagnostic> diagnostics) {
        var text = new StringBuilder();
        diagnostics.forEach(diagnostic -> text.append(DiagnosticPrinter.print(diagnostic, false)));
        return text.toString();
    }
}
