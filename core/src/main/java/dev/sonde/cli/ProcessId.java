package dev.sonde.cli;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The process of -p. */
final class ProcessId {
    private static final int NONE = -1;
    private static final int USUAL_MAXIMUM = 1 << 22;

    private ProcessId() {}

    /**
     * The number given to -p; -1 without one.
     *
     * @throws UsageException when it is no number or there is no such process
     */
    static int of(CommandLine line) {
        if (!line.has(Option.PID)) {
            return NONE;
        }
        return existing(line.value(Option.PID));
    }

    /** The processes given to --dwarf-pid. */
    static List<Integer> unwound(CommandLine line) {
        List<Integer> pids = new ArrayList<>();
        for (String text : line.values(Option.DWARF_PID)) {
            pids.add(existing(text));
        }
        return pids;
    }

    private static int existing(String text) {
        int pid = parse(text);
        if (!new File("/proc/" + pid).exists()) {
            throw UsageException.of("there is no process " + pid);
        }
        return pid;
    }

    private static int parse(String text) {
        try {
            int pid = Integer.decode(text);
            if (pid >= 1 && pid <= maximum()) {
                return pid;
            }
            throw UsageException.of("-p is out of range: " + text);
        } catch (NumberFormatException e) {
            throw UsageException.of("-p needs the number of a process, not '" + text + "'");
        }
    }

    private static int maximum() {
        try (FileInputStream file = new FileInputStream("/proc/sys/kernel/pid_max")) {
            return Integer.parseInt(new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return USUAL_MAXIMUM;
        }
    }
}
