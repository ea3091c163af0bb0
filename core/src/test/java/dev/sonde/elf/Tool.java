package dev.sonde.elf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Runs the tools that tests take as oracles; a missing tool or file skips the test with a reason. */
public final class Tool {
    private Tool() {
    }

    /** Standard output of {@code command}, by line. */
    public static List<String> lines(String... command) {
        return lines(Map.of(), command);
    }

    /** The same with more environment variables. */
    public static List<String> lines(Map<String, String> environment, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("LC_ALL", "C");
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            Assumptions.abort("needs " + command[0] + ": " + e.getMessage());
            throw new UncheckedIOException(e);
        }
    }

    /** Runs {@code command}, which must succeed. */
    public static void run(String... command) {
        run(Map.of(), command);
    }

    /** The same with more environment variables. */
    public static void run(Map<String, String> environment, String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + output);
            }
        } catch (IOException e) {
            Assumptions.abort("needs " + command[0] + ": " + e.getMessage());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code path} without symbolic links; a path that is not there skips the test. */
    public static Path existing(String path) {
        Assumptions.assumeTrue(Files.exists(Path.of(path)), "needs " + path);
        try {
            return Path.of(path).toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file {@code relative} of the JDK that runs the tests. */
    public static Path jdk(String relative) {
        return existing(System.getProperty("java.home") + "/" + relative);
    }

    /** Compiles C source {@code text} in {@code directory} with {@code gcc} and {@code options}; the result's path. */
    public static Path gcc(Path directory, String name, String text, String... options) throws IOException {
        Path source = Files.writeString(directory.resolve(name + ".c"), text);
        Path out = directory.resolve(name);
        String[] command = new String[options.length + 4];
        command[0] = "gcc";
        System.arraycopy(options, 0, command, 1, options.length);
        command[options.length + 1] = "-o";
        command[options.length + 2] = out.toString();
        command[options.length + 3] = source.toString();
        run(command);
        return out;
    }
}
