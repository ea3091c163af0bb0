package dev.sonde.symbols;

import dev.sonde.linux.PerfMap;
import dev.sonde.linux.Processes;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The functions that a process compiled at run time, from the map it writes for perf(1). The map is read again when it has grown, and stays known
 * when it is removed. Times are nanoseconds of {@link System#nanoTime()}.
 */
final class JitMap {
    /** Reading again may take an eighth of the time, unless it takes less than this. */
    private static final long CHEAP = 5_000_000;
    private static final int PRICE = 8;
    private static final int MILLIS_PER_TICK = 10;
    private static final int CLOCK_SLACK = 2000;

    private final String path;
    private final long oldest;
    private PerfMap map;
    private long length;
    private long lastRead;
    private long lastCost;

    /** @param oldest time of last change, in milliseconds since 1970, before which a map was left behind by another process */
    JitMap(String path, long oldest) {
        this.path = path;
        this.oldest = oldest;
    }

    /**
     * The map of a process, which need not exist yet; when the process has ended only one in our own files can be found.
     *
     * @param startTime of the process, in clock ticks since boot
     */
    static JitMap of(int pid, long startTime) {
        String own = "/tmp/perf-" + pid + ".map";
        String path = Processes.exists(pid) ? Processes.reach(pid, "/tmp/perf-" + Processes.namespacePid(pid) + ".map") : own;
        return new JitMap(path, System.currentTimeMillis() - uptime() + startTime * MILLIS_PER_TICK - CLOCK_SLACK);
    }

    /** Milliseconds since boot, from proc_uptime(5); a very long time when that cannot be read. */
    private static long uptime() {
        try (FileInputStream in = new FileInputStream("/proc/uptime")) {
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return Long.parseLong(text, 0, Math.max(0, text.indexOf('.')), 10) * 1000;
        } catch (IOException | NumberFormatException e) {
            return System.currentTimeMillis();
        }
    }

    /** The file, as this process names it. */
    String path() {
        return path;
    }

    /** The function that covers {@code address}. */
    Optional<PerfMap.Function> lookup(long address, long now) {
        File file = new File(path);
        long present = file.length();
        boolean due = lastCost < CHEAP || now - lastRead >= PRICE * lastCost;
        if (present != 0 && present != length && due && file.lastModified() >= oldest) {
            read(present, now);
        }
        return map == null ? Optional.empty() : map.lookup(address);
    }

    private void read(long present, long now) {
        long start = System.nanoTime();
        map = PerfMap.read(path);
        length = present;
        lastRead = now;
        lastCost = System.nanoTime() - start;
    }
}
