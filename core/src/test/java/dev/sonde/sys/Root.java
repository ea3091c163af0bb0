package dev.sonde.sys;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine; where it is missing the test is skipped and says why. */
final class Root {
    static final Kernel KERNEL = LinuxKernel.open();

    private Root() {
    }

    /** The real kernel, if this process may load programs. */
    static Kernel kernel() {
        try {
            Task.raiseLimit(KERNEL, Task.RLIMIT_MEMLOCK);
            Fd.from(KERNEL, new Bpf.MapCreate(2, "", 4, 8, 1, 0)).close();
            return KERNEL;
        } catch (KernelException e) {
            return refuse("needs root: " + e.getMessage());
        }
    }

    static boolean isSince(int major, int minor) {
        String[] release = new String(PseudoFile.read(KERNEL, "/proc/sys/kernel/osrelease"), StandardCharsets.US_ASCII).split("[.-]");
        int here = Integer.parseInt(release[0]);
        return here > major || here == major && Integer.parseInt(release[1]) >= minor;
    }

    static void since(int major, int minor) {
        if (!isSince(major, minor)) {
            refuse("needs kernel " + major + "." + minor);
        }
    }

    static void needs(String file) {
        if (!Files.exists(Path.of(file))) {
            refuse("needs " + file);
        }
    }

    static <T> T refuse(String reason) {
        System.out.println("skipped: " + reason);
        Assumptions.abort(reason);
        return null;
    }
}
