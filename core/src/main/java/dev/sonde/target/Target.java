package dev.sonde.target;

import dev.sonde.btf.Btf;
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

    /** Names of the tracepoints that match, as {@code category:event}; both patterns may hold {@code *}. Sorted. */
    List<TracepointName> tracepoints(String category, String event);

    /** The format of one tracepoint. */
    Optional<TracepointFormat> tracepoint(TracepointName name);

    /** Names of raw tracepoints that match a pattern with {@code *}. Sorted. */
    List<String> rawTracepoints(String pattern);

    /** Kernel functions that can be probed and match a pattern, as {@code module:function} patterns with {@code *}; the module may be empty for all. Sorted. */
    List<KernelFunction> kernelFunctions(String module, String function);

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

    /** The id of a cgroup (v2) by its path. */
    OptionalLong cgroupId(String path);

    /** The text of a header file that an {@code #include} or {@code import} names, looked up in the usual directories and those given. */
    Optional<String> header(String path);

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
