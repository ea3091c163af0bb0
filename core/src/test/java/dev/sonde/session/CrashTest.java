package dev.sonde.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.linux.LiveTarget;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.target.Binary;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left when the process that traces is killed with SIGKILL, which no program can catch. */
class CrashTest {
    private static final Path UPROBE_EVENTS = Path.of("/sys/kernel/tracing/uprobe_events");

    private final List<String> events = uprobeEvents();
    private int before;

    /** The process to be killed; the argument says how far it gets. */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "held" -> {
                Child child = Child.start(Run.KERNEL, "sleep 61.5");
                System.out.println(child.pid());
                Thread.sleep(60_000);
            }
            case "running" -> {
                Child child = Child.start(Run.KERNEL, "sleep 61.5");
                Thread.ofPlatform().daemon().start(() -> tellWhenItSleeps(child.pid()));
                run(clock(), SessionSettings.DEFAULTS.withChild(child));
            }
            case "user probes" -> run(mallocs(), SessionSettings.DEFAULTS.whenAttached(() -> System.out.println("attached")));
            default -> {
                System.out.println("loading");
                for (int i = 0; i < 1000; i++) {
                    new Run(many().spec()).close();
                }
            }
        }
    }

    /** The command is let go after the probes are attached; by then the shell has become it. */
    private static void tellWhenItSleeps(int pid) {
        try {
            while (!Files.readString(Path.of("/proc/" + pid + "/stat")).contains("(sleep) S")) {
                Thread.sleep(10);
            }
            System.out.println(pid);
        } catch (IOException | InterruptedException e) {
            System.out.println(e);
        }
    }

    private static void run(Trace trace, SessionSettings settings) throws Exception {
        try (Run run = new Run(trace.spec(), settings)) {
            run.session.run();
        }
    }

    private static Trace clock() {
        return new Trace().program(ProgramKind.PERF_EVENT, b -> {}, new AttachSpec.Interval(0, Trace.SPAN, 1_000_000, 0));
    }

    private static Trace many() {
        Trace trace = new Trace();
        for (int i = 0; i < 10; i++) {
            trace.program(ProgramKind.PERF_EVENT, b -> {}, new AttachSpec.Interval(0, Trace.SPAN, 1_000_000, 0));
        }
        return trace;
    }

    /** A place that every process passes all the time. */
    private static Trace mallocs() {
        try (LiveTarget target = new LiveTarget(Run.KERNEL, List.of())) {
            String libc = target.executables("libc").getFirst();
            Binary.Function malloc = target.binary(libc).orElseThrow().functions("malloc").getFirst();
            var single = new AttachSpec.Uprobe(0, Trace.SPAN, libc, malloc.fileOffset(), 0, false, -1);
            return new Trace().program(ProgramKind.KPROBE, b -> {}, single);
        }
    }

    @BeforeEach
    void needsRootAndBpftool() throws Exception {
        Run.needsRoot();
        before = KilledSession.programs();
    }

    @Test
    void commandThatWasHeldEnds() throws Exception {
        Killed killed = Killed.after("held");
        assertThat(awaitsEnd(killed.pid())).as("the held process " + killed.pid() + " ends").isTrue();
        nothingIsLeft();
    }

    @Test
    void commandThatRunsRunsOn() throws Exception {
        Killed killed = Killed.after("running");
        ProcessHandle command = ProcessHandle.of(killed.pid()).orElseThrow();
        nothingIsLeft();
        assertThat(command.isAlive()).isTrue();
        assertThat(Files.readString(Path.of("/proc/" + killed.pid() + "/stat"))).contains("(sleep) S");
        command.destroyForcibly();
    }

    @Test
    void processUnderUserProbesRunsOn() throws Exception {
        Process target = new ProcessBuilder("sh", "-c", "while :; do echo $(echo x); done").start();
        try (BufferedReader lines = target.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("x");
            Killed.after("user probes");
            nothingIsLeft();
            for (int i = 0; i < 10_000; i++) {
                assertThat(lines.readLine()).isEqualTo("x");
                if (!lines.ready()) {
                    break;
                }
            }
            assertThat(target.isAlive()).isTrue();
            assertThat(lines.readLine()).isEqualTo("x");
        } finally {
            target.destroyForcibly().waitFor();
        }
    }

    @Test
    void nothingIsLeftWhateverItWasDoing() throws Exception {
        for (int delay : new int[] {0, 30, 70, 150}) {
            Killed.after("loading", delay);
            nothingIsLeft();
        }
    }

    private void nothingIsLeft() throws IOException, InterruptedException {
        for (int i = 0; i < 250 && KilledSession.programs() > before; i++) {
            Thread.sleep(20);
        }
        assertThat(KilledSession.programs()).isLessThanOrEqualTo(before);
        assertThat(uprobeEvents()).isEqualTo(events);
    }

    private static List<String> uprobeEvents() {
        try {
            return Files.readAllLines(UPROBE_EVENTS);
        } catch (IOException e) {
            return Collections.emptyList();
        }
    }

    private static boolean awaitsEnd(int pid) throws InterruptedException {
        for (int i = 0; i < 250 && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false); i++) {
            Thread.sleep(20);
        }
        return ProcessHandle.of(pid).map(p -> !p.isAlive()).orElse(true);
    }

    /** A process that was killed, with the first line that it had printed. */
    private record Killed(String line) {
        static Killed after(String what) throws IOException, InterruptedException {
            return after(what, 0);
        }

        static Killed after(String what, int delay) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
                    System.getProperty("java.class.path")));
            command.addAll(List.of(CrashTest.class.getName(), what));
            Process holder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String line = holder.inputReader().readLine();
            Thread.sleep(delay);
            assertThat(holder.destroyForcibly().waitFor(5, TimeUnit.SECONDS)).isTrue();
            return new Killed(line);
        }

        int pid() {
            return Integer.parseInt(line);
        }
    }
}
