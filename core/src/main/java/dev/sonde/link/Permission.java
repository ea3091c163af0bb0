package dev.sonde.link;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What stands between a process and its probes. */
final class Permission {
    private static final Path LOCKDOWN = Path.of("/sys/kernel/security/lockdown");
    private static final Path PARANOID = Path.of("/proc/sys/kernel/perf_event_paranoid");

    private Permission() {}

    /** What to do about EPERM and EACCES, as far as this machine tells. */
    static String hint() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "run it as root, or with CAP_BPF and CAP_PERFMON (CAP_SYS_ADMIN before kernel 5.8); perf_event_paranoid is " + line(PARANOID);
        }
        String lockdown = line(LOCKDOWN);
        if (lockdown.contains("[integrity]") || lockdown.contains("[confidentiality]")) {
            return "the kernel is locked down (" + lockdown + "), which forbids some kinds of probes whoever asks";
        }
        return "root is not enough here: a container's seccomp profile or missing capabilities (CAP_BPF, CAP_PERFMON) may forbid it";
    }

    private static String line(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
