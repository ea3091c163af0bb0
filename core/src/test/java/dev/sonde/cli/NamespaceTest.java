package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program in a mount namespace of its own, below another root, behind links that mean something else outside. */
class NamespaceTest {
    private static final String PROGRAM = """
            #include <unistd.h>
            __attribute__((noinline)) int tick(int n) { __asm__ volatile(""); return n + 1; }
            int main(void) { int n = 0; for (int i = 0; i < 1200; i++) { n = tick(n); usleep(50000); } return n == 0; }
            """;
    /** A tmpfs that only this namespace sees; two links, the second absolute, lead to the program. */
    private static final String ENTER = """
            mount -t tmpfs none "$1/root" && mkdir -p "$1/root/opt/v1" && cp "$1/loop" "$1/root/opt/v1/loop" &&
            ln -s v1 "$1/root/opt/current" && ln -s /opt/current/loop "$1/root/run" && exec chroot "$1/root" /run
            """;

    @TempDir
    private Path directory;
    private Process target;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        skipUnless("root".equals(System.getProperty("user.name")), "needs root");
        Path source = Files.writeString(directory.resolve("loop.c"), PROGRAM);
        skipUnless(runs("gcc", "-O1", "-static", "-o", directory.resolve("loop").toString(), source.toString()), "needs gcc and a static C library");
        Files.createDirectory(directory.resolve("root"));
        target = new ProcessBuilder("unshare", "-m", "sh", "-c", ENTER, "sh", directory.toString()).redirectErrorStream(true).start();
        for (int i = 0; i < 200 && !Files.readString(comm()).equals("run\n"); i++) {
            Thread.sleep(20);
        }
        skipUnless(target.isAlive() && Files.readString(comm()).equals("run\n"), "needs mount namespaces");
    }

    private Path comm() {
        return Path.of("/proc/" + target.pid() + "/comm");
    }

    private static void skipUnless(boolean holds, String reason) {
        if (!holds) {
            System.out.println("skipped: " + reason);
        }
        Assumptions.assumeTrue(holds);
    }

    private static boolean runs(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void end() {
        if (target != null) {
            target.destroyForcibly();
        }
    }

    private static String sonde(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    @Test
    void linksAreFollowedInsideTheOtherRoot() throws Exception {
        String path = "/proc/" + target.pid() + "/root/run";
        assertThat(new File(path).getCanonicalPath()).as("what the link means outside").doesNotContain("v1");
        assertThat(sonde("-e", "uprobe:" + path + ":tick { printf(\"%d %s\\n\", pid, probe); exit(); }"))
                .contains(target.pid() + " uprobe:/proc/" + target.pid() + "/root/opt/v1/loop:tick\n");
    }

    @Test
    void whatTheProcessHasMappedIsFound() throws Exception {
        String pid = Long.toString(target.pid());
        assertThat(sonde("-p", pid, "-e", "uprobe:*:tick { printf(\"%d hit\\n\", pid); exit(); }")).contains(pid + " hit\n");
    }

    @Test
    void pathOfTheProcessIsHintedAt() throws Exception {
        String pid = Long.toString(target.pid());
        assertThat(sonde("-p", pid, "-e", "uprobe:/opt/v1/loop:tick { }"))
                .contains("HINT: It does not exist.\nHINT: Process " + pid + " has another file system, in which it is there: /proc/" + pid
                + "/root/opt/v1/loop.");
    }
}
