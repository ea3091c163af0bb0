package dev.sonde.linux;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfKind;
import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.NamePattern;
import dev.sonde.target.KernelFunction;
import java.io.File;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The kernel's functions that can be probed. A name without {@code *} is looked up among the symbols, for a probe can be put on functions that the
 * tracer does not list. For a pattern it is the tracer's own list, {@code available_filter_functions}; where that may not be read, the functions
 * that are in BTF as well as among the symbols. A module without BTF counts with all its functions.
 */
final class KernelFunctions {
    private static final Comparator<KernelFunction> ORDER = Comparator.comparing(KernelFunction::module).thenComparing(KernelFunction::name);
    private static final String AVAILABLE = "available_filter_functions";

    private final Kallsyms kallsyms;
    private final Tracefs tracefs;
    private final Optional<Btf> btf;

    KernelFunctions(Kallsyms kallsyms, Tracefs tracefs, Optional<Btf> btf) {
        this.kallsyms = kallsyms;
        this.tracefs = tracefs;
        this.btf = btf;
    }

    /** The functions of exactly that name: one, or one for each module that has it. */
    static List<KernelFunction> named(Kallsyms kallsyms, String module, String function) {
        Set<KernelFunction> found = new TreeSet<>(ORDER);
        kallsyms.forEachFunction(modules(module), NamePattern.of(function), i -> found.add(new KernelFunction(kallsyms.module(i), function)));
        return List.copyOf(found);
    }

    private static NamePattern modules(String module) {
        return NamePattern.of(module.isEmpty() ? "*" : module);
    }

    List<KernelFunction> find(String module, String function) {
        NamePattern functions = NamePattern.of(function);
        Set<KernelFunction> found = new TreeSet<>(ORDER);
        Optional<String> available = tracefs.text(AVAILABLE).filter(text -> !text.isEmpty());
        if (available.isPresent()) {
            select(available.get(), modules(module), functions, found);
        } else {
            intersect(modules(module), functions, found);
        }
        return List.copyOf(found);
    }

    /** Lines {@code function} or {@code function [module]}. */
    static void select(String available, NamePattern modules, NamePattern functions, Set<KernelFunction> found) {
        Lines lines = new Lines(available);
        for (String line = lines.next(); line != null; line = lines.next()) {
            int blank = line.indexOf(' ');
            String name = blank < 0 ? line : line.substring(0, blank);
            // The tracer lists patched-out places that way (__ftrace_invalid_address___1234).
            if (functions.matches(name) && !name.startsWith("__ftrace_invalid_address__")) {
                int open = line.indexOf('[');
                String module = open < 0 ? Kallsyms.VMLINUX : line.substring(open + 1, line.indexOf(']', open));
                if (modules.matches(module)) {
                    found.add(new KernelFunction(module, name));
                }
            }
        }
    }

    private void intersect(NamePattern modules, NamePattern functions, Set<KernelFunction> found) {
        Map<String, Optional<Set<String>>> typed = new HashMap<>();
        kallsyms.forEachFunction(modules, functions, i -> {
            String module = kallsyms.module(i);
            String name = kallsyms.name(i);
            Optional<Set<String>> names = typed.computeIfAbsent(module, m -> typed(m, functions.toString()));
            boolean probed = names.isEmpty() || names.get().contains(name);
            if (probed) {
                found.add(new KernelFunction(module, name));
            }
        });
    }

    /** Names of the functions that a module's BTF has; empty when there is no BTF. */
    private Optional<Set<String>> typed(String module, String pattern) {
        Optional<Btf> types = module.equals(Kallsyms.VMLINUX) ? btf : btf.flatMap(base -> split(base, module));
        return types.map(in -> {
            Set<String> names = new HashSet<>();
            in.forEach(BtfKind.FUNC, pattern, id -> names.add(in.nameOf(id)));
            return names;
        });
    }

    private static Optional<Btf> split(Btf base, String module) {
        String path = "/sys/kernel/btf/" + module;
        if (module.indexOf('/') >= 0 || !new File(path).isFile()) {
            return Optional.empty();
        }
        try {
            return PseudoFile.bytes(path).map(bytes -> Btf.readSplit(base, MemorySegment.ofArray(bytes)));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }
}
