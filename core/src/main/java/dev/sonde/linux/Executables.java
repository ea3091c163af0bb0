package dev.sonde.linux;

import dev.sonde.elf.NamePattern;
import dev.sonde.target.Architecture;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the files that the name of a user-space target stands for. */
final class Executables {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String PROC = "/proc/";

    private final Architecture architecture;
    private final String searchPath;
    private LdCache cache;

    Executables(Architecture architecture, String searchPath) {
        this.architecture = architecture;
        this.searchPath = searchPath == null || searchPath.isEmpty() ? DEFAULT_PATH : searchPath;
    }

    /**
     * A name with a slash is a path, and one with {@code *} stands for all ELF files that match, each file once. Any other name is looked up as a
     * program in PATH, then as a library: {@code libc.so.6}, {@code libc} or {@code c}.
     */
    List<String> find(String name) {
        if (name.isEmpty()) {
            return List.of();
        }
        if (name.indexOf('/') >= 0) {
            return name.indexOf('*') >= 0 ? glob(name) : path(name);
        }
        List<String> found = inPath(name);
        return found.isEmpty() ? libraries(name) : found;
    }

    private static List<String> path(String path) {
        String root = root(path);
        String place = root.isEmpty() ? path : RootedPath.resolve(root, path.substring(root.length()));
        return new File(place).isFile() ? List.of(place) : List.of();
    }

    /** {@code /proc/PID/root} when the path goes through it, else empty. */
    static String root(String path) {
        int pid = PROC.length();
        int end = path.startsWith(PROC) ? path.indexOf('/', pid) : -1;
        return end > 0 && path.startsWith("/root/", end) ? path.substring(0, end + 5) : "";
    }

    private static List<String> glob(String pattern) {
        String root = root(pattern);
        String start = !root.isEmpty() ? root : pattern.startsWith("/") ? "/" : "";
        List<String> places = new ArrayList<>(List.of(start));
        for (String part : pattern.substring(root.length()).split("/")) {
            if (!part.isEmpty()) {
                places = step(places, part);
            }
        }
        return distinctFiles(places);
    }

    private static List<String> step(List<String> places, String part) {
        List<String> next = new ArrayList<>();
        for (String place : places) {
            String prefix = place.isEmpty() || place.endsWith("/") ? place : place + "/";
            if (part.indexOf('*') < 0) {
                next.add(prefix + part);
            } else {
                match(place.isEmpty() ? "." : place, prefix, part, next);
            }
        }
        return next;
    }

    /** As in a shell, a star at the start does not match a dot there. */
    private static void match(String directory, String prefix, String part, List<String> next) {
        NamePattern pattern = NamePattern.of(part);
        String[] names = new File(directory).list();
        if (names != null) {
            Arrays.sort(names);
            for (String name : names) {
                if (pattern.matches(name) && (!name.startsWith(".") || part.startsWith("."))) {
                    next.add(prefix + name);
                }
            }
        }
    }

    /** A library is often there under several names; probing it twice would count every call twice. */
    private static List<String> distinctFiles(List<String> places) {
        List<String> files = new ArrayList<>();
        Set<Object> seen = new HashSet<>();
        for (String place : places) {
            for (String file : path(place)) {
                if (isElf(file) && seen.add(identity(file))) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    private static boolean isElf(String file) {
        try (FileInputStream in = new FileInputStream(file)) {
            return in.read() == 0x7f && in.read() == 'E' && in.read() == 'L' && in.read() == 'F';
        } catch (IOException e) {
            return false;
        }
    }

    private static Object identity(String file) {
        try {
            Object key = Files.readAttributes(Path.of(file), BasicFileAttributes.class).fileKey();
            return key == null ? file : key;
        } catch (IOException e) {
            return file;
        }
    }

    private List<String> inPath(String name) {
        List<String> found = new ArrayList<>();
        NamePattern pattern = NamePattern.of(name);
        for (String directory : searchPath.split(":")) {
            String prefix = directory.isEmpty() ? "./" : directory + "/";
            if (!pattern.isLiteral()) {
                match(prefix, prefix, name, found);
            } else if (new File(prefix, name).isFile() && new File(prefix, name).canExecute()) {
                return List.of(prefix + name);
            }
        }
        return distinctFiles(found);
    }

    private List<String> libraries(String name) {
        boolean one = NamePattern.of(name).isLiteral();
        for (Kind kind : Kind.values()) {
            List<String> found = new ArrayList<>();
            for (LdCache.Library library : cache().libraries()) {
                if (library.hwcap() == 0 && kind.matches(library.name(), name) && (!one || found.isEmpty())) {
                    found.addAll(path(library.path()));
                }
            }
            if (!found.isEmpty()) {
                return distinctFiles(found);
            }
        }
        return inLibraryDirectories(name);
    }

    private LdCache cache() {
        if (cache == null) {
            cache = LdCache.read("/etc/ld.so.cache", architecture);
        }
        return cache;
    }

    /** Machines without glibc have no cache. */
    private List<String> inLibraryDirectories(String name) {
        String triplet = architecture == Architecture.X86_64 ? "x86_64-linux-gnu" : "aarch64-linux-gnu";
        for (Kind kind : Kind.values()) {
            for (String directory : List.of("/lib/" + triplet, "/usr/lib/" + triplet, "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib")) {
                String[] names = new File(directory).list();
                for (int i = 0; names != null && i < names.length; i++) {
                    if (kind.matches(names[i], name) && new File(directory, names[i]).isFile()) {
                        return List.of(directory + "/" + names[i]);
                    }
                }
            }
        }
        return List.of();
    }

    /** The ways to name a library, the most exact one first. */
    private enum Kind {
        SONAME,
        WITHOUT_VERSION,
        SHORT;

        boolean matches(String soname, String name) {
            return switch (this) {
                case SONAME -> NamePattern.of(name).matches(soname);
                case WITHOUT_VERSION -> isStem(soname, name.endsWith(".so") ? name.substring(0, name.length() - 3) : name);
                case SHORT -> isStem(soname, "lib" + name);
            };
        }

        private static boolean isStem(String soname, String stem) {
            int end = stem.length() + 3;
            return soname.startsWith(stem) && soname.startsWith(".so", stem.length()) && (soname.length() == end || soname.charAt(end) == '.');
        }
    }
}
