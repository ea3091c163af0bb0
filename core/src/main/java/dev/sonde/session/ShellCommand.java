package dev.sonde.session;

import java.io.IOException;
import java.io.InputStream;

/** A command that {@code system()} runs: with this process's input, and both its outputs gathered. */
record ShellCommand(byte[] output, int status) {
    /** Runs {@code command} with sh(1) and waits for its end. */
    static ShellCommand run(String command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command);
        Process process = builder.redirectInput(ProcessBuilder.Redirect.INHERIT).redirectErrorStream(true).start();
        try (InputStream output = process.getInputStream()) {
            byte[] bytes = output.readAllBytes();
            return new ShellCommand(bytes, process.waitFor());
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
