package dev.sonde.target;

import dev.sonde.btf.Btf;
import dev.sonde.elf.NamePattern;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A machine that was written down: it answers what it was told and touches no file. Made by a {@link Builder}. */
public final class RecordedTarget implements Target {
    private final Builder recorded;

    private RecordedTarget(Builder recorded) {
        this.recorded = recorded;
    }

    /** An x86-64 machine with 2 CPUs, pages of 4096 bytes, kernel 6.18 with every feature, and nothing else. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Architecture architecture() {
        return recorded.architecture;
    }

    @Override
    public int possibleCpus() {
        return recorded.possibleCpus;
    }

    @Override
    public int pageSize() {
        return recorded.pageSize;
    }

    @Override
    public String kernelRelease() {
        return recorded.kernelRelease;
    }

    @Override
    public boolean has(Feature feature) {
        return recorded.features.contains(feature);
    }

    @Override
    public Optional<Btf> btf() {
        return Optional.ofNullable(recorded.btf);
    }

    @Override
    public List<TracepointName> tracepoints(String category, String event) {
        NamePattern categories = NamePattern.of(category);
        NamePattern events = NamePattern.of(event);
        List<TracepointName> found = new ArrayList<>();
        for (TracepointName name : recorded.tracepoints.keySet()) {
            if (categories.matches(name.category()) && events.matches(name.event())) {
                found.add(name);
            }
        }
        return found;
    }

    @Override
    public Optional<TracepointFormat> tracepoint(TracepointName name) {
        return Optional.ofNullable(recorded.tracepoints.get(name));
    }

    @Override
    public List<String> rawTracepoints(String pattern) {
        NamePattern names = NamePattern.of(pattern);
        List<String> found = new ArrayList<>();
        for (String name : recorded.rawTracepoints) {
            if (names.matches(name)) {
                found.add(name);
            }
        }
        return found;
    }

    @Override
    public List<KernelFunction> kernelFunctions(String module, String function) {
        NamePattern modules = NamePattern.of(module.isEmpty() ? "*" : module);
        NamePattern functions = NamePattern.of(function);
        List<KernelFunction> found = new ArrayList<>();
        for (KernelFunction candidate : recorded.kernelFunctions.values()) {
            if (modules.matches(candidate.module()) && functions.matches(candidate.name())) {
                found.add(candidate);
            }
        }
        return found;
    }

    @Override
    public OptionalLong kernelAddress(String symbol) {
        return optional(recorded.kernelAddresses.get(symbol));
    }

    @Override
    public List<String> executables(String name) {
        return recorded.executables.getOrDefault(name, List.of());
    }

    @Override
    public List<String> mappedFiles(int pid) {
        return recorded.mappedFiles.getOrDefault(pid, List.of());
    }

    @Override
    public Optional<Binary> binary(String path) {
        return Optional.ofNullable(recorded.binaries.get(path));
    }

    @Override
    public OptionalLong cgroupId(String path) {
        return optional(recorded.cgroups.get(path));
    }

    @Override
    public Optional<String> header(String path) {
        return recorded.headers.containsKey(path) ? Optional.of(path) : Optional.empty();
    }

    @Override
    public Optional<String> text(String path) {
        return Optional.ofNullable(recorded.headers.get(path));
    }

    @Override
    public OptionalLong constant(String name) {
        return optional(recorded.constants.get(name));
    }

    @Override
    public Optional<PidNamespace> pidNamespace() {
        return Optional.ofNullable(recorded.pidNamespace);
    }

    private static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** What a machine has, put down piece by piece. */
    public static final class Builder {
        private Architecture architecture = Architecture.X86_64;
        private int possibleCpus = 2;
        private int pageSize = 4096;
        private String kernelRelease = "6.18.0";
        private Set<Feature> features = EnumSet.allOf(Feature.class);
        private Btf btf;
        private PidNamespace pidNamespace;
        private Map<TracepointName, TracepointFormat> tracepoints = new TreeMap<>();
        private Set<String> rawTracepoints = new TreeSet<>();
        private Map<String, KernelFunction> kernelFunctions = new TreeMap<>();
        private Map<String, Long> kernelAddresses = new HashMap<>();
        private Map<String, List<String>> executables = new HashMap<>();
        private Map<Integer, List<String>> mappedFiles = new HashMap<>();
        private Map<String, Binary> binaries = new HashMap<>();
        private Map<String, Long> cgroups = new HashMap<>();
        private Map<String, String> headers = new HashMap<>();
        private Map<String, Long> constants = new HashMap<>();

        private Builder() {
        }

        /** The processor. */
        public Builder architecture(Architecture value) {
            architecture = value;
            return this;
        }

        /** How many CPUs the machine can have. */
        public Builder possibleCpus(int value) {
            possibleCpus = value;
            return this;
        }

        /** Bytes of a page. */
        public Builder pageSize(int bytes) {
            pageSize = bytes;
            return this;
        }

        /** The kernel's release. */
        public Builder kernelRelease(String value) {
            kernelRelease = value;
            return this;
        }

        /** Only these features. */
        public Builder features(Feature... only) {
            features = EnumSet.noneOf(Feature.class);
            for (Feature feature : only) {
                features.add(feature);
            }
            return this;
        }

        /** All features so far but this one. */
        public Builder without(Feature feature) {
            features.remove(feature);
            return this;
        }

        /** The kernel's types. */
        public Builder btf(Btf value) {
            btf = value;
            return this;
        }

        /** A whole {@code .BTF} section. */
        public Builder btf(byte[] section) {
            return btf(Btf.read(MemorySegment.ofArray(section)));
        }

        /** A pid namespace that is not the machine's first. */
        public Builder pidNamespace(long device, long inode) {
            pidNamespace = new PidNamespace(device, inode);
            return this;
        }

        /** A tracepoint. */
        public Builder tracepoint(TracepointFormat format) {
            tracepoints.put(format.name(), format);
            return this;
        }

        /** The name of a raw tracepoint. */
        public Builder rawTracepoint(String name) {
            rawTracepoints.add(name);
            return this;
        }

        /** A function that can be probed, with its address. */
        public Builder kernelFunction(String module, String name, long address) {
            kernelFunctions.put(module + ":" + name, new KernelFunction(module, name));
            return kernelAddress(name, address);
        }

        /** A kernel symbol. */
        public Builder kernelAddress(String symbol, long address) {
            kernelAddresses.put(symbol, address);
            return this;
        }

        /** What {@link Target#executables} gives for {@code name}. */
        public Builder executables(String name, String... paths) {
            executables.put(name, List.of(paths));
            return this;
        }

        /** The files that a process has mapped. */
        public Builder mappedFiles(int pid, String... paths) {
            mappedFiles.put(pid, List.of(paths));
            return this;
        }

        /** A binary, which is also an executable by its own path. */
        public Builder binary(Binary binary) {
            binaries.put(binary.path(), binary);
            return executables(binary.path(), binary.path());
        }

        /** A cgroup by its path. */
        public Builder cgroup(String path, long id) {
            cgroups.put(path, id);
            return this;
        }

        /** A header, or a script to import, by the path that names it. */
        public Builder header(String path, String text) {
            headers.put(path, text);
            return this;
        }

        /** A constant of the machine's headers. */
        public Builder constant(String name, long value) {
            constants.put(name, value);
            return this;
        }

        /** The machine as it is now; what is put down afterwards does not change it. */
        public RecordedTarget build() {
            return new RecordedTarget(copy());
        }

        private Builder copy() {
            Builder copy = new Builder();
            copy.architecture = architecture;
            copy.possibleCpus = possibleCpus;
            copy.pageSize = pageSize;
            copy.kernelRelease = kernelRelease;
            copy.features = EnumSet.copyOf(features);
            copy.btf = btf;
            copy.pidNamespace = pidNamespace;
            copy.tracepoints = new TreeMap<>(tracepoints);
            copy.rawTracepoints = new TreeSet<>(rawTracepoints);
            copy.kernelFunctions = new TreeMap<>(kernelFunctions);
            copy.kernelAddresses = new HashMap<>(kernelAddresses);
            copy.executables = new HashMap<>(executables);
            copy.mappedFiles = new HashMap<>(mappedFiles);
            copy.binaries = new HashMap<>(binaries);
            copy.cgroups = new HashMap<>(cgroups);
            copy.headers = new HashMap<>(headers);
            copy.constants = new HashMap<>(constants);
            return copy;
        }
    }
}
