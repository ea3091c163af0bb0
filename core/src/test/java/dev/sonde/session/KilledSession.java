package dev.sonde.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process that holds a session until it is killed. */
final class KilledSession {
    private static final String NAME = "sonde_test";

    private KilledSession() {}

    public static void main(String[] arguments) throws SessionException {
        Trace trace = new Trace().program(ProgramKind.PERF_EVENT, b -> {}, new AttachSpec.Interval(0, Trace.SPAN, 1_000_000, 0));
        Run run = new Run(trace.spec(), SessionSettings.DEFAULTS.whenAttached(() -> System.out.println("attached")));
        run.session.run();
    }

    static void check() throws IOException, InterruptedException {
        int before = programs();
        Process holder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), KilledSession.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertThat(holder.inputReader().readLine()).isEqualTo("attached");
        assertThat(programs()).isEqualTo(before + 1);
        holder.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        for (int i = 0; i < 100 && programs() > before; i++) {
            Thread.sleep(20);
        }
        assertThat(programs()).isEqualTo(before);
    }

    /** Programs of the tests' own name; a process that was killed gives them back a moment later. */
    static int programs() throws IOException {
        try {
            Process bpftool = new ProcessBuilder("bpftool", "prog", "show", "name", NAME).start();
            String text = new String(bpftool.getInputStream().readAllBytes());
            return text.split(" name " + NAME, -1).length - 1;
        } catch (IOException e) {
            Run.skip("needs bpftool");
            return 0;
        }
    }
}
