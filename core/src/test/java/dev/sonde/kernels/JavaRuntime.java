package dev.sonde.kernels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A Java runtime for the machine, as small as can be had. */
final class JavaRuntime {
    private static final String HOME = "/usr/lib/jvm/java-25-openjdk-arm64";
    private static final List<String> ARM64_PACKAGES = List.of("openjdk-25-jre-headless", "libc6", "zlib1g", "libgcc-s1", "libstdc++6");

    private JavaRuntime() {}

    /** Adds it, as {@code java}, and the libraries that it needs. */
    static void add(CpioArchive archive, Processor processor) throws IOException, InterruptedException {
        if (processor.isThisOne()) {
            Path image = linked();
            archive.tree("java", image);
            for (String library : List.of("bin/java", "lib/libjava.so", "lib/libnio.so", "lib/libnet.so", "lib/libzip.so", "lib/server/libjvm.so")) {
                libraries(archive, image.resolve(library));
            }
            return;
        }
        Path root = fetched(processor);
        archive.tree("java", root.resolve(HOME.substring(1)));
        archive.tree(processor.libraries.substring(1), root.resolve("usr" + processor.libraries));
        archive.file("lib/ld-linux-aarch64.so.1", root.resolve("usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1"));
    }

    /** This JDK's base module alone. */
    private static Path linked() throws IOException, InterruptedException {
        Path image = DebianKernel.cache().resolve("runtime-" + Runtime.version().toString().replace('+', '-'));
        if (!Files.exists(image)) {
            Files.createDirectories(image.getParent());
            Path work = Files.createTempDirectory(image.getParent(), "runtime");
            String jlink = Path.of(System.getProperty("java.home"), "bin", "jlink").toString();
            Command.run(work, List.of(jlink, "--add-modules", "java.base", "--strip-debug", "--no-header-files", "--no-man-pages",
                    "--generate-cds-archive", "--output", "image"));
            Files.move(work.resolve("image"), image, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(work);
        }
        return image;
    }

    private static Path fetched(Processor processor) throws IOException, InterruptedException {
        Path root = DebianKernel.cache().resolve("runtime-" + processor.debian);
        if (!Files.exists(root)) {
            System.out.println("fetching a Java runtime for " + processor.debian);
            Files.createDirectories(root.getParent());
            Path work = Files.createTempDirectory(root.getParent(), "runtime");
            DebianPackages.open(DebianKernel.cache(), "trixie", processor).unpack(ARM64_PACKAGES, work.resolve("root"));
            Files.move(work.resolve("root"), root, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(work);
        }
        return root;
    }

    /** Adds the libraries that a program of this machine is linked with, as ldd(1) finds them. */
    static void libraries(CpioArchive archive, Path program) throws IOException, InterruptedException {
        for (String line : Command.run(Path.of("/"), List.of("ldd", program.toString())).lines().toList()) {
            int arrow = line.indexOf("=> ");
            String rest = arrow < 0 ? line.strip() : line.substring(arrow + 3);
            int blank = rest.indexOf(' ');
            Path library = Path.of(blank < 0 ? rest : rest.substring(0, blank));
            if (library.isAbsolute() && Files.exists(library) && !library.startsWith(DebianKernel.cache())) {
                archive.file(library.toString().substring(1), library.toRealPath());
            }
        }
    }
}
