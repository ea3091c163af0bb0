package dev.sonde.probes;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Span;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import dev.sonde.target.TracepointName;
import java.util.ArrayList;
import java.util.List;

/** Says that a kernel cannot probe its functions, and what it offers instead. */
final class KernelOffers {
    private static final int SHOWN = 3;

    private KernelOffers() {}

    /** Adds the mistake that {@code kind} needs {@code feature}, with tracepoints that have to do with {@code function}. */
    static void unsupported(ProbeKind kind, Feature feature, String function, Span span, Binding binding) {
        Target target = binding.target();
        String other = feature == Feature.KPROBE ? "" : target.has(Feature.KPROBE) ? "kprobe:" + function + " attaches to functions here. " : "";
        List<String> near = tracepoints(function, target);
        String offer = near.isEmpty() ? "It has tracepoints, rawtracepoints and user probes: see sonde -l 'tracepoint:*'."
                : "Tracepoints that it has instead: " + String.join(", ", near) + ".";
        String title = feature.title();
        binding.error(span, DiagnosticCode.UNSUPPORTED_PROBE, "This kernel (" + target.kernelRelease() + ") cannot attach " + kind.name()
                + " probes: it was built without " + title + " or refuses them", other + offer);
    }

    /** The category that a function's name begins with, tracepoints whose name holds the function's, and system calls of that name. */
    private static List<String> tracepoints(String function, Target target) {
        String stem = stem(function);
        List<String> found = new ArrayList<>();
        int underscore = stem.indexOf('_');
        String category = underscore < 0 ? stem : stem.substring(0, underscore);
        if (!category.isEmpty() && !target.tracepoints(category, "*").isEmpty()) {
            found.add("tracepoint:" + category + ":*");
        }
        String verb = stem.substring(underscore + 1);
        if (verb.length() > 2) {
            add(target.tracepoints("*", "*" + (stem.length() > 5 ? stem : verb) + "*"), found);
            add(target.tracepoints("syscalls", "sys_enter_" + verb), found);
        }
        return found;
    }

    private static void add(List<TracepointName> names, List<String> found) {
        for (TracepointName name : names) {
            String text = "tracepoint:" + name;
            if (found.size() < SHOWN && !found.contains(text)) {
                found.add(text);
            }
        }
    }

    /** A function's name without leading underscores and what wraps a system call, up to its first star. */
    private static String stem(String function) {
        int star = function.indexOf('*');
        String name = star < 0 ? function : function.substring(0, star);
        for (String prefix : List.of("__x64_sys_", "__arm64_sys_", "__se_sys_", "ksys_", "do_sys_")) {
            name = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        }
        int from = 0;
        while (from < name.length() && name.charAt(from) == '_') {
            from++;
        }
        int to = name.length();
        while (to > from && name.charAt(to - 1) == '_') {
            to--;
        }
        return name.substring(from, to);
    }
}
