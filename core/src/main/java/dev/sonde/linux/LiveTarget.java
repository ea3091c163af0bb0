package dev.sonde.linux;

import dev.sonde.btf.Btf;
import dev.sonde.btf.BtfKind;
import dev.sonde.bytes.MalformedException;
import dev.sonde.elf.ElfFile;
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
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final String KERNEL_BTF = "/sys/kernel/btf/vmlinux";
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
    private final Map<String, Optional<Btf>> moduleBtf = new HashMap<>();
    private Optional<byte[]> traceable = Optional.empty();
    private String lastPattern = "";
    private List<KernelFunction> lastFunctions = List.of();
    private String btfFile = KERNEL_BTF;
    private boolean toldAddresses;

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
            return inode == FIRST_PID_NAMESPACE
                    ? Optional.empty() : Optional.of(new PidNamespace((Long) Files.getAttribute(file, "unix:dev"), inode));
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

    /** Takes a file in the format of {@code available_filter_functions} instead of the kernel's own; whether it could be read. */
    public synchronized boolean traceableFunctions(String path) {
        traceable = PseudoFile.bytes(path);
        lastPattern = "";
        return traceable.isPresent();
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

    @Override
    public synchronized Optional<Btf> moduleBtf(String module) {
        return moduleBtf.computeIfAbsent(module, name -> btf().flatMap(base -> KernelFunctions.split(base, name)));
    }

    /** Takes the kernel's types from another file than the kernel's own, BTF or an ELF file that holds some; before any is asked for. */
    public void btfFrom(String path) {
        btfFile = path;
    }

    private Optional<Btf> readBtf() {
        long size = new File(btfFile).length();
        if (size == 0) {
            return Optional.empty();
        }
        try {
            return btfFile.equals(KERNEL_BTF) ? mapBtf(size) : elfBtf().or(() -> mapBtf(size));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** What an ELF file, such as the kernel's vmlinux, has in its section {@code .BTF}; empty for a file of another kind. */
    private Optional<Btf> elfBtf() {
        try (ElfFile file = ElfFile.open(Path.of(btfFile))) {
            return file.contents(".BTF").map(contents -> Btf.read(contents.segment()));
        } catch (IOException | MalformedException e) {
            return Optional.empty();
        }
    }

    private Optional<Btf> mapBtf(long size) {
        try (MappedMemory memory = MappedMemory.ofFile(kernel, btfFile, size)) {
            return Optional.of(Btf.read(memory.segment()));
        } catch (KernelException e) {
            // Before 6.16 the file cannot be mapped. Reading takes more than a thousand system calls, for the kernel gives a page at a time.
            return PseudoFile.bytes(btfFile).map(bytes -> Btf.read(MemorySegment.ofArray(bytes)));
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

    /** A kernel that attaches to no function has none to offer to a pattern, unless a file was given that says otherwise. */
    @Override
    public synchronized List<KernelFunction> kernelFunctions(String module, String function) {
        if (function.indexOf('*') < 0) {
            return KernelFunctions.named(kallsyms(), module, function);
        }
        String key = module + ":" + function;
        if (!key.equals(lastPattern)) {
            lastFunctions = found(module, function);
            lastPattern = key;
        }
        return lastFunctions;
    }

    /** For a pattern the functions of all modules are gathered, for they may be asked for next. */
    @Override
    public synchronized List<String> kernelFunctionNames(String module, String function) {
        boolean pattern = function.indexOf('*') >= 0;
        return pattern && kernelFunctions("", function) instanceof ListedFunctions listed ? listed.names(module)
                : Target.super.kernelFunctionNames(module, function);
    }

    private List<KernelFunction> found(String module, String function) {
        if (traceable.isPresent()) {
            return KernelFunctions.listed(traceable.get(), module, function);
        }
        boolean any = features.has(Feature.KPROBE) || features.has(Feature.FENTRY);
        return any ? new KernelFunctions(kallsyms(), tracefs(), this::btf).find(module, function) : List.of();
    }

    @Override
    public List<BpfFunction> bpfFunctions(int program, String function) {
        return new BpfPrograms(kernel).functions(program, function);
    }

    @Override
    public OptionalLong kernelAddress(String symbol) {
        toldAddresses = true;
        return kallsyms().address(symbol);
    }

    /** Whether anyone asked for the address of a kernel symbol, which is another after the next boot. */
    public boolean hasToldAddresses() {
        return toldAddresses;
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
            binary = LiveBinary.open(path).filter(opened -> UnusableFile.problem(path, architecture()).isEmpty());
            binaries.put(path, binary);
        }
        return binary.map(Binary.class::cast);
    }

    @Override
    public String problem(String path) {
        return UnusableFile.problem(path, architecture());
    }

    @Override
    public OptionalLong cgroupId(String path) {
        return cgroups.id(path);
    }

    /** Looked for in the given directories, then in those of a C compiler; a path from / is that file. */
    @Override
    public Optional<String> header(String path) {
        if (path.startsWith("/")) {
            return isText(path) ? Optional.of(path) : Optional.empty();
        }
        String machine = architecture() == Architecture.X86_64 ? "x86_64-linux-gnu" : "aarch64-linux-gnu";
        List<String> directories = new ArrayList<>(includeDirectories);
        directories.addAll(List.of("/usr/local/include", "/usr/include/" + machine, "/usr/include"));
        for (String directory : directories) {
            String file = directory + "/" + path;
            if (isText(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static boolean isText(String path) {
        File file = new File(path);
        return file.isFile() && file.length() <= MAX_HEADER;
    }

    @Override
    public Optional<String> text(String path) {
        return isText(path) ? PseudoFile.text(path) : Optional.empty();
    }

    @Override
    public Optional<List<String>> directory(String path) {
        String[] names = new File(path.isEmpty() ? "." : path).list();
        if (names == null) {
            return Optional.empty();
        }
        Arrays.sort(names);
        List<String> files = new ArrayList<>();
        for (String name : names) {
            files.add(path + "/" + name);
        }
        return Optional.of(files);
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
