package dev.sonde.target;

import dev.sonde.btf.Btf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A machine as a compile sees it. Read-only; answers do not change during a compile. */
public interface Target {
    /** The processor. */
    Architecture architecture();

    /** How many CPUs the machine can have: per-CPU values have that many copies. */
    int possibleCpus();

    /** Bytes of a memory page. */
    int pageSize();

    /** The running kernel's release, such as {@code 6.18.44}. */
    String kernelRelease();

    /** Whether the kernel has {@code feature}. */
    boolean has(Feature feature);

    /** The kernel's own types, when it has them. */
    Optional<Btf> btf();

    /** The types of a kernel module, whose base is {@link #btf}; empty when it has none (before 5.11) or is not loaded. */
    default Optional<Btf> moduleBtf(String module) {
        return Optional.empty();
    }

    /** Names of the tracepoints that match, as {@code category:event}; both patterns may hold {@code *}. Sorted. */
    List<TracepointName> tracepoints(String category, String event);

    /** The format of one tracepoint. */
    Optional<TracepointFormat> tracepoint(TracepointName name);

    /** Names of raw tracepoints that match a pattern with {@code *}. Sorted. */
    List<String> rawTracepoints(String pattern);

    /**
     * Kernel functions that can be probed and match a pattern, as {@code module:function} patterns with {@code *}; the module may be empty for all.
     * Sorted.
     */
    List<KernelFunction> kernelFunctions(String module, String function);

    /** The names of those in a module, or in all when that is empty; in the same order. */
    default List<String> kernelFunctionNames(String module, String function) {
        List<String> names = new ArrayList<>();
        for (KernelFunction found : kernelFunctions(module, function)) {
            names.add(found.name());
        }
        return names;
    }

    /** Functions of loaded BPF programs that match a pattern with {@code *}: of program {@code program}, or of all when that is 0. */
    default List<BpfFunction> bpfFunctions(int program, String function) {
        return List.of();
    }

    /**
     * A function of a loaded BPF program.
     *
     * @param program the program's id
     * @param name its name
     * @param type its id in {@code types}
     * @param types the BTF that the program came with
     */
    record BpfFunction(int program, String name, int type, Btf types) {}

    /** The address of a kernel symbol. */
    OptionalLong kernelAddress(String symbol);

    /**
     * The files that a user-space target names: a path (links followed inside {@code /proc/PID/root}), a name looked up in PATH or as a library, a
     * pattern with {@code *}. Paths that this process can open. Empty when there is none.
     */
    List<String> executables(String name);

    /** The executable and libraries that a running process has mapped. */
    List<String> mappedFiles(int pid);

    /** The binary at a path that {@link #executables} gave; empty when it is no binary. */
    Optional<Binary> binary(String path);

    /**
     * Why {@link #executables} or {@link #binary} have nothing for a path, in words that follow the path: {@code is a directory}; empty if unknown.
     */
    default String problem(String path) {
        return "";
    }

    /** The id of a cgroup (v2) by its path. */
    OptionalLong cgroupId(String path);

    /** The header that {@code #include <path>} names: a path that {@link #text} takes. Looked up in the directories given and in the usual ones. */
    Optional<String> header(String path);

    /** The text of the file at a path. */
    Optional<String> text(String path);

    /** Paths of the files in a directory, sorted; empty when there is no such directory. */
    default Optional<List<String>> directory(String path) {
        return Optional.empty();
    }

    /** The pid namespace whose numbers a script means, as device and inode of its file in nsfs; empty when it is the machine's first. */
    default Optional<PidNamespace> pidNamespace() {
        return Optional.empty();
    }

    /** A pid namespace. */
    record PidNamespace(long device, long inode) {}

    /** Raw bits of one enumerator or constant of the machine's headers that is not in BTF; see {@code UserApi} for the ones that come with Sonde. */
    default OptionalLong constant(String name) {
        return OptionalLong.empty();
    }
}
