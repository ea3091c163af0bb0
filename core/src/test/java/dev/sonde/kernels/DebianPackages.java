package dev.sonde.kernels;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Packages of one Debian release for one processor, fetched with the machine's own apt from the mirror that it is set up for, but with lists and
 * state of their own, so that nothing of it is seen by the machine.
 */
final class DebianPackages {
    private static final List<String> DIRECTORIES = List.of("etc/apt/sources.list.d", "etc/apt/preferences.d", "var/lib/apt/lists/partial",
            "var/lib/dpkg", "var/cache/apt/archives/partial");
    private static final String KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg";

    private final Path root;
    private final Processor processor;

    private DebianPackages(Path root, Processor processor) {
        this.root = root;
        this.processor = processor;
    }

    /** Those of {@code suite}, with their lists brought up to date. */
    static DebianPackages open(Path cache, String suite, Processor processor) throws IOException, InterruptedException {
        Path root = cache.resolve("apt").resolve(suite + "-" + processor.debian);
        for (String directory : DIRECTORIES) {
            Files.createDirectories(root.resolve(directory));
        }
        Files.writeString(root.resolve("var/lib/dpkg/status"), "");
        Files.writeString(root.resolve("etc/apt/sources.list"),
                "deb [arch=" + processor.debian + " signed-by=" + KEYS + "] " + mirror() + " " + suite + " main\n");
        var packages = new DebianPackages(root, processor);
        packages.apt(root, "apt-get", List.of("update"));
        return packages;
    }

    /** Where the machine itself gets Debian from. */
    private static String mirror() throws IOException, InterruptedException {
        String lines = Command.run(Path.of("/"), List.of("apt-get", "indextargets", "--format", "$(ORIGIN)|$(COMPONENT)|$(SITE)|$(REPO_URI)",
                "Created-By: Packages"));
        for (String line : lines.lines().toList()) {
            String[] fields = line.split("\\|");
            if (fields[0].equals("Debian") && fields[1].equals("main") && !fields[3].contains("security")) {
                return fields[3];
            }
        }
        throw new IOException("apt has no Debian mirror: kernels are fetched on Debian only, after apt-get update");
    }

    private String apt(Path directory, String command, List<String> words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(command, "-q", "-o", "Dir=" + root, "-o", "APT::Architecture=" + processor.debian,
                "-o", "APT::Architectures=" + processor.debian, "-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none"));
        all.addAll(words);
        return Command.run(directory, all);
    }

    /** The package and all that it depends on whose names begin with {@code prefix}. */
    List<String> closure(String name, String prefix) throws IOException, InterruptedException {
        return apt(root, "apt-cache", List.of("depends", "--recurse", "--important", name)).lines()
                .filter(line -> line.startsWith(prefix) && line.indexOf(':') < 0).distinct().toList();
    }

    /** Unpacks packages below {@code directory}; nothing is installed and no script of theirs runs. */
    void unpack(List<String> names, Path directory) throws IOException, InterruptedException {
        Path archives = Files.createTempDirectory(root, "fetched");
        List<String> words = new ArrayList<>(List.of("download"));
        words.addAll(names);
        apt(archives, "apt-get", words);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(archives)) {
            for (Path file : files) {
                Command.run(archives, List.of("dpkg-deb", "--extract", file.toString(), directory.toString()));
                Files.delete(file);
            }
        }
        Files.delete(archives);
    }
}
