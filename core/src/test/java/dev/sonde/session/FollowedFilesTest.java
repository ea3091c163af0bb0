package dev.sonde.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.TraceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of probes in a file when another takes its place. */
class FollowedFilesTest {
    private static final String PROGRAM = "__attribute__((noinline)) int probed(int x) { return x + 1; }\n"
            + "int main(int c, char **v) { int s = 0; for (int i = 0; i < 5; i++) s += probed(s); return s == 0; }\n";

    @TempDir
    private Path directory;
    private Path app;

    @BeforeEach
    void build() throws Exception {
        Run.needsRoot();
        app = build("app", PROGRAM);
    }

    private Path build(String name, String text) throws Exception {
        Path source = Files.writeString(directory.resolve(name + ".c"), text);
        Path binary = directory.resolve(name);
        try {
            Process gcc = new ProcessBuilder("gcc", "-O0", "-no-pie", "-o", binary.toString(), source.toString()).inheritIO().start();
            assertThat(gcc.waitFor()).isZero();
        } catch (IOException e) {
            Run.skip("needs gcc");
        }
        return binary;
    }

    /** A trace that counts the calls of the function in {@code binary}, which is or will be at the path of the program. */
    private TraceSpec counting(Path binary) throws IOException {
        Trace trace = new Trace();
        int count = trace.countMap("@");
        return trace.program(ProgramKind.KPROBE, b -> b.count(count),
                new AttachSpec.Uprobe(0, Trace.SPAN, app.toString(), offset(binary), 0, false, -1)).spec();
    }

    /** Without PIE the text segment is mapped at 0x400000 from the start of the file. */
    private static long offset(Path binary) throws IOException {
        Process nm = new ProcessBuilder("nm", binary.toString()).start();
        for (String line : new String(nm.getInputStream().readAllBytes()).split("\n")) {
            if (line.endsWith(" probed")) {
                return Long.parseLong(line.substring(0, line.indexOf(' ')), 16) - 0x400000;
            }
        }
        throw new AssertionError("no function in " + binary);
    }

    private static void runs(Path program) throws Exception {
        assertThat(new ProcessBuilder(program.toString()).start().waitFor()).isZero();
    }

    private interface Change {
        void make() throws Exception;
    }

    /** Traces the program while {@code change} is made, then runs what is at its path; the sentence that was told. */
    private String after(Callable<Optional<TraceSpec>> anew, Change change, String printed) throws Exception {
        BlockingQueue<String> told = new ArrayBlockingQueue<>(10);
        try (Run run = new Run(counting(app))) {
            run.session.follow(new Renewal() {
                @Override
                public Optional<TraceSpec> compiled() {
                    try {
                        return anew.call();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }

                @Override
                public void tell(String message) {
                    told.add(message);
                }
            });
            Thread thread = Thread.ofPlatform().start(run.session::run);
            change.make();
            String message = told.poll(10, TimeUnit.SECONDS);
            runs(app);
            run.session.stop();
            thread.join(10_000);
            assertThat(run.text()).isEqualTo(printed);
            assertThat(told).isEmpty();
            return message;
        }
    }

    @Test
    void fileThatTakesThePlaceOfAnotherIsProbedToo() throws Exception {
        Path next = build("next", "int before(int x) { return x * 3; }\n" + PROGRAM);
        assertThat(offset(next)).isNotEqualTo(offset(app));
        TraceSpec anew = counting(next);
        String told = after(() -> Optional.of(anew), () -> Files.move(next, app, StandardCopyOption.REPLACE_EXISTING), "\n\n@: 5\n");
        assertThat(told).isEqualTo(app + " was replaced; 1 probe is attached to the new file");
    }

    @Test
    void fileThatIsWrittenOverLosesItsProbesAndGetsThemAnew() throws Exception {
        Path next = build("next", "int before(int x) { return x * 3; }\n" + PROGRAM);
        TraceSpec anew = counting(next);
        assertThat(after(() -> Optional.of(anew), () -> Files.write(app, Files.readAllBytes(next)), "\n\n@: 5\n"))
                .endsWith("attached to the new file");
    }

    @Test
    void programsThatDoNotFitAreToldOf() throws Exception {
        String told = after(Optional::empty, () -> Files.move(build("next", PROGRAM), app, StandardCopyOption.REPLACE_EXISTING), "\n\n");
        assertThat(told).isEqualTo(app + " was replaced, and the probes do not fit the new file; run the script again to trace it");
    }

    @Test
    void placesWithoutAFileAreNotFollowed() {
        assertThat(FollowedFiles.file(new AttachSpec.Interval(0, Trace.SPAN, 1, 0))).isEmpty();
        assertThat(FollowedFiles.file(new AttachSpec.UprobeMulti(0, Trace.SPAN, "/bin/x", List.of(1L), List.of(), false, false, -1)))
                .contains("/bin/x");
        assertThat(FollowedFiles.NONE.pause(-1)).isEqualTo(-1);
    }
}
