package dev.sonde.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What /proc says about running processes. Nothing is remembered: a process can end or become another program at any time. */
public final class Processes {
    private static final int START_TIME = 22;

    private Processes() {
    }

    /** The ids of all processes, ascending. */
    public static List<Integer> pids() {
        return numbers("/proc");
    }

    /** The ids of a process's threads, ascending; none when it has ended. */
    public static List<Integer> threads(int pid) {
        return numbers("/proc/" + pid + "/task");
    }

    private static List<Integer> numbers(String directory) {
        String[] names = new File(directory).list();
        int[] numbers = new int[names == null ? 0 : names.length];
        int count = 0;
        for (int i = 0; i < numbers.length; i++) {
            if (Character.isDigit(names[i].charAt(0))) {
                numbers[count++] = Integer.parseInt(names[i]);
            }
        }
        Arrays.sort(numbers, 0, count);
        List<Integer> sorted = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sorted.add(numbers[i]);
        }
        return sorted;
    }

    /** Whether there is such a process. */
    public static boolean exists(int pid) {
        return new File("/proc/" + pid).isDirectory();
    }

    /** When a process started, in clock ticks since boot: with the pid it names one process for ever. */
    public static OptionalLong startTime(int pid) {
        Optional<String> stat = PseudoFile.text("/proc/" + pid + "/stat");
        return stat.map(Processes::startTime).orElse(OptionalLong.empty());
    }

    /** Field 22 of proc_pid_stat(5). The second, in parentheses, may hold anything, also parentheses and blanks. */
    static OptionalLong startTime(String stat) {
        int at = stat.lastIndexOf(')');
        for (int field = 2; field < START_TIME && at >= 0; field++) {
            at = stat.indexOf(' ', at + 1);
        }
        int end = at < 0 ? -1 : stat.indexOf(' ', at + 1);
        return end < 0 ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(stat, at + 1, end, 10));
    }

    /** The name of a process, at most 15 bytes. */
    public static Optional<String> comm(int pid) {
        return PseudoFile.line("/proc/" + pid + "/comm");
    }

    /** The name of a thread. */
    public static Optional<String> comm(int pid, int tid) {
        return PseudoFile.line("/proc/" + pid + "/task/" + tid + "/comm");
    }

    /** The program that a process runs, as its own mount namespace names it; {@code (deleted)} may follow. A kernel thread has none. */
    public static Optional<String> executable(int pid) {
        return link("/proc/" + pid + "/exe");
    }

    private static Optional<String> link(String path) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of(path)).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The id that a process has in its own pid namespace. */
    public static int namespacePid(int pid) {
        Lines lines = new Lines(PseudoFile.text("/proc/" + pid + "/status").orElse(""));
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.startsWith("NSpid:")) {
                return Integer.parseInt(line.substring(line.lastIndexOf('\t') + 1));
            }
        }
        return pid;
    }

    /** Whether a process names files as this one does: the same mount namespace and the same root directory. */
    public static boolean sharesFiles(int pid) {
        return sharesMounts(pid) && link("/proc/" + pid + "/root").equals(link("/proc/self/root"));
    }

    private static boolean sharesMounts(int pid) {
        Optional<String> namespace = link("/proc/" + pid + "/ns/mnt");
        return namespace.isPresent() && namespace.equals(link("/proc/self/ns/mnt"));
    }

    /** The path by which this process reaches the file that {@code pid} calls {@code path}. */
    public static String reach(int pid, String path) {
        return sharesFiles(pid) ? path : RootedPath.resolve("/proc/" + pid + "/root", path);
    }

    /**
     * Paths that this process can open for every file that {@code pid} has mapped as code, in order of address: the program first where it is not
     * position-independent or the kernel put it there. A file that was deleted or replaced is reached through {@code /proc/PID/map_files}.
     */
    public static List<String> mappedFiles(int pid) {
        boolean shared = sharesMounts(pid);
        Set<String> files = new LinkedHashSet<>();
        for (Mapping mapping : ProcessMaps.read(pid).mappings()) {
            if (mapping.isExecutable() && mapping.isFile()) {
                files.add(reach(pid, mapping, shared));
            }
        }
        return List.copyOf(files);
    }

    /** The path by which this process reaches the file of a mapping of {@code pid}. */
    public static String reach(int pid, Mapping mapping) {
        return reach(pid, mapping, sharesMounts(pid));
    }

    /** The kernel writes the path from the root of the mount namespace, which is not the process's root after chroot(2). */
    private static String reach(int pid, Mapping mapping, boolean shared) {
        String path = shared ? mapping.path() : RootedPath.resolve("/proc/" + pid + "/root", mapping.path());
        return mapping.deleted() || !new File(path).isFile() ? mapping.mapFile(pid) : path;
    }

    /** The file in which a just-in-time compiler lists its functions for perf(1): {@code /tmp/perf-PID.map} among the process's own files. */
    public static Optional<String> perfMap(int pid) {
        String path = reach(pid, "/tmp/perf-" + namespacePid(pid) + ".map");
        return new File(path).isFile() ? Optional.of(path) : Optional.empty();
    }
}
