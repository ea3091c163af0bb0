package dev.sonde.elf;

import dev.sonde.bytes.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Where the separate debug file of a binary may be, and which of those it is (GDB manual, "Separate Debug Files").
 *
 * <p>In order: {@code ROOT/.build-id/xx/yyyy.debug} for each root; then the name in {@code .gnu_debuglink} beside the binary, in
 * {@code .debug/} beside it, and in {@code ROOT/DIRECTORY/} for each root. A candidate counts when its build id is the binary's; where one of
 * them has none, its CRC-32 must be the link's.
 *
 * @param prefix put before every path, for another mount namespace: {@code /proc/PID/root}; {@code /} for none
 * @param roots directories such as {@code /usr/lib/debug}, absolute within {@code prefix}
 */
public record DebugFiles(Path prefix, List<Path> roots) {
    /** The system property with more directories, divided by colons. */
    public static final String DIRECTORIES = "sonde.debuginfo";

    private static final int MIN_BUILD_ID_DIGITS = 4;

    public DebugFiles {
        roots = List.copyOf(roots);
    }

    /** The usual root, {@code /usr/lib/debug}, of this mount namespace; before it the directories in the property {@link #DIRECTORIES}. */
    public static DebugFiles system() {
        List<Path> roots = new ArrayList<>();
        String more = System.getProperty(DIRECTORIES, "");
        for (int start = 0; start < more.length(); ) {
            int end = more.indexOf(':', start) < 0 ? more.length() : more.indexOf(':', start);
            if (end > start) {
                roots.add(Path.of(more.substring(start, end)).toAbsolutePath());
            }
            start = end + 1;
        }
        roots.add(Path.of("/usr/lib/debug"));
        return new DebugFiles(Path.of("/"), roots);
    }

    /**
     * Every place to look for the debug file of {@code elf}, whether or not there is a file.
     *
     * @param path absolute path of {@code elf} within the prefix, without symbolic links where that is known
     */
    public List<Path> candidates(ElfFile elf, Path path) {
        List<Path> candidates = new ArrayList<>();
        elf.buildId().ifPresent(id -> addBuildId(id, candidates));
        elf.debugLink().ifPresent(link -> addLink(link.name(), path, candidates));
        return candidates;
    }

    private void addBuildId(String id, List<Path> candidates) {
        if (id.length() >= MIN_BUILD_ID_DIGITS) {
            for (Path root : roots) {
                candidates.add(within(root).resolve(".build-id").resolve(id.substring(0, 2)).resolve(id.substring(2) + ".debug"));
            }
        }
    }

    /** A link with a directory in it is not followed: the format has none, so it would lead a reader astray. */
    private void addLink(String name, Path path, List<Path> candidates) {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null || name.isEmpty() || name.indexOf('/') >= 0 || name.equals(".") || name.equals("..")) {
            return;
        }
        candidates.add(within(directory).resolve(name));
        candidates.add(within(directory).resolve(".debug").resolve(name));
        for (Path root : roots) {
            candidates.add(within(root).resolve(relative(directory)).resolve(name));
        }
    }

    private Path within(Path absolute) {
        return prefix.resolve(relative(absolute));
    }

    private static Path relative(Path absolute) {
        return absolute.isAbsolute() ? Path.of("/").relativize(absolute) : absolute;
    }

    /** The first candidate that is there and belongs to {@code elf}. */
    public Optional<Path> find(ElfFile elf, Path path) {
        Path self = within(path.toAbsolutePath());
        for (Path candidate : candidates(elf, path)) {
            if (Files.isRegularFile(candidate) && !isSame(candidate, self) && matches(elf, candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static boolean isSame(Path candidate, Path self) {
        try {
            return Files.isSameFile(candidate, self);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether the file at {@code candidate} is the debug file of {@code elf}, by build id, else by CRC-32. An unreadable file is not. */
    public static boolean matches(ElfFile elf, Path candidate) {
        try (ElfFile debug = ElfFile.open(candidate)) {
            Optional<String> wanted = elf.buildId();
            Optional<String> found = debug.buildId();
            if (wanted.isPresent() && found.isPresent()) {
                return wanted.equals(found);
            }
            Optional<DebugLink> link = elf.debugLink();
            return link.isPresent() && link.get().crc() == crc32(candidate);
        } catch (IOException | MalformedException e) {
            return false;
        }
    }

    private static int crc32(Path path) throws IOException {
        CRC32 crc = new CRC32();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                crc.update(buffer.flip());
                buffer.clear();
            }
        }
        return (int) crc.getValue();
    }
}
