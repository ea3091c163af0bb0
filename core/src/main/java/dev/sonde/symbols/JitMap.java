package dev.sonde.symbols;

import dev.sonde.linux.PerfMap;
import dev.sonde.linux.Processes;
import java.io.File;
import java.util.Optional;

/** The functions that a process compiled at run time, from the map it writes for perf(1). The map is read again when it has grown. */
final class JitMap {
    /** Reading may take an eighth of the time, unless it takes less than this, in nanoseconds. */
    private static final long CHEAP = 5_000_000;
    private static final int PRICE = 8;

    private final String path;
    private PerfMap map;
    private long length = -1;
    private long lastRead;
    private long lastCost;

    private JitMap(String path) {
        this.path = path;
    }

    /** The map of a process, or an empty one; when the process has ended only one in our own files can be found. */
    static JitMap of(int pid) {
        return new JitMap(Processes.perfMap(pid).orElse("/tmp/perf-" + pid + ".map"));
    }

    /** The file, as this process names it. */
    String path() {
        return path;
    }

    /** The function that covers {@code address}. */
    Optional<PerfMap.Function> lookup(long address, long now) {
        long present = new File(path).length();
        if (present != length && present > 0 && (lastCost < CHEAP || now - lastRead >= PRICE * lastCost)) {
            long start = System.nanoTime();
            map = PerfMap.read(path);
            length = present;
            lastRead = now;
            lastCost = System.nanoTime() - start;
        }
        return map == null ? Optional.empty() : map.lookup(address);
    }
}
