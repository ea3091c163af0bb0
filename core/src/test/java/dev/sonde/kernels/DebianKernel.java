package dev.sonde.kernels;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/**
 * A kernel that Debian builds for virtual machines, in the cache: {@code kernel}, {@code busybox}, {@code modules/}, {@code version}.
 *
 * @param name major and minor version; {@code arm64} is the stable release's on that processor
 * @param processor what it runs on
 * @param directory where its files are, or would be
 */
record DebianKernel(String name, Processor processor, Path directory) {
    /** Kernels and the releases that have them; the last goes on to newer ones, and is then called by this name all the same. */
    private static final Map<String, String> SUITES = new TreeMap<>(Map.of("5.10", "bullseye", "6.1", "bookworm",
            "6.12", "trixie", "7.2", "sid", "arm64", "trixie"));
    /** Modules with functions to probe. */
    private static final List<String> MODULES = List.of("dummy");

    /** The kernels there are. */
    static List<String> names() {
        return List.of("5.10", "6.1", "6.12", "7.2", "arm64");
    }

    /** Those that are run when nobody says which. */
    static List<String> usual() {
        return names().stream().filter(name -> of(name).processor.isThisOne()).toList();
    }

    static DebianKernel of(String name) {
        if (!SUITES.containsKey(name)) {
            throw new IllegalArgumentException("no kernel " + name + "; there are " + names());
        }
        Processor processor = name.equals("arm64") ? Processor.ARM64 : Processor.AMD64;
        return new DebianKernel(name, processor, cache().resolve("kernels").resolve(name + "-" + processor.debian));
    }

    /** Where everything that is fetched stays. */
    static Path cache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        return (xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg)).resolve("sonde");
    }

    String suite() {
        return SUITES.get(name);
    }

    boolean isCached() {
        return Files.exists(directory.resolve("version"));
    }

    Path image() {
        return directory.resolve("kernel");
    }

    /** A shell and all the small programs, without libraries. */
    Path busybox() {
        return directory.resolve("busybox");
    }

    /** The modules that the machine loads. */
    List<Path> modules() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("modules"))) {
            return files.sorted().toList();
        }
    }

    /** Fetches it unless it is in the cache. */
    void fetch() throws IOException, InterruptedException {
        if (isCached()) {
            return;
        }
        System.out.println("fetching kernel " + name + " (" + suite() + ", " + processor.debian + ")");
        DebianPackages packages = DebianPackages.open(cache(), suite(), processor);
        Files.createDirectories(directory.getParent());
        Path work = Files.createTempDirectory(directory.getParent(), "new");
        List<String> names = new ArrayList<>(packages.closure("linux-image-cloud-" + processor.debian, "linux-"));
        names.remove("linux-base");
        names.add("busybox-static");
        packages.unpack(names, work.resolve("root"));
        select(work);
        Command.run(work, List.of("rm", "-rf", "root"));
        Files.move(work, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Keeps what is needed of what was unpacked. */
    private void select(Path work) throws IOException {
        Path root = work.resolve("root");
        Path installed = one(root, "lib/modules/*", "usr/lib/modules/*").orElseThrow(() -> new IOException("no modules in the packages of " + name));
        Path kernel = one(root, "boot/vmlinuz-*").or(() -> one(installed, "vmlinuz"))
                .orElseThrow(() -> new IOException("no kernel in the packages of " + name));
        Files.copy(kernel, work.resolve("kernel"));
        Files.copy(one(root, "bin/busybox", "usr/bin/busybox").orElseThrow(), work.resolve("busybox"));
        Files.createDirectory(work.resolve("modules"));
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(installed)) {
                for (Path file : files.filter(f -> f.getFileName().toString().startsWith(module + ".ko")).toList()) {
                    keep(file, work.resolve("modules").resolve(module + ".ko"));
                }
            }
        }
        Files.writeString(work.resolve("version"), installed.getFileName() + "\n");
    }

    private static void keep(Path module, Path as) throws IOException {
        byte[] content = Files.readAllBytes(module);
        if (module.toString().endsWith(".xz")) {
            content = new XZInputStream(new ByteArrayInputStream(content)).readAllBytes();
        }
        Files.write(as, content);
    }

    /** The first file that matches one of the patterns, each a directory and a pattern of names. */
    private static Optional<Path> one(Path root, String... patterns) {
        for (String pattern : patterns) {
            Path path = root.resolve(pattern);
            if (!Files.isDirectory(path.getParent())) {
                continue;
            }
            try (DirectoryStream<Path> files = Files.newDirectoryStream(path.getParent(), path.getFileName().toString())) {
                for (Path file : files) {
                    return Optional.of(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Optional.empty();
    }
}
