package dev.sonde.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.asm.AluOperation;
import dev.sonde.asm.Condition;
import dev.sonde.asm.Instruction;
import dev.sonde.asm.Register;
import dev.sonde.spec.AttachSpec;
import dev.sonde.spec.AttachSpec.Self.Moment;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.EventSpec.Field;
import dev.sonde.spec.FormatParser;
import dev.sonde.spec.MapKind;
import dev.sonde.spec.MapSpec;
import dev.sonde.spec.ProgramKind;
import dev.sonde.spec.RunOptions.MissingProbes;
import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.DiagnosticPrinter;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Task;
import dev.sonde.types.StackMode;
import dev.sonde.types.Type;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Year;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {
    private static final AttachSpec INTERVAL = new AttachSpec.Interval(0, Trace.SPAN, 2_000_000, 0);

    @BeforeAll
    static void prepare() {
        Run.needsRoot();
        Fd.trace(true);
    }

    @AfterAll
    static void nothingLeaks() {
        Fd.trace(false);
        assertThat(Fd.open()).isEmpty();
    }

    @Test
    void beginAndEndPrintInOrderAndTheRunEndsAtOnce() throws SessionException {
        Trace trace = new Trace();
        int line = trace.printf("%d and %d\n", 2);
        trace.begin(b -> b.send(line, 1, 2)).end(b -> b.send(line, 3, 4));
        try (Run run = new Run(trace.spec())) {
            RunReport report = run.session.run();
            assertThat(run.text()).isEqualTo("1 and 2\n3 and 4\n\n\n");
            assertThat(run.errorText()).isEqualTo("Attached 2 probes\n");
            assertThat(report).isEqualTo(new RunReport(2, 2, 0, 0, 0, List.of(), RunReport.End.NOTHING_LEFT));
        }
    }

    @Test
    void quietSettingsDoNotTellOfProbesAndTheCallbackRunsOnceTheyAreAttached() throws SessionException {
        Trace trace = new Trace().begin(b -> {});
        StringBuilder told = new StringBuilder();
        try (Run run = new Run(trace.spec(), SessionSettings.DEFAULTS.quiet().whenAttached(() -> told.append("attached")))) {
            assertThat(told).isEmpty();
            run.session.run();
            assertThat(told).hasToString("attached");
            assertThat(run.errorText()).isEmpty();
        }
    }

    @Test
    void whatIsSentAfterExitIsDroppedUntilTheEndProbes() throws SessionException {
        Trace trace = new Trace();
        int line = trace.printf("line %d\n", 1);
        int exit = trace.exit();
        trace.begin(b -> b.send(line, 1).send(exit, 4).send(line, 2)).begin(b -> b.send(line, 3).send(exit, 5));
        trace.end(b -> b.send(line, 6)).end(b -> b.send(exit, 7).send(line, 8));
        try (Run run = new Run(trace.spec())) {
            RunReport report = run.session.run();
            assertThat(run.text()).isEqualTo("line 1\nline 6\n\n\n");
            assertThat(report.exitCode()).isEqualTo(7);
            assertThat(report.end()).isEqualTo(RunReport.End.EXIT);
        }
    }

    @Test
    void mapsAreFilledPrintedClearedAndZeroed() throws SessionException {
        Trace trace = new Trace();
        int count = trace.countMap("@c");
        int keyed = trace.keyedCountMap("@k", 1000);
        int hash = trace.hashMap("@h", 1000);
        int value = trace.valueMap("@v");
        int[] maps = {count, keyed, hash, value};
        trace.begin(b -> {
            b.count(count).count(count).put(keyed, 7, 5).put(hash, 1, 10).put(hash, 2, 5).assign(value, 3);
            for (int map : maps) {
                b.send(trace.event(8, new Action.PrintMap(map, 0, 0)));
            }
            for (int map : maps) {
                b.send(trace.event(8, new Action.ZeroMap(map))).send(trace.event(8, new Action.PrintMap(map, 0, 0)));
            }
            b.send(trace.event(8, new Action.ClearMap(hash))).send(trace.event(8, new Action.ClearMap(count)));
        });
        assertThat(Run.output(trace)).isEqualTo("@c: 2\n@k[7]: 5\n@h[2]: 5\n@h[1]: 10\n@v: 3\n@c: 0\n@k[7]: 0\n@h[1]: 0\n@h[2]: 0\n@v: 0\n"
                + "\n\n@k[7]: 0\n@v: 0\n");
    }

    @Test
    void mapsLargerThanABatchAreReadWhole() throws SessionException {
        Trace trace = new Trace();
        int hash = trace.hashMap("@h", 4096);
        for (int program = 0; program < 10; program++) {
            int base = program * 100;
            trace.begin(b -> {
                for (int i = 0; i < 100; i++) {
                    b.put(hash, base + i, base + i);
                }
            });
        }
        String[] lines = Run.output(trace).split("\n");
        assertThat(lines).hasSize(1002).startsWith("", "", "@h[0]: 0").endsWith("@h[999]: 999");
    }

    @Test
    void intervalRunsUntilItExits() throws SessionException {
        Trace trace = new Trace();
        int ticks = trace.valueMap("@ticks");
        int line = trace.printf("three\n", 0);
        int exit = trace.exit();
        trace.program(ProgramKind.PERF_EVENT, b -> b.unlessCountIs(ticks, 3).send(line).send(exit, 9), INTERVAL);
        try (Run run = new Run(trace.spec())) {
            RunReport report = run.session.run();
            assertThat(run.text()).startsWith("three\n\n\n@ticks: ");
            assertThat(run.errorText()).isEqualTo("Attached 1 probe\n");
            assertThat(report.exitCode()).isEqualTo(9);
        }
    }

    @Test
    void stopEndsARunFromAnotherThread() throws Exception {
        Trace trace = new Trace();
        int line = trace.printf("end\n", 0);
        trace.program(ProgramKind.PERF_EVENT, b -> {}, INTERVAL).end(b -> b.send(line));
        try (Run run = new Run(trace.spec())) {
            CompletableFuture<RunReport> report = run.start();
            Thread.sleep(20);
            assertThat(report).isNotDone();
            run.session.stop();
            assertThat(Run.await(report).end()).isEqualTo(RunReport.End.STOPPED);
            assertThat(run.text()).isEqualTo("end\n\n\n");
            assertThat(run.session.awaitEnd(0)).isFalse();
            run.session.close();
            assertThat(run.session.awaitEnd(0)).isTrue();
            run.session.stop();
        }
    }

    @Test
    void stopBeforeTheRunIsNotForgotten() throws SessionException {
        Trace trace = new Trace().program(ProgramKind.PERF_EVENT, b -> {}, INTERVAL);
        try (Run run = new Run(trace.spec())) {
            run.session.stop();
            assertThat(run.session.run().end()).isEqualTo(RunReport.End.STOPPED);
        }
    }

    @Test
    void signalRunsItsProbes() throws Exception {
        Trace trace = new Trace();
        int line = trace.printf("signal %d\n", 1);
        int exit = trace.exit();
        trace.self(Moment.SIGNAL, 10, b -> b.send(line, 10)).self(Moment.SIGNAL, 12, b -> b.send(line, 12).send(exit, 0));
        try (Run run = new Run(trace.spec())) {
            CompletableFuture<RunReport> report = run.start();
            run.session.signal(10);
            Thread.sleep(20);
            run.session.signal(12);
            assertThat(Run.await(report).probes()).isEqualTo(2);
            assertThat(run.text()).isEqualTo("signal 10\nsignal 12\n\n\n");
        }
    }

    @Test
    void lostEventsAreCountedAndTold() throws SessionException {
        Trace trace = new Trace(1);
        int line = trace.printf("%d\n", 1);
        for (int i = 0; i < 10; i++) {
            trace.begin(b -> {
                for (int j = 0; j < 50; j++) {
                    b.send(line, j);
                }
            });
        }
        try (Run run = new Run(trace.spec())) {
            RunReport report = run.session.run();
            // A page takes 170 records of 16 bytes with their headers of 8, less the one byte that stays free.
            assertThat(report.events()).isEqualTo(170);
            assertThat(report.lostEvents()).isEqualTo(330);
            assertThat(run.errorText()).isEqualTo("Attached 10 probes\nLost 330 events\n");
        }
    }

    @Test
    void childIsHeldUntilItsProbesAreThereAndItsEndEndsTheRun() throws Exception {
        Trace trace = new Trace();
        try (Child child = Child.start(Run.KERNEL, "/bin/sh -c 'kill -0 $$; exit 3'")) {
            int line = trace.printf("kill\n", 0);
            trace.program(ProgramKind.TRACEPOINT, b -> b.onlyPid(child.pid()).send(line), tracepoint("sys_enter_kill"));
            try (Run run = new Run(trace.spec(), SessionSettings.DEFAULTS.withChild(child))) {
                RunReport report = run.session.run();
                assertThat(report.end()).isEqualTo(RunReport.End.PROCESS_ENDED);
                assertThat(report.exitCode()).isZero();
                assertThat(run.text()).isEqualTo("kill\n\n\n");
            }
        }
    }

    private static AttachSpec tracepoint(String event) throws IOException {
        for (String root : List.of("/sys/kernel/tracing", "/sys/kernel/debug/tracing")) {
            Path id = Path.of(root, "events/syscalls", event, "id");
            if (Files.isReadable(id)) {
                return new AttachSpec.Tracepoint(0, Trace.SPAN, "syscalls", event, Long.parseLong(Files.readString(id).strip()));
            }
        }
        Run.skip("needs tracefs");
        return null;
    }

    @Test
    void childIsEndedWithTheRun() throws Exception {
        Trace trace = new Trace();
        int exit = trace.exit();
        trace.program(ProgramKind.PERF_EVENT, b -> b.send(exit, 0), INTERVAL);
        int pid;
        try (Child child = Child.start(Run.KERNEL, "sleep 60"); Run run = new Run(trace.spec(), SessionSettings.DEFAULTS.withChild(child))) {
            pid = child.pid();
            run.session.run();
            assertThat(ProcessHandle.of(pid)).isPresent();
        }
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().orTimeout(5, TimeUnit.SECONDS).join());
        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void endOfTheWatchedProcessEndsTheRun() throws Exception {
        Process process = new ProcessBuilder("sleep", "0.05").start();
        Trace trace = new Trace().program(ProgramKind.PERF_EVENT, b -> {}, INTERVAL);
        try (Run run = new Run(trace.spec(), SessionSettings.DEFAULTS.withPid((int) process.pid()))) {
            assertThat(run.session.run().end()).isEqualTo(RunReport.End.PROCESS_ENDED);
        }
    }

    @Test
    void aProcessThatIsNotThereIsToldBeforeAnythingIsLoaded() {
        Trace trace = new Trace().begin(b -> {});
        assertThatThrownBy(() -> new Run(trace.spec(), SessionSettings.DEFAULTS.withPid(999_999_999))).isInstanceOf(SessionException.class)
                .hasMessage("cannot watch process 999999999: pidfd_open: No such process (ESRCH, 3)");
    }

    @Test
    void uprobeFiresInACompiledProgram(@TempDir Path directory) throws Exception {
        Path source = Files.writeString(directory.resolve("t.c"), "__attribute__((noinline)) int probed(int x) { return x + 1; }\n"
                + "int main(int c, char **v) { int s = 0; for (int i = 0; i < 5; i++) s += probed(s); return s == 0; }\n");
        Path binary = directory.resolve("t");
        try {
            Process gcc = new ProcessBuilder("gcc", "-O0", "-no-pie", "-o", binary.toString(), source.toString()).inheritIO().start();
            assertThat(gcc.waitFor()).isZero();
        } catch (IOException e) {
            Run.skip("needs gcc");
        }
        Trace trace = new Trace();
        int count = trace.countMap("@");
        // Without PIE the text segment is mapped at 0x400000 from the start of the file.
        long offset = symbol(binary, "probed") - 0x400000;
        trace.program(ProgramKind.KPROBE, b -> b.count(count), new AttachSpec.Uprobe(0, Trace.SPAN, binary.toString(), offset, 0, false, -1));
        try (Child child = Child.start(Run.KERNEL, binary.toString()); Run run = new Run(trace.spec(), SessionSettings.DEFAULTS.withChild(child))) {
            run.session.run();
            assertThat(run.text()).isEqualTo("\n\n@: 5\n");
        }
    }

    private static long symbol(Path binary, String name) throws IOException {
        Process nm = new ProcessBuilder("nm", binary.toString()).start();
        for (String line : new String(nm.getInputStream().readAllBytes()).split("\n")) {
            if (line.endsWith(" " + name)) {
                return Long.parseLong(line.substring(0, line.indexOf(' ')), 16);
            }
        }
        throw new AssertionError("no " + name);
    }

    @Test
    void profileFiresOnEveryCpu() throws Exception {
        Trace trace = new Trace();
        int count = trace.countMap("@");
        trace.program(ProgramKind.PERF_EVENT, b -> b.count(count), new AttachSpec.Profile(0, Trace.SPAN, 1_000_000, 0, -1));
        try (Run run = new Run(trace.spec())) {
            CompletableFuture<RunReport> report = run.start();
            Thread.sleep(50);
            run.session.stop();
            Run.await(report);
            assertThat(Integer.parseInt(run.text().strip().substring(3))).isGreaterThan(10);
        }
    }

    @Test
    void commandsFilesAndTimesArePrinted(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "content\n");
        Trace trace = new Trace();
        Field number = new Field(8, Type.INT64);
        int system = trace.event(16, new Action.Run(FormatParser.of("echo run %d; echo err >&2; exit %d"), List.of(number, number)));
        int cat = trace.event(16, new Action.Cat(FormatParser.of(file.toString()), List.of()));
        int missing = trace.event(16, new Action.Cat(FormatParser.of("/nosuch"), List.of()));
        int time = trace.event(8, new Action.Time("%Y\n"));
        trace.begin(b -> b.send(system, 3).send(cat, 0).send(missing, 0).send(time));
        try (Run run = new Run(trace.spec())) {
            run.session.run();
            assertThat(run.text()).isEqualTo("run 3\nerr\n\ncontent\n" + Year.now() + "\n\n\n");
            assertThat(run.errorText()).contains("command exited with code 3: echo run 3");
            assertThat(run.errorText()).contains("failed to open file '/nosuch' (No such file or directory)");
        }
    }

    @Test
    void failedHelpersAreToldAtTheirPlaceAndCounted() throws SessionException {
        Trace trace = new Trace();
        int error = trace.event(16, new Action.HelperError("probe_read_user", new Field(8, Type.INT32)));
        int mistake = trace.event(8, new Action.RuntimeError("Divide or modulo by 0 detected."));
        trace.begin(b -> b.send(error, -14).send(mistake));
        try (Run run = new Run(trace.spec())) {
            assertThat(run.session.run().helperErrors()).isEqualTo(1);
            assertThat(run.errorText()).contains("Bad address", "helper: probe_read_user, retcode: -14", "Divide or modulo by 0 detected.");
        }
    }

    @Test
    void packetsGoToACaptureFile(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("x.pcap");
        Trace trace = new Trace();
        int capture = trace.event(32, new Action.Capture(file.toString(), new Field(8, Type.UINT64), new Field(16, new Type.Buffer(8))));
        trace.begin(b -> b.send(capture, 1_500_000_000, 0x0102_0000, 0x0304).raw(new Instruction.LoadConstant(Register.R1, 0)));
        Run.output(trace);
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize(24 + 16 + 8).startsWith(0x4d, 0x3c, 0xb2, 0xa1, 2, 0, 4, 0);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(28)).isEqualTo(500_000_000);
    }

    @Test
    void initialContentsAndTheStartTimeAreWritten() throws SessionException {
        Trace trace = new Trace();
        int start = trace.map(new MapSpec("start", MapKind.ARRAY, 4, 8, 1, MapSpec.MMAPABLE, new byte[0], Optional.empty()));
        int constant = trace.map(new MapSpec("const", MapKind.ARRAY, 4, 8, 1, MapSpec.MMAPABLE, new byte[] {42, 1}, Optional.empty()));
        int line = trace.printf("%d %ld\n", 2);
        trace.begin(b -> sendWords(b, line, constant, start));
        String[] printed = Run.output(trace).split("\\s");
        assertThat(printed[0]).isEqualTo("298");
        assertThat(Long.parseLong(printed[1])).isBetween(System.nanoTime() / 2, Long.MAX_VALUE);
    }

    private static void sendWords(Trace.Body b, int event, int first, int second) {
        b.raw(new Instruction.LoadMap(Register.R1, 0)).raw(move(Register.R2, 24)).raw(move(Register.R3, 0)).raw(new Instruction.CallHelper(131));
        Instruction.Label go = new Instruction.Label(10_000);
        b.raw(new Instruction.JumpIfImmediate(Condition.NE, true, Register.R0, 0, go)).raw(new Instruction.Exit()).raw(go);
        b.raw(new Instruction.StoreImmediate(8, Register.R0, 0, event));
        b.raw(new Instruction.LoadMapValue(Register.R1, first, 0)).raw(new Instruction.Load(8, false, Register.R2, Register.R1, 0));
        b.raw(new Instruction.Store(8, Register.R0, 8, Register.R2));
        b.raw(new Instruction.LoadMapValue(Register.R1, second, 0)).raw(new Instruction.Load(8, false, Register.R2, Register.R1, 0));
        b.raw(new Instruction.Store(8, Register.R0, 16, Register.R2));
        b.raw(new Instruction.Alu(AluOperation.MOV, true, Register.R1, Register.R0)).raw(move(Register.R2, 0));
        b.raw(new Instruction.CallHelper(132));
    }

    private static Instruction move(Register to, int value) {
        return new Instruction.AluImmediate(AluOperation.MOV, true, to, value);
    }

    @Test
    void verifierRejectionIsToldAtTheScriptsPlaceWithWhatToDo() {
        Trace trace = new Trace();
        trace.begin(b -> b.raw(new Instruction.Load(8, false, Register.R0, Register.R3, 0)));
        assertThatThrownBy(() -> new Run(trace.spec())).isInstanceOfSatisfying(SessionException.class, e -> {
            assertThat(e.diagnostics()).singleElement().satisfies(d -> {
                assertThat(d.code()).isEqualTo(DiagnosticCode.REJECTED);
                assertThat(DiagnosticPrinter.print(d, false)).startsWith("test.bt:2:1-6: ERROR: "
                        + "the kernel's verifier rejected the program: R3 !read_ok\nprobe { two; three }\n~~~~~\nHINT: ");
            });
            assertThat(e.verifierLog()).contains("R3 !read_ok");
        });
    }

    @Test
    void aProbeThatCannotBeAttachedIsAnErrorOrAWarningAsConfigured() throws SessionException {
        AttachSpec missing = new AttachSpec.RawTracepoint(0, Trace.SPAN, "no_such");
        Trace error = new Trace().begin(b -> {}).program(ProgramKind.RAW_TRACEPOINT, b -> {}, missing);
        assertThatThrownBy(() -> new Run(error.spec())).isInstanceOfSatisfying(SessionException.class, e -> {
            assertThat(e.diagnostics().getFirst().code()).isEqualTo(DiagnosticCode.NO_MATCH);
            assertThat(e.diagnostics().getFirst().hints()).anyMatch(hint -> hint.contains("'missing_probes'"));
        });
        Trace warning = new Trace().begin(b -> {}).program(ProgramKind.RAW_TRACEPOINT, b -> {}, missing).missingProbes(MissingProbes.WARN);
        try (Run run = new Run(warning.spec())) {
            assertThat(run.session.warnings()).singleElement().satisfies(d -> assertThat(d.code()).isEqualTo(DiagnosticCode.MISSING_PROBE));
            assertThat(run.session.probeCount()).isEqualTo(1);
        }
        Trace ignored = new Trace().begin(b -> {}).program(ProgramKind.RAW_TRACEPOINT, b -> {}, missing).missingProbes(MissingProbes.IGNORE);
        try (Run run = new Run(ignored.spec())) {
            assertThat(run.session.warnings()).isEmpty();
        }
        Trace nothing = new Trace().program(ProgramKind.RAW_TRACEPOINT, b -> {}, missing).missingProbes(MissingProbes.WARN);
        assertThatThrownBy(() -> new Run(nothing.spec())).isInstanceOf(SessionException.class);
    }

    @Test
    void closedOutputEndsTheRunQuietly() throws SessionException {
        Trace trace = new Trace();
        int line = trace.printf("tick\n", 0);
        trace.program(ProgramKind.PERF_EVENT, b -> b.send(line), INTERVAL).end(b -> b.send(line));
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        try (Run run = new Run(Run.KERNEL, trace.spec(), SessionSettings.DEFAULTS, closed)) {
            assertThat(run.session.run().end()).isEqualTo(RunReport.End.OUTPUT_CLOSED);
        }
    }

    @Test
    void iteratorRunsToItsEndAndNothingIsLeft() throws Exception {
        Trace trace = new Trace();
        int line = trace.printf("object\n", 0);
        int id = IteratorTarget.functionId("bpf_iter_bpf_map");
        trace.program(ProgramKind.TRACING, b -> b.send(line), new AttachSpec.Iterator(0, Trace.SPAN, "bpf_map", ""));
        try (Run run = new Run(IteratorTarget.attachedTo(trace.spec(), id))) {
            assertThat(run.session.run().end()).isEqualTo(RunReport.End.NOTHING_LEFT);
            assertThat(run.text()).startsWith("object\nobject\n");
        }
    }

    @Test
    void processesWhoseStacksLieInMapsAreRememberedWhileTheRunLasts() throws Exception {
        Trace trace = new Trace();
        Type key = new Type.Tuple(List.of(Type.INT64, new Type.Stack(false, StackMode.BPFTRACE, 127)));
        var view = new MapSpec.View("@s", Optional.of(key), Type.INT64, MapSpec.Storage.ENTRY);
        int map = trace.map(new MapSpec("AT_s", MapKind.HASH, 24, 8, 10, 0, new byte[0], Optional.of(view)));
        int ticks = trace.valueMap("@t");
        int exit = trace.exit();
        trace.begin(b -> {
            b.raw(new Instruction.StoreImmediate(8, Register.R10, -8, 1)).raw(new Instruction.StoreImmediate(8, Register.R10, -16, 4711));
            b.raw(new Instruction.StoreImmediate(8, Register.R10, -24, 99)).raw(new Instruction.StoreImmediate(8, Register.R10, -32, 5));
            b.raw(new Instruction.LoadMap(Register.R1, map)).frame(Register.R2, -32).frame(Register.R3, -8).raw(move(Register.R4, 0));
            b.raw(new Instruction.CallHelper(2));
        }).program(ProgramKind.PERF_EVENT, b -> b.unlessCountIs(ticks, 5).send(exit, 0), INTERVAL);
        Set<Integer> remembered = new TreeSet<>();
        try (Run run = new Run(trace.spec(), SessionSettings.DEFAULTS.remembering(remembered::add))) {
            run.session.run();
            assertThat(remembered).containsExactly(4711);
            assertThat(run.text()).startsWith("\n\n@s[5, \n]: 1\n");
        }
    }

    @Test
    void recordedStacksAreReadFromTheirMap() throws SessionException {
        Trace trace = new Trace();
        int stacks = trace.map(new MapSpec("stacks", MapKind.HASH, 8, 8 * 4, 10, 0, new byte[0], Optional.empty()));
        Type stack = new Type.Stack(true, StackMode.BPFTRACE, 127);
        int known = trace.event(24, new Action.PrintValue(new Field(8, stack)));
        trace.begin(b -> {
            b.raw(new Instruction.StoreImmediate(8, Register.R10, -8, 4)).raw(new Instruction.StoreImmediate(8, Register.R10, -16, 3));
            b.raw(new Instruction.StoreImmediate(8, Register.R10, -24, 2)).raw(new Instruction.StoreImmediate(8, Register.R10, -32, 2));
            b.raw(new Instruction.StoreImmediate(8, Register.R10, -40, 77)).raw(new Instruction.LoadMap(Register.R1, stacks));
            b.frame(Register.R2, -40).frame(Register.R3, -32).raw(move(Register.R4, 0)).raw(new Instruction.CallHelper(2));
            b.send(known, 77, 0).send(known, 78, 0);
        });
        assertThat(Run.output(trace)).isEqualTo("\n        0x2\n        0x3\n\n\n\n\n\n");
    }

    @Test
    void recordsOfUnknownEventsAreAFault() throws SessionException {
        Trace trace = new Trace();
        int line = trace.printf("x\n", 0);
        trace.begin(b -> b.send(line));
        var spec = trace.spec();
        var without = new TraceSpec(spec.maps(), spec.programs(), List.<EventSpec>of(), spec.sites(), spec.options());
        try (Run run = new Run(without)) {
            assertThatThrownBy(run.session::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("record of event 0");
        }
    }

    @Test
    void sessionsLeaveNoProgramsBehindWhenTheyAreKilled() throws Exception {
        assertThat(Task.pid(Run.KERNEL)).isPositive();
        KilledSession.check();
    }
}
