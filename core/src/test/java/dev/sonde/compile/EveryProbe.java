package dev.sonde.compile;

import dev.sonde.btf.Btf;
import dev.sonde.target.Architecture;
import dev.sonde.target.Binary;
import dev.sonde.target.Feature;
import dev.sonde.target.KernelFunction;
import dev.sonde.target.RecordedBinary;
import dev.sonde.target.Target;
import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * This machine, except that every kind of probe can be attached, and that functions and binaries that a script names exist. What is compiled for it
 * can be loaded here, not attached.
 */
final class EveryProbe implements Target {
    private final Target machine;
    private final Map<String, Binary> binaries;
    private final Set<Feature> missing;

    /**
     * @param binaries more binaries, by the names that scripts give them
     * @param missing features that it does not have, though the machine may
     */
    EveryProbe(Target machine, Map<String, Binary> binaries, Set<Feature> missing) {
        this.machine = machine;
        this.binaries = binaries;
        this.missing = Set.copyOf(missing);
    }

    /** A binary at {@code path} with these functions, each of 16 bytes that begin with {@code push %rbp}. */
    static Binary binary(String path, String... functions) {
        byte[] code = new byte[16 * functions.length];
        for (int i = 0; i < functions.length; i++) {
            code[16 * i] = 0x55;
        }
        RecordedBinary binary = RecordedBinary.of(path, 0x400000, code);
        for (int i = 0; i < functions.length; i++) {
            binary.with(functions[i], 0x400000 + 16L * i, 16);
        }
        return binary;
    }

    @Override
    public boolean has(Feature feature) {
        return !missing.contains(feature) && switch (feature) {
            case KPROBE, KPROBE_MULTI, KPROBE_SESSION, FENTRY, HARDWARE_EVENTS -> true;
            case RING_BUFFER, MMAPABLE_ARRAY, ATTACH_COOKIE, RAW_TRACEPOINT_COOKIE, PERF_LINK, TASK_PT_REGS, FIND_VMA, BPF_LOOP, MAY_GOTO,
                    FOR_EACH_MAP_ELEMENT, ATOMIC_HASH_ALLOCATION, MAP_LOOKUP_PERCPU, UPROBE_MULTI, UPROBE_SESSION, BTF_TRACEPOINT, ITERATOR,
                    PROBE_WRITE_USER, OVERRIDE_RETURN, SIGNED_DIVISION, LONG_KEYS -> machine.has(feature);
        };
    }

    @Override
    public List<KernelFunction> kernelFunctions(String module, String function) {
        List<KernelFunction> functions = machine.kernelFunctions(module, function);
        if (!functions.isEmpty()) {
            return functions;
        }
        return function.indexOf('*') < 0 ? List.of(new KernelFunction("vmlinux", function))
                : List.of(new KernelFunction("vmlinux", function.replace("*", "read")),
                new KernelFunction("vmlinux", function.replace("*", "write")));
    }

    @Override
    public List<String> executables(String name) {
        return binaries.containsKey(name) ? List.of(name) : machine.executables(name);
    }

    @Override
    public Optional<Binary> binary(String path) {
        return binaries.containsKey(path) ? Optional.of(binaries.get(path)) : machine.binary(path);
    }

    @Override
    public Architecture architecture() {
        return machine.architecture();
    }

    @Override
    public int possibleCpus() {
        return machine.possibleCpus();
    }

    @Override
    public int pageSize() {
        return machine.pageSize();
    }

    @Override
    public String kernelRelease() {
        return machine.kernelRelease();
    }

    @Override
    public Optional<Btf> btf() {
        return machine.btf();
    }

    @Override
    public List<TracepointName> tracepoints(String category, String event) {
        return machine.tracepoints(category, event);
    }

    @Override
    public Optional<TracepointFormat> tracepoint(TracepointName name) {
        return machine.tracepoint(name);
    }

    @Override
    public List<String> rawTracepoints(String pattern) {
        return machine.rawTracepoints(pattern);
    }

    @Override
    public OptionalLong kernelAddress(String symbol) {
        OptionalLong address = machine.kernelAddress(symbol);
        return address.isPresent() ? address : OptionalLong.of(0xffffffff82000000L);
    }

    @Override
    public List<String> mappedFiles(int pid) {
        return machine.mappedFiles(pid);
    }

    @Override
    public OptionalLong cgroupId(String path) {
        return machine.cgroupId(path);
    }

    @Override
    public Optional<String> header(String path) {
        return machine.header(path);
    }

    @Override
    public Optional<String> text(String path) {
        return machine.text(path);
    }

    @Override
    public OptionalLong constant(String name) {
        return machine.constant(name);
    }

    @Override
    public Optional<PidNamespace> pidNamespace() {
        return machine.pidNamespace();
    }
}
