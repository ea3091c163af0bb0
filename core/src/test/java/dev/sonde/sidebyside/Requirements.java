package dev.sonde.sidebyside;

import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfMap;
import dev.sonde.sys.KernelException;
import dev.sonde.sys.LinuxKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** What a script needs of a machine. */
public final class Requirements {
    private static final int ARRAY = 2;

    private Requirements() {}

    /** Skips the test, with the reason, where something is missing. */
    public static void check(List<String> requirements, Path program) {
        root();
        for (String line : requirements) {
            for (String word : line.split(" +")) {
                switch (word) {
                    case "classes" -> need(TracedProgram.isThere(program.resolveSibling("program-classes")), "needs g++");
                    case "program" -> need(TracedProgram.isThere(program), "needs gcc");
                    case "amd64" -> need(System.getProperty("os.arch").equals(word), "needs " + word);
                    case "tracepoint" -> need(Files.isDirectory(Path.of("/sys/kernel/tracing/events")), "needs tracefs");
                    default -> throw new IllegalArgumentException("unknown requirement " + word);
                }
            }
        }
    }

    /** Skips the test where programs cannot be loaded. */
    public static void root() {
        try {
            BpfMap.create(LinuxKernel.open(), new Bpf.MapCreate(ARRAY, "", 4, 8, 1, 0)).close();
        } catch (KernelException e) {
            need(false, "needs root: " + e.getMessage());
        }
    }

    private static void need(boolean there, String reason) {
        if (!there) {
            System.out.println("skipped: " + reason);
            Assumptions.abort(reason);
        }
    }
}
