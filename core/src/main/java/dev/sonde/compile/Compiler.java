package dev.sonde.compile;

import dev.sonde.builtins.ScriptOptions;
import dev.sonde.builtins.Settings;
import dev.sonde.ir.IrProgram;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.Diagnostics;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Script;
import dev.sonde.target.Target;
import dev.sonde.types.KernelTypes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The pipeline: {@code Script → BoundScript → TypedScript → IrProgram → TraceSpec}. Each step takes what the one before made; a step that adds errors
 * is the last.
 */
public final class Compiler {
    private final Environment environment;

    /** A compiler for {@code target}; mistakes go to {@code diagnostics}. */
    public Compiler(Target target, Parameters parameters, Settings settings, Diagnostics diagnostics) {
        var kernel = new KernelTypes(target::btf);
        var constants = new Constants(kernel, target.architecture(), diagnostics);
        var types = new ScriptTypes(kernel, constants, diagnostics);
        this.environment = new Environment(target, types, constants, parameters, settings, diagnostics);
    }

    /**
     * What a compile made.
     *
     * @param trace the trace
     * @param intermediate the optimised code of each program
     * @param typed the script with its types, as text, when it is asked for
     */
    public record Result(TraceSpec trace, List<IrProgram> intermediate, Supplier<String> typed) {
        /** The intermediate code as text. */
        public String intermediateText() {
            var text = new StringBuilder();
            intermediate.forEach(program -> text.append(IrPrinter.print(program)));
            return text.toString();
        }
    }

    /** The compiled script; empty when a diagnostic is an error. */
    public Optional<Result> compile(Script script) {
        var headers = new IncludedHeaders(environment);
        Script complete = headers.read(new ResolveImports(environment).resolve(script));
        Script selected = new SelectProbes(environment).select(complete);
        Script expanded = new InlineFunctions(environment).inline(new ExpandMacros(environment).expand(selected));
        ScriptOptions.check(ScriptOptions.of(expanded), environment.parameters().named().keySet(), environment.diagnostics());
        headers.declare(expanded.definitions());
        BoundScript bound = new BindProbes(environment).bind(expanded);
        TypedScript typed = new InferTypes(environment).infer(bound);
        Settings settings = KeyLimits.fitting(typed, environment);
        if (settings != environment.settings()) {
            return lower(environment.with(settings), new InferTypes(environment.with(settings)).infer(bound));
        }
        return lower(environment, typed);
    }

    /** The script with those that it imports, for a look at its probes. */
    public static Script withImports(Script script, Target target, Diagnostics diagnostics) {
        var none = new Parameters(List.of(), Map.of(), Map.of());
        return new ResolveImports(new Compiler(target, none, Settings.DEFAULTS, diagnostics).environment).resolve(script);
    }

    /** Adds to {@code diagnostics}, which holds the mistakes of grammar of a script, those of meaning in what could be read of it. */
    public static void check(Script script, Target target, Parameters parameters, Settings settings, Diagnostics diagnostics) {
        List<Diagnostic> grammar = diagnostics.sorted();
        var found = new Diagnostics();
        grammar.forEach(found::add);
        List<Script.Probe> placed = script.probes().stream().filter(probe -> !probe.attachPoints().isEmpty()).toList();
        new Compiler(target, parameters, settings, found).compile(script.withProbes(placed));
        var lost = new LostText(script, grammar);
        found.sorted().stream().filter(lost::leaves).forEach(diagnostics::add);
    }

    private static Optional<Result> lower(Environment environment, TypedScript typed) {
        if (environment.diagnostics().hasErrors()) {
            return Optional.empty();
        }
        var lowering = new LowerScript(environment, typed);
        Optional<TraceSpec> lowered = lowering.lower();
        CheckLimits limits = new CheckLimits(environment);
        return lowered.filter(limits::hold).map(trace -> new Result(trace, lowering.intermediate(), () -> TypedPrinter.print(typed)));
    }
}
