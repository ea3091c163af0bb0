package dev.sonde.linux;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfKind;
import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.NamePattern;
import dev.sonde.target.KernelFunction;
import java.io.File;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The kernel's functions that can be probed. A name without {@code *} is looked up among the symbols, for a probe can be put on functions that the
 * tracer does not list. For a pattern it is the tracer's own list, {@code available_filter_functions}; where that may not be read, the functions
 * that are in BTF as well as among the symbols. A module without BTF counts with all its functions.
 */
final class KernelFunctions {
    private static final Comparator<KernelFunction> ORDER = KernelFunctions::compare;
    private static final String AVAILABLE = "available_filter_functions";

    private final Kallsyms kallsyms;
    private final Tracefs tracefs;
    private final Supplier<Optional<Btf>> btf;

    KernelFunctions(Kallsyms kallsyms, Tracefs tracefs, Supplier<Optional<Btf>> btf) {
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

    private static int compare(KernelFunction a, KernelFunction b) {
        return a.module().equals(b.module()) ? a.name().compareTo(b.name()) : a.module().compareTo(b.module());
    }

    private static NamePattern modules(String module) {
        return NamePattern.of(module.isEmpty() ? "*" : module);
    }

    List<KernelFunction> find(String module, String function) {
        Optional<byte[]> available = tracefs.path(AVAILABLE).flatMap(PseudoFile::bytes).filter(text -> text.length > 0);
        if (available.isPresent()) {
            return listed(available.get(), module, function);
        }
        List<KernelFunction> found = new ArrayList<>();
        intersect(modules(module), NamePattern.of(function), found);
        return sorted(found);
    }

    /** Those of a list in the format of {@code available_filter_functions}. */
    static ListedFunctions listed(byte[] available, String module, String function) {
        return ListedFunctions.of(available, modules(module), NamePattern.of(function));
    }

    private static List<KernelFunction> sorted(List<KernelFunction> found) {
        found.sort(ORDER);
        List<KernelFunction> distinct = new ArrayList<>(found.size());
        for (KernelFunction function : found) {
            if (distinct.isEmpty() || !distinct.getLast().equals(function)) {
                distinct.add(function);
            }
        }
        return distinct;
    }

    /** Attaching to all of these at once has hung kernels: they run wherever read-copy-update or the idle loop does. */
    static boolean isDangerous(String name) {
        return name.startsWith("rcu_") || name.equals("arch_cpu_idle") || name.equals("default_idle") || name.equals("bpf_dispatcher_xdp_func");
    }

    private void intersect(NamePattern modules, NamePattern functions, List<KernelFunction> found) {
        Map<String, Optional<Set<String>>> typed = new HashMap<>();
        kallsyms.forEachFunction(modules, functions, i -> {
            String module = kallsyms.module(i);
            String name = kallsyms.name(i);
            Optional<Set<String>> names = typed.computeIfAbsent(module, m -> typed(m, functions.toString()));
            boolean probed = names.isEmpty() || names.get().contains(name);
            if (probed && !isDangerous(name)) {
                found.add(new KernelFunction(module, name));
            }
        });
    }

    /** Names of the functions that a module's BTF has; empty when there is no BTF. */
    private Optional<Set<String>> typed(String module, String pattern) {
        Optional<Btf> types = module.equals(Kallsyms.VMLINUX) ? btf.get() : btf.get().flatMap(base -> split(base, module));
        return types.map(in -> {
            Set<String> names = new HashSet<>();
            in.forEach(BtfKind.FUNC, pattern, id -> names.add(in.nameOf(id)));
            return names;
        });
    }

    /** The types of {@code module}. */
    static Optional<Btf> split(Btf base, String module) {
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
