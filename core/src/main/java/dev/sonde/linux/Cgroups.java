package dev.sonde.linux;

import dev.sonde.elf.NamePattern;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;

/**
 * Control groups (cgroups(7)), whose ids are the inode numbers of their directories. Mount points come from {@code /proc/self/mountinfo} when they
 * are first needed.
 */
public final class Cgroups {
    private static final int MAX_DEPTH = 64;

    private final String mountinfo;
    private List<Hierarchy> hierarchies;

    /** The control groups of this machine. */
    public Cgroups() {
        this("/proc/self/mountinfo");
    }

    Cgroups(String mountinfo) {
        this.mountinfo = mountinfo;
    }

    /**
     * A tree of groups.
     *
     * @param name the last part of its mount point: {@code unified}, {@code memory}; {@code cgroup} on most machines
     * @param directory its mount point
     * @param unified whether it is version 2
     */
    public record Hierarchy(String name, String directory, boolean unified) {}

    /** A group: {@code path} begins with a slash and counts from the root of its hierarchy. */
    public record Group(Hierarchy hierarchy, String path) {}

    /** The hierarchies that are mounted, version 2 first. */
    public synchronized List<Hierarchy> hierarchies() {
        if (hierarchies == null) {
            hierarchies = parse(PseudoFile.text(mountinfo).orElse(""));
        }
        return hierarchies;
    }

    /** Lines {@code id parent major:minor root mountpoint options [tags] - type source options}. */
    private static List<Hierarchy> parse(String text) {
        List<Hierarchy> unified = new ArrayList<>();
        List<Hierarchy> others = new ArrayList<>();
        Lines lines = new Lines(text);
        for (String line = lines.next(); line != null; line = lines.next()) {
            int type = line.indexOf(" - ") + 3;
            String[] fields = line.split(" ", 6);
            if (type > 2 && fields.length == 6) {
                String directory = fields[4].replace("\\040", " ");
                String name = directory.substring(directory.lastIndexOf('/') + 1);
                if (line.startsWith("cgroup2 ", type)) {
                    unified.add(new Hierarchy(name, directory, true));
                } else if (line.startsWith("cgroup ", type)) {
                    others.add(new Hierarchy(name, directory, false));
                }
            }
        }
        unified.addAll(others);
        return List.copyOf(unified);
    }

    /** The id of the version 2 group at {@code path}, which counts from / or from the root of the hierarchy. */
    public OptionalLong id(String path) {
        for (Hierarchy hierarchy : hierarchies()) {
            if (hierarchy.unified()) {
                boolean whole = path.equals(hierarchy.directory()) || path.startsWith(hierarchy.directory() + "/");
                OptionalLong id = inode(whole ? path : hierarchy.directory() + "/" + path);
                if (id.isPresent()) {
                    return id;
                }
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong inode(String directory) {
        try {
            return OptionalLong.of((Long) Files.getAttribute(Path.of(directory), "unix:ino", LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /** The group with an id in the first hierarchy that has one; bpf_get_current_cgroup_id gives ids of version 2. */
    public Optional<Group> find(long id) {
        for (Hierarchy hierarchy : hierarchies()) {
            Optional<Group> group = find(hierarchy, id);
            if (group.isPresent()) {
                return group;
            }
        }
        return Optional.empty();
    }

    /** The group with an id in one hierarchy. Its whole tree is walked, since the kernel looks groups up by id for no one else. */
    public Optional<Group> find(Hierarchy hierarchy, long id) {
        File root = new File(hierarchy.directory());
        String found = search(root, id, 0);
        if (found == null) {
            return Optional.empty();
        }
        String path = found.substring(hierarchy.directory().length());
        return Optional.of(new Group(hierarchy, path.isEmpty() ? "/" : path));
    }

    /** Where group {@code id} is, as {@code hierarchy:path} divided by commas; only in hierarchies whose name matches {@code pattern}. */
    public String paths(long id, String pattern) {
        NamePattern wanted = NamePattern.of(pattern);
        StringJoiner paths = new StringJoiner(",");
        for (Hierarchy hierarchy : hierarchies()) {
            if (wanted.matches(hierarchy.name())) {
                find(hierarchy, id).ifPresent(group -> paths.add(hierarchy.name() + ":" + group.path()));
            }
        }
        return paths.toString();
    }

    private static String search(File directory, long id, int depth) {
        if (inode(directory.getPath()).orElse(-1) == id) {
            return directory.getPath();
        }
        File[] inside = depth == MAX_DEPTH ? null : directory.listFiles(File::isDirectory);
        for (int i = 0; inside != null && i < inside.length; i++) {
            String found = search(inside[i], id, depth + 1);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
