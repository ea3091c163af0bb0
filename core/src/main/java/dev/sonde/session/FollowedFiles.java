package dev.sonde.session;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.BpfProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks now and then whether the files that have user probes are still the same. The kernel keeps a probe with the file it was put into, so a
 * program that was installed anew, or a container that came up again, would not be traced any more.
 *
 * <p>Processes that still run the former file stay traced. A file that was written over in place loses its probes at once: the kernel would put
 * them, with the instructions they replaced, into the new content.
 */
final class FollowedFiles {
    private static final long MILLISECOND = 1_000_000;
    private static final long INTERVAL = 500 * MILLISECOND;
    /** Follows nothing. */
    static final FollowedFiles NONE = new FollowedFiles(null, List.of(), null);

    private final Map<String, Version> versions = new HashMap<>();
    private final Map<String, Version> changed = new HashMap<>();
    private final AttachedProbes probes;
    private final List<BpfProgram> programs;
    private final Renewal renewal;
    private long next = System.nanoTime() + INTERVAL;

    /** Which file is at a path, and in which state. */
    private record Version(Object file, long size, long modified) {
        static Optional<Version> of(String path) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(Path.of(path), BasicFileAttributes.class);
                return Optional.of(new Version(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime().toMillis()));
            } catch (IOException e) {
                return Optional.empty();
            }
        }
    }

    private FollowedFiles(AttachedProbes probes, List<BpfProgram> programs, Renewal renewal) {
        this.probes = probes;
        this.programs = programs;
        this.renewal = renewal;
    }

    /** Follows the files that {@code spec} has probes in. */
    static FollowedFiles of(TraceSpec spec, AttachedProbes probes, List<BpfProgram> programs, Renewal renewal) {
        FollowedFiles followed = new FollowedFiles(probes, programs, renewal);
        Map<String, Version> versions = followed.versions;
        for (ProgramSpec program : spec.programs()) {
            for (AttachSpec place : program.attachments()) {
                file(place).ifPresent(path -> Version.of(path).ifPresent(version -> versions.put(path, version)));
            }
        }
        return followed;
    }

    /** The file that a place is in. */
    static Optional<String> file(AttachSpec place) {
        return switch (place) {
            case AttachSpec.Uprobe uprobe -> Optional.of(uprobe.path());
            case AttachSpec.UprobeMulti multi -> Optional.of(multi.path());
            case AttachSpec.Self _, AttachSpec.Tracepoint _, AttachSpec.RawTracepoint _, AttachSpec.Tracing _, AttachSpec.Kprobe _,
                    AttachSpec.KprobeMulti _, AttachSpec.Software _, AttachSpec.Hardware _, AttachSpec.Interval _, AttachSpec.Profile _,
                    AttachSpec.Watchpoint _, AttachSpec.Iterator _ -> Optional.empty();
        };
    }

    /** {@code milliseconds} (-1: any time), or less when it is time to look before that. */
    int pause(int milliseconds) {
        if (versions.isEmpty()) {
            return milliseconds;
        }
        int mine = (int) Math.max(1, (next - System.nanoTime()) / MILLISECOND);
        return milliseconds < 0 ? mine : Math.min(milliseconds, mine);
    }

    /** Looks, if it is time to. */
    void lookWhenDue() {
        if (!versions.isEmpty() && System.nanoTime() - next >= 0) {
            for (String path : List.copyOf(versions.keySet())) {
                look(path);
            }
            next = System.nanoTime() + INTERVAL;
        }
    }

    /** A file counts as new when it was found the same twice, for it may still be written to. */
    private void look(String path) {
        Optional<Version> now = Version.of(path);
        Version former = versions.get(path);
        if (now.isEmpty() || now.get().equals(former)) {
            return;
        }
        if (now.get().file().equals(former.file())) {
            probes.detach(path);
        }
        if (now.get().equals(changed.put(path, now.get()))) {
            versions.put(path, now.get());
            changed.remove(path);
            renew(path);
        }
    }

    private void renew(String path) {
        int attached = renewal.compiled().map(anew -> probes.attach(path, anew, programs)).orElse(0);
        renewal.tell(attached > 0 ? path + " was replaced; " + attached + (attached == 1 ? " probe is" : " probes are") + " attached to the new file"
                : path + " was replaced, and the probes do not fit the new file; run the script again to trace it");
    }
}
