package dev.sonde.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the virtual machine is to be prepared for: the build runs it once and keeps the classes that it needed. Its arguments are those of the last
 * of several commands.
 */
final class Training {
    private Training() {}

    public static void main(String[] words) {
        Main.run("-l", "uprobe:" + System.getProperty("java.home") + "/lib/server/libjvm.so:*");
        Main.run("-l", "*");
        Main.run("-lv", "tracepoint:sched:*");
        compiledScript();
        Runtime.getRuntime().halt(Main.run(words));
    }

    /** A script of --aot is read by other means than a script. Without the rights to trace it is only written. */
    private static void compiledScript() {
        try {
            Path file = Files.createTempFile("training", ".sonde");
            Main.run("--aot", file.toString(), "-e", "begin { @a[comm, 1] = hist(pid); printf(\"%d %s\\n\", 1, comm); exit() }");
            Main.run("--dry-run", "-q", file.toString());
            Files.delete(file);
        } catch (IOException e) {
            // Then the cache is without it.
        }
    }
}
