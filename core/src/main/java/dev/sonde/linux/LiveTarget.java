package dev.sonde.linux;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfKind;
import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.NamePattern;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.MappedMemory;
import dev.sonde.target.Architecture;
import dev.sonde.target.Binary;
import dev.sonde.target.Feature;
import dev.sonde.target.KernelFunction;
import dev.sonde.target.Target;
import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointName;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * The machine this process runs on. Making one reads nothing; each thing is read when it is first asked for and kept until {@link #close}.
 * The parts may be used by several threads; binaries by one at a time.
 */
public final class LiveTarget implements Target, AutoCloseable {
    private static final String BTF = "/sys/kernel/btf/vmlinux";
    private static final long MAX_HEADER = 16 << 20;
    private static final int AT_PAGESZ = 6;
    private static final long FIRST_PID_NAMESPACE = 0xeffffffcL;
    /** Categories whose events are made by the tracer itself and are no tracepoints in the kernel's code. */
    private static final Set<String> NOT_RAW = Set.of("syscalls", "ftrace", "kprobes", "uprobes", "eprobes", "fprobes", "synthetic");

    private final Kernel kernel;
    private final List<String> includeDirectories;
    private final String release = System.getProperty("os.version");
    private final Features features;
    private final Cgroups cgroups = new Cgroups();
    private final Map<String, Optional<LiveBinary>> binaries = new HashMap<>();
    private Tracefs tracefs;
    private Kallsyms kallsyms;
    private Optional<Btf> btf;
    private Executables executables;

    /** @param includeDirectories where to look for headers before the usual directories */
    public LiveTarget(Kernel kernel, List<String> includeDirectories) {
        this.kernel = kernel;
        this.includeDirectories = List.copyOf(includeDirectories);
        this.features = new Features(kernel, release, this::btf);
    }

    @Override
    public Architecture architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? Architecture.ARM64 : Architecture.X86_64;
    }

    /** From {@code /sys/devices/system/cpu/possible}, a list such as {@code 0-7}: one more than the highest. */
    @Override
    public int possibleCpus() {
        String list = PseudoFile.line("/sys/devices/system/cpu/possible").orElse("0");
        int last = Math.max(list.lastIndexOf('-'), list.lastIndexOf(',')) + 1;
        return Integer.parseInt(list, last, list.length(), 10) + 1;
    }

    /** From the link {@code /proc/self/ns/pid}, such as {@code pid:[4026531836]}: that number is of the first namespace (PROC_PID_INIT_INO). */
    @Override
    public Optional<PidNamespace> pidNamespace() {
        Path file = Path.of("/proc/self/ns/pid");
        try {
            String link = Files.readSymbolicLink(file).toString();
            long inode = Long.parseLong(link, link.indexOf('[') + 1, link.indexOf(']'), 10);
            return inode == FIRST_PID_NAMESPACE ? Optional.empty() : Optional.of(new PidNamespace((Long) Files.getAttribute(file, "unix:dev"), inode));
        } catch (IOException | UnsupportedOperationException | IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Always 4096 on x86-64; arm64 tells it in the auxiliary vector (getauxval(3)). */
    @Override
    public int pageSize() {
        if (architecture() == Architecture.X86_64) {
            return 4096;
        }
        byte[] vector = PseudoFile.bytes("/proc/self/auxv").orElse(new byte[0]);
        for (int at = 0; at + 16 <= vector.length; at += 16) {
            if (vector[at] == AT_PAGESZ) {
                return vector[at + 8] & 0xff | (vector[at + 9] & 0xff) << 8 | (vector[at + 10] & 0xff) << 16;
            }
        }
        return 4096;
    }

    @Override
    public String kernelRelease() {
        return release;
    }

    @Override
    public boolean has(Feature feature) {
        return features.has(feature);
    }

    /** What the kernel can do. */
    public Features features() {
        return features;
    }

    /** The tracing file system. */
    public synchronized Tracefs tracefs() {
        if (tracefs == null) {
            tracefs = Tracefs.find(kernel);
        }
        return tracefs;
    }

    /** The kernel's symbols. */
    public synchronized Kallsyms kallsyms() {
        if (kallsyms == null) {
            kallsyms = Kallsyms.read();
        }
        return kallsyms;
    }

    /** Control groups. */
    public Cgroups cgroups() {
        return cgroups;
    }

    @Override
    public synchronized Optional<Btf> btf() {
        if (btf == null) {
            btf = readBtf();
        }
        return btf;
    }

    private Optional<Btf> readBtf() {
        long size = new File(BTF).length();
        if (size == 0) {
            return Optional.empty();
        }
        try {
            return mapBtf(size);
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private Optional<Btf> mapBtf(long size) {
        try (MappedMemory memory = MappedMemory.ofFile(kernel, BTF, size)) {
            return Optional.of(Btf.read(memory.segment()));
        } catch (KernelException e) {
            // Before 6.16 the file cannot be mapped. Reading takes more than a thousand system calls, for the kernel gives a page at a time.
            return PseudoFile.bytes(BTF).map(bytes -> Btf.read(MemorySegment.ofArray(bytes)));
        }
    }

    @Override
    public List<TracepointName> tracepoints(String category, String event) {
        return tracefs().tracepoints(category, event);
    }

    @Override
    public Optional<TracepointFormat> tracepoint(TracepointName name) {
        return tracefs().format(name);
    }

    /** Those of BTF, and of tracefs, which knows those of modules. */
    @Override
    public List<String> rawTracepoints(String pattern) {
        NamePattern names = NamePattern.of(pattern);
        if (names.isLiteral() && btf().map(types -> types.rawTracepoint(pattern).isPresent()).orElse(false)) {
            return List.of(pattern);
        }
        Set<String> found = new TreeSet<>();
        int prefix = "btf_trace_".length();
        btf().ifPresent(types -> types.forEach(BtfKind.TYPEDEF, "btf_trace_" + pattern, id -> found.add(types.nameOf(id).substring(prefix))));
        for (TracepointName name : tracepoints("*", pattern)) {
            if (!NOT_RAW.contains(name.category())) {
                found.add(name.event());
            }
        }
        return List.copyOf(found);
    }

    @Override
    public List<KernelFunction> kernelFunctions(String module, String function) {
        return function.indexOf('*') < 0
                ? KernelFunctions.named(kallsyms(), module, function)
                : new KernelFunctions(kallsyms(), tracefs(), btf()).find(module, function);
    }

    @Override
    public OptionalLong kernelAddress(String symbol) {
        return kallsyms().address(symbol);
    }

    @Override
    public synchronized List<String> executables(String name) {
        if (executables == null) {
            executables = new Executables(architecture(), System.getenv("PATH"));
        }
        return executables.find(name);
    }

    @Override
    public List<String> mappedFiles(int pid) {
        return Processes.mappedFiles(pid);
    }

    @Override
    public synchronized Optional<Binary> binary(String path) {
        Optional<LiveBinary> binary = binaries.get(path);
        if (binary == null) {
            binary = LiveBinary.open(path);
            binaries.put(path, binary);
        }
        return binary.map(Binary.class::cast);
    }

    @Override
    public OptionalLong cgroupId(String path) {
        return cgroups.id(path);
    }

    /** Looked for in the given directories, then in those of a C compiler; a path from / is that file. */
    @Override
    public Optional<String> header(String path) {
        if (path.startsWith("/")) {
            return headerFile(path);
        }
        for (String directory : includeDirectories) {
            Optional<String> text = headerFile(directory + "/" + path);
            if (text.isPresent()) {
                return text;
            }
        }
        String machine = architecture() == Architecture.X86_64 ? "x86_64-linux-gnu" : "aarch64-linux-gnu";
        for (String directory : List.of("/usr/local/include", "/usr/include/" + machine, "/usr/include")) {
            Optional<String> text = headerFile(directory + "/" + path);
            if (text.isPresent()) {
                return text;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> headerFile(String path) {
        File file = new File(path);
        return file.isFile() && file.length() <= MAX_HEADER ? PseudoFile.text(path) : Optional.empty();
    }

    /** Closes what was opened; binaries that were given out must not be used any more. */
    @Override
    public synchronized void close() {
        if (tracefs != null) {
            tracefs.close();
        }
        for (Optional<LiveBinary> binary : binaries.values()) {
            binary.ifPresent(LiveBinary::close);
        }
        binaries.clear();
    }
}
