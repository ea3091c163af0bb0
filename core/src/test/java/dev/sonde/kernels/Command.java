package dev.sonde.kernels;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of the machine that tests run on. */
final class Command {
    private Command() {}

    /** Whether there is a program of that name. */
    static boolean exists(String name) {
        for (String directory : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(directory, name))) {
                return true;
            }
        }
        return false;
    }

    /** Runs a program in {@code directory} and gives its output; when it fails, throws with what it said. */
    static String run(Path directory, List<String> words) throws IOException, InterruptedException {
        File errors = File.createTempFile("sonde", ".err");
        try {
            var builder = new ProcessBuilder(words).directory(directory.toFile()).redirectError(errors)
                    .redirectInput(Redirect.from(new File("/dev/null")));
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", words) + ": " + Files.readString(errors.toPath()).strip());
            }
            return output;
        } finally {
            Files.delete(errors.toPath());
        }
    }
}
