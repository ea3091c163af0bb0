package dev.sonde.fuzz;

import dev.sonde.builtins.Configuration;
import dev.sonde.compile.Compiler;
import dev.sonde.compile.Parameters;
import dev.sonde.compile.TrialMachine;
import dev.sonde.fuzz.Verdict.Stage;
import dev.sonde.session.SessionException;
import dev.sonde.session.TrialLoad;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticPrinter;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Formatter;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.syntax.Trees;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Parses, formats, compiles and loads a script. It is a bug when anything throws, takes long, says something without a place or without words, when
 * formatting changes a script, and when the kernel does not take what was compiled.
 */
public final class FrontEnd implements Oracle {
    private static final long LONGEST_NANOSECONDS = 10_000_000_000L;
    private static final int LONGEST_LOG = 3000;
    /** What a kernel says that has a kind of program but does not let it in; the target of the tests has every kind. */
    private static final String NOT_PERMITTED = "(EPERM";
    /** What is wrong with the script as a whole has no place in it. */
    private static final String WHOLE = "This script ";
    /** Without may_goto the verifier follows loops over strings round by round, and an unrolled loop has each of them many times. */
    private static final String TOO_BRANCHED = "jumps is too complex";
    /** Which paths the verifier follows, and so how much a script may do, is the kernel's own affair. */
    private static final String TOO_COMPLEX = "BPF program is too large. Processed 1000001 insn";
    /** A small ring, since each script makes one. */
    private static final Map<String, String> ENVIRONMENT = Map.of("SONDE_PERF_RB_PAGES", "16", "ENVOY_PID", "42");
    private static final Parameters PARAMETERS = new Parameters(List.of("3", "text", "0x10"), Map.of(), ENVIRONMENT);

    private final TrialMachine machine = TrialMachine.orNone();
    private final Target modern = machine.target();
    private final Target old = machine.target(Feature.MAY_GOTO, Feature.RAW_TRACEPOINT_COOKIE, Feature.UPROBE_MULTI, Feature.SIGNED_DIVISION,
            Feature.KPROBE_MULTI);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    @Override
    public boolean asksKernel() {
        return machine.loads();
    }

    @Override
    public void close() {
        machine.close();
    }

    @Override
    public Verdict judge(String script) {
        var diagnostics = new Diagnostics();
        try {
            long start = threads.getCurrentThreadCpuTime();
            Verdict verdict = judge(script, diagnostics, start);
            return verdict.isBug() ? verdict : checked(verdict, diagnostics);
        } catch (Throwable e) {
            return bug(Stage.READ, signature(e), trace(e));
        }
    }

    private Verdict judge(String script, Diagnostics diagnostics, long start) {
        var source = new Source("fuzz.bt", script);
        Script tree = Parser.parse(source, diagnostics);
        boolean right = diagnostics.sorted().isEmpty();
        String difference = right ? roundTrip(tree) : Formatter.format(tree).substring(0, 0);
        if (!difference.isEmpty()) {
            return bug(Stage.PARSED, "formatting changes the tree", difference);
        }
        long middle = threads.getCurrentThreadCpuTime();
        boolean wrong = diagnostics.hasErrors();
        Target target = (script.hashCode() & 7) == 3 ? old : modern;
        Optional<Compiler.Result> result = compile(tree, diagnostics, target);
        long time = threads.getCurrentThreadCpuTime();
        if (time - start > LONGEST_NANOSECONDS) {
            return bug(Stage.PARSED, (middle - start > time - middle ? "parsing" : "compiling") + " takes long", (time - start) / 1_000_000 + " ms");
        }
        if (result.isPresent() == diagnostics.hasErrors()) {
            return bug(Stage.PARSED, result.isPresent() ? "a result beside errors" : "neither a result nor an error", text(diagnostics));
        }
        if (result.isEmpty()) {
            return new Verdict(wrong ? Stage.READ : Stage.PARSED, 0, "", text(diagnostics));
        }
        result.get().intermediateText();
        result.get().typed().get();
        return machine.loads() ? load(result.get().trace(), target) : Verdict.of(Stage.COMPILED, 0);
    }

    /** Near the deepest nesting that is read, parentheses that formatting adds may be too many. */
    private static String roundTrip(Script tree) {
        String formatted = Formatter.format(tree);
        var diagnostics = new Diagnostics();
        Script again = Parser.parse(new Source("formatted.bt", formatted), diagnostics);
        String mistakes = text(diagnostics);
        if (mistakes.contains("levels deep")) {
            return "";
        }
        return mistakes.isEmpty()
                ? Trees.difference(tree, again).map(path -> path + "\n" + formatted).orElse("")
                : mistakes + "\n" + formatted;
    }

    private Optional<Compiler.Result> compile(Script tree, Diagnostics diagnostics, Target target) {
        var configuration = new Configuration(diagnostics);
        configuration.take(tree.config());
        configuration.take(ENVIRONMENT);
        var compiler = new Compiler(target, PARAMETERS, configuration.settings(true, 0, -1, false), diagnostics);
        return diagnostics.hasErrors() ? Optional.empty() : compiler.compile(tree);
    }

    private Verdict load(TraceSpec trace, Target target) {
        try {
            return Verdict.of(Stage.COMPILED, TrialLoad.verifiedInstructions(machine.kernel(), trace).size());
        } catch (SessionException e) {
            String log = e.verifierLog();
            if (log.isEmpty() && e.diagnostics().getFirst().message().contains(NOT_PERMITTED) || log.contains(TOO_COMPLEX)
                    || target == old && log.contains(TOO_BRANCHED)) {
                return Verdict.of(Stage.COMPILED, 0);
            }
            var said = new StringBuilder();
            e.diagnostics().forEach(diagnostic -> said.append(DiagnosticPrinter.print(diagnostic, false)));
            return bug(Stage.COMPILED, "not loaded: " + (log.isEmpty() ? e.diagnostics().getFirst().message() : complaint(log)),
                    said + log.substring(Math.max(0, log.length() - LONGEST_LOG)));
        }
    }

    /** The last sentence of the verifier that is not statistics, without its numbers. */
    private static String complaint(String log) {
        String[] lines = log.strip().split("\n");
        for (int i = lines.length - 1; i >= 0; i--) {
            if (!lines[i].startsWith("processed ") && !lines[i].startsWith("verification time") && !lines[i].startsWith("stack depth")) {
                return lines[i].replaceAll("[0-9]+", "N");
            }
        }
        return "";
    }

    private static Verdict checked(Verdict verdict, Diagnostics diagnostics) {
        for (Diagnostic diagnostic : diagnostics.sorted()) {
            if (diagnostic.span().isEmpty() && !diagnostic.message().startsWith(WHOLE)) {
                return bug(verdict.reached(), "no span: " + diagnostic.message().replaceAll("[0-9]+", "N"), diagnostic.toString());
            }
            if (diagnostic.message().isBlank() || DiagnosticPrinter.print(diagnostic, false).isBlank()) {
                return bug(verdict.reached(), "no text", diagnostic.toString());
            }
        }
        return verdict;
    }

    private static String text(Diagnostics diagnostics) {
        var text = new StringBuilder();
        diagnostics.sorted().forEach(diagnostic -> text.append(DiagnosticPrinter.print(diagnostic, false)));
        return text.toString();
    }

    private static Verdict bug(Stage reached, String bug, String detail) {
        return new Verdict(reached, 0, bug, detail);
    }

    private static String signature(Throwable e) {
        for (StackTraceElement frame : e.getStackTrace()) {
            if (frame.getClassName().startsWith("dev.sonde.") && !(e instanceof StackOverflowError)) {
                return e.getClass().getSimpleName() + " in " + frame.getFileName() + " " + frame.getMethodName();
            }
        }
        return e.getClass().getSimpleName();
    }

    private static String trace(Throwable e) {
        var text = new StringBuilder(e.toString());
        StackTraceElement[] frames = e.getStackTrace();
        for (int i = 0; i < Math.min(frames.length, 24); i++) {
            text.append("\n    ").append(frames[i]);
        }
        return text.toString();
    }
}
