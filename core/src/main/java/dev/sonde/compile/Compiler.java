package dev.sonde.compile;

import dev.sonde.builtins.ScriptOptions;
import dev.sonde.builtins.Settings;
import dev.sonde.ir.IrProgram;
import dev.sonde.source.Diagnostics;
import dev.sonde.spec.TraceSpec;
import dev.sonde.syntax.Script;
import dev.sonde.target.Target;
import dev.sonde.types.KernelTypes;
import java.util.List;
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
