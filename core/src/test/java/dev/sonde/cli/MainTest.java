package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process: what it prints where, and its exit code. */
class MainTest {
    @TempDir
    Path directory;

    private record Ended(int code, String out, String err) {}

    private ProcessBuilder command(String... words) {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> all = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "-cp", path, "dev.sonde.cli.Main"));
        all.addAll(List.of(words));
        return new ProcessBuilder(all).redirectOutput(file("out")).redirectError(file("err"));
    }

    private File file(String name) {
        return directory.resolve(name).toFile();
    }

    private Ended ended(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), text("out"), text("err"));
    }

    private String text(String name) throws IOException {
        return Files.readString(file(name).toPath(), StandardCharsets.UTF_8);
    }

    private Ended run(String... words) throws IOException, InterruptedException {
        Process process = command(words).start();
        process.getOutputStream().close();
        return ended(process);
    }

    private static void assumeRoot() {
        boolean root = System.getProperty("user.name").equals("root");
        if (!root) {
            System.out.println("skipped: tracing needs root");
        }
        Assumptions.assumeTrue(root, "tracing needs root");
    }

    @Test
    void mistakeInTheOptionsPrintsTheHelpOnStandardError() throws Exception {
        Ended ended = run("--frob");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("sonde: there is no option --frob\n").contains("USAGE:");
    }

    @Test
    void mistakeInTheScriptEndsWithOneAndNothingOnStandardOutput() throws Exception {
        Ended ended = run("-e", "BEGIN { printf(\"%d\\n\" }");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("stdin:1:").contains("ERROR: ").contains("~");
    }

    @Test
    void allMistakesOfAScriptAreToldAtOnce() throws Exception {
        Ended ended = run("-e", "config = { max_strln = 1 } BEGIN { @ = nosuch; $x = frobnicate(1) }");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).contains("max_strln").contains("nosuch").contains("frobnicate");
    }

    @Test
    void scriptWithoutProbesIsRefused() throws Exception {
        Ended ended = run("-");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).isEqualTo("No probes to attach\n");
    }

    @Test
    void missingScriptAndProcessAreNamed() throws Exception {
        assertThat(run("/nonexistent.bt").err()).contains("/nonexistent.bt");
        assertThat(run("-p", "none", "-e", "BEGIN {}").err()).isEqualTo("ERROR: -p needs the number of a process, not 'none'\n");
        assertThat(run("-c", "/nonexistent", "-e", "BEGIN {}").err()).contains("/nonexistent");
    }

    @Test
    void formattedScriptGoesToStandardOutput() throws Exception {
        Ended ended = run("--fmt", "-e", "BEGIN{exit()}");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).startsWith("BEGIN").contains("  exit()");
    }

    @Test
    void stagesArePrintedWithoutRunning() throws Exception {
        Ended ended = run("-d", "all", "--mode", "codegen", "-e", "BEGIN { @ = count() }");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("Program\n").contains("call: count :: ").contains("begin:").contains("exit");
    }

    @Test
    void outputAndExitCodeAreTheScripts() throws Exception {
        assumeRoot();
        Ended ended = run("-e", "BEGIN { printf(\"%s %d\\n\", str($1), $2); exit(7) }", "word", "42");
        assertThat(ended).isEqualTo(new Ended(7, "word 42\n\n\n", "Attached 1 probe\n"));
    }

    @Test
    void outputGoesToTheFileOfDashO() throws Exception {
        assumeRoot();
        Path file = directory.resolve("trace");
        Ended ended = run("-q", "-o", file.toString(), "-e", "BEGIN { printf(\"x\\n\"); exit() }");
        assertThat(ended).isEqualTo(new Ended(0, "", ""));
        assertThat(Files.readString(file)).isEqualTo("x\n\n\n");
    }

    @Test
    void interruptPrintsWhatIsLeftAndEndsWithZero() throws Exception {
        assumeRoot();
        ProcessBuilder builder = command("-q", "-e", "interval:ms:10 { @++ } END { printf(\"end\\n\") }");
        builder.environment().put("__BPFTRACE_NOTIFY_PROBES_ATTACHED", "1");
        Process process = builder.start();
        for (int i = 0; i < 500 && !text("out").contains("ATTACHED"); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        Ended ended = ended(process);
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("end\n").contains("@: ");
    }

    @Test
    void commandIsTracedAndItsEndIsTheEnd() throws Exception {
        assumeRoot();
        Ended ended = run("-q", "-c", "/bin/echo hi", "-e", "tracepoint:syscalls:sys_enter_write /pid == cpid/ { @[args.count] = count() }");
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("hi\n").contains("@[3]: 1\n");
    }
}
