package dev.sonde.probes;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Nearest;
import dev.sonde.source.Span;
import dev.sonde.target.KernelFunction;
import dev.sonde.target.Target;
import java.util.ArrayList;
import java.util.List;

/** Finds the kernel functions that an attach point names. */
final class KernelFunctions {
    private static final List<String> CLONES = List.of(".isra.", ".constprop.", ".part.");

    private KernelFunctions() {}

    /**
     * The functions; a name that exists only as the compiler's changed copy stands for that, with a note. Nothing is said when there is none.
     */
    static List<KernelFunction> find(String module, String function, Span span, Binding binding) {
        Target target = binding.target();
        List<KernelFunction> found = target.kernelFunctions(module, function);
        if (!found.isEmpty() || function.indexOf('*') >= 0) {
            return found;
        }
        List<KernelFunction> clones = new ArrayList<>();
        for (KernelFunction candidate : target.kernelFunctions(module, function + ".*")) {
            if (isClone(candidate.name(), function)) {
                clones.add(candidate);
            }
        }
        for (KernelFunction clone : clones) {
            binding.diagnostics().add(Diagnostic.at(span, DiagnosticCode.SUBSTITUTED, function + " exists only as " + clone.name()
                    + ", a copy that the compiler has changed").hint("Its arguments may be others than in the source, or in other registers."));
        }
        return clones;
    }

    private static boolean isClone(String name, String function) {
        for (String suffix : CLONES) {
            if (name.startsWith(suffix, function.length())) {
                return true;
            }
        }
        return false;
    }

    /** Says that there is no such function, with the nearest that begins alike. */
    static void noMatch(ProbeKind kind, String function, Span span, Binding binding) {
        List<String> names = new ArrayList<>();
        int prefix = Math.min(3, function.length());
        if (function.indexOf('*') < 0) {
            for (KernelFunction candidate : binding.target().kernelFunctions("", function.substring(0, prefix) + "*")) {
                names.add(candidate.name());
            }
        }
        String near = Nearest.to(function, names);
        binding.noMatch(span, kind, function,
                near.isEmpty() ? "It may be inlined, or be in a module that is not loaded." : "Did you mean '" + near + "'?");
    }
}
