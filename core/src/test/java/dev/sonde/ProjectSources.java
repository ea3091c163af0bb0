package dev.sonde;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The source files of the project, without its tests. Tests run in the directory of their Maven module. */
final class ProjectSources {
    private static final Path ROOT = Path.of("src/main/java/dev/sonde");

    private ProjectSources() {}

    /** All files, in order. */
    static List<Path> files() {
        return files(ROOT);
    }

    /** The Java files below a directory, in order. */
    static List<Path> files(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(path -> path.toString().endsWith(".java")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The packages, in order. */
    static List<Path> packages() {
        try (Stream<Path> paths = Files.list(ROOT)) {
            return paths.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        return String.join("\n", lines(file));
    }

    /** The name of the package that a file is in, without the root. */
    static String packageOf(Path file) {
        return file.getParent().getFileName().toString();
    }
}
