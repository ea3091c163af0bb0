package dev.sonde.symbols;

import dev.sonde.linux.Mapping;
import dev.sonde.linux.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Finds a path by which this process can open a file that another has mapped: the kernel's own link to the mapping, the path in the process's files,
 * the path in our own, or the path in those of another process of its mount namespace.
 */
final class FileFinder {
    private final ProcessReader reader;
    /** The process that answered last for a mount namespace whose first process had ended. */
    private String lastNamespace = "";
    private int lastNeighbour;

    FileFinder(ProcessReader reader) {
        this.reader = reader;
    }

    /**
     * A file that can be opened.
     *
     * @param root where the path of the mapping holds: {@code /proc/PID/root}, or {@code /}
     */
    record Found(Path path, Path root) {}

    /** Only the link is certain without comparing inodes, and only while the process still has that mapping. */
    Optional<Found> find(AddressSpace space, Mapping mapping) {
        Path root = root(space.pid());
        if (reader.identity(space.pid()).filter(space.identity()::equals).isPresent()) {
            Path link = Path.of(mapping.mapFile(space.pid()));
            if (Files.isReadable(link)) {
                return Optional.of(new Found(link, root));
            }
            Optional<Found> own = under(root, mapping);
            if (own.isPresent()) {
                return own;
            }
        }
        Optional<Found> ours = under(Path.of("/"), mapping);
        return ours.isPresent() ? ours : underNeighbour(space, mapping);
    }

    private static Path root(int pid) {
        return Path.of("/proc/" + pid + "/root");
    }

    private static Optional<Found> under(Path root, Mapping mapping) {
        if (!mapping.isFile()) {
            return Optional.empty();
        }
        try {
            Path path = root.resolve(mapping.path().substring(1));
            return isSame(path, mapping) ? Optional.of(new Found(path, root)) : Optional.empty();
        } catch (InvalidPathException e) {
            // The locale has no such characters.
            return Optional.empty();
        }
    }

    /** Short-lived processes of a container share its files with a process that stays. */
    private Optional<Found> underNeighbour(AddressSpace space, Mapping mapping) {
        int neighbour = neighbour(space.mountNamespace());
        return neighbour == 0 ? Optional.empty() : under(root(neighbour), mapping);
    }

    private int neighbour(String namespace) {
        if (namespace.isEmpty() || namespace.equals(reader.ownMountNamespace())) {
            return 0;
        }
        if (!namespace.equals(lastNamespace) || !namespace.equals(reader.mountNamespace(lastNeighbour))) {
            lastNamespace = namespace;
            lastNeighbour = search(namespace);
        }
        return lastNeighbour;
    }

    private int search(String namespace) {
        for (int pid : Processes.pids()) {
            if (namespace.equals(reader.mountNamespace(pid))) {
                return pid;
            }
        }
        return 0;
    }

    /** Whether the file at {@code path} is the one that was mapped. Some file systems, all with major number 0, show two devices for a file. */
    private static boolean isSame(Path path, Mapping mapping) {
        try {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:dev,ino");
            long device = device((Long) attributes.get("dev"));
            boolean sameDevice = device == mapping.device() || device >>> 32 == 0 || mapping.device() >>> 32 == 0;
            return sameDevice && (Long) attributes.get("ino") == mapping.inode() && Files.isRegularFile(path);
        } catch (IOException e) {
            return false;
        }
    }

    /** Splits a dev_t (makedev(3)) as {@link Mapping#device()} is. */
    static long device(long number) {
        long major = number >>> 8 & 0xfff | number >>> 32 & 0xfffff000L;
        long minor = number & 0xff | number >>> 12 & 0xffffff00L;
        return major << 32 | minor;
    }
}
