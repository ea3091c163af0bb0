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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "-e|macro m() { 1 }⇒1⇒No probes to attach",
        "-e|config = { missing_probes = ignore } tracepoint:nothing:here { print(1); }⇒1⇒No probes to attach",
        "--probe-filter|nothing|-e|test:a { 0 }⇒1⇒No probes to attach", "-e|import \"lib.bt\";⇒1⇒No probes to attach",
        "-e|test:a { 0 } bench:b { 0 }⇒255⇒ERROR: No probes attached; use --test to run test probes.",
        "--test|-e|bench:b { 0 }⇒255⇒ERROR: No probes attached; use --bench to run benchmark probes.", "--dry-run|-e|test:a { 0 }⇒0⇒''",
    })
    void scriptOfWhichNothingIsLeftToAttachSaysSo(String words, int code, String message) throws Exception {
        assumeRoot();
        Files.writeString(directory.resolve("lib.bt"), "macro m() { 1 }");
        Ended ended = run(words.replace("lib.bt", directory + "/lib.bt").split("\\|"));
        assertThat(ended.err().strip()).isEqualTo(message);
        assertThat(ended.code()).isEqualTo(code);
        assertThat(ended.out()).isEmpty();
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
    void compiledScriptRunsFromItsFileAsItDoesDirectly() throws Exception {
        assumeRoot();
        String script = "begin { printf(\"%d\\n\", 42); @a[1] = hist(5); exit() }";
        Ended directly = run("-e", script);
        String file = file("trace.sonde").toString();
        assertThat(run("--aot", file, "-e", script)).isEqualTo(new Ended(0, "", ""));
        assertThat(Path.of(file)).isExecutable();
        assertThat(run(file)).isEqualTo(directly);
        assertThat(directly.out()).startsWith("42\n").contains("@a[1]:");
        assertThat(run("-q", "-f", "json", file).out()).isEqualTo(run("-q", "-f", "json", "-e", script).out());
    }

    @Test
    void compiledScriptIsRefusedWhereItDoesNotFit() throws Exception {
        assumeRoot();
        String file = file("trace.sonde").toString();
        assertThat(run("--unsafe", "--aot", file, "-e", "BEGIN { system(\"true\"); exit() }").err()).isEmpty();
        assertThat(run(file).err()).isEqualTo("ERROR: " + file + " was compiled with --unsafe and is only run with --unsafe\n");
        assertThat(run("-p", "1", file).err()).contains("there is no -p, --pid PID");
        assertThat(run("-l", file).err()).contains("there is no -l, --list");
        assertThat(run(file, "word").err()).contains("its parameters are those that it was compiled with");
        assertThat(run("-p", "1", "--aot", file, "-e", "BEGIN { }").err()).contains("--aot cannot be used with -c and -p");
        byte[] bytes = Files.readAllBytes(Path.of(file));
        bytes[bytes.length / 2] ^= 1;
        Files.write(Path.of(file), bytes);
        assertThat(run("--unsafe", file).err()).contains("its checksum is wrong; compile the script again with --aot");
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

    @Test
    void testsAreRunAndFailWithTheirOutput() throws Exception {
        assumeRoot();
        Ended ended = run("--test", "-e", "test:good { printf(\"unseen\\n\"); @a = 3 } test:bad { printf(\"seen %d\\n\", @a); return @a } "
                + "bench:other { @b = 1 } end { printf(\"end\\n\") }");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out().replaceAll("\u001b\\[[0-9]*m", "").replaceAll("[0-9]+ (ns|μs|ms)", "T")).isEqualTo("""
                [==========] Running 2 tests.
                [ RUN      ] good
                [       OK ] good (T)
                [ RUN      ] bad
                seen 3
                [  FAILED  ] bad (T)
                [==========] 2 tests ran.
                [  PASSED  ] 1 test.
                [  FAILED  ] 1 test, listed below:
                [  FAILED  ] bad
                end


                """);
    }

    @Test
    void aTestPassesWithoutErrorsExitCodesAndResults() throws Exception {
        assumeRoot();
        Ended ended = run("--mode", "test", "-f", "json", "-e",
                "test:passes { warnf(\"w\"); return 0 } test:exits { exit(2) } test:asserts { assert(1 == 2, \"no\") } "
                + "test:errs { errorf(\"e\") } test:divides { print(1 / (uint64) @z) } begin { @z = 0 }");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out().lines().filter(line -> line.contains("\"passed\": true")).toList()).hasSize(1).first().asString()
                .contains("\"passes\"");
        assertThat(ended.out().lines().filter(line -> line.contains("\"passed\": false")).toList()).hasSize(4);
        assertThat(ended.out()).contains("assert failed: no");
        assertThat(run("--test", "-e", "test:a { } begin { }").code()).isZero();
    }

    @Test
    void benchmarksAreMeasured() throws Exception {
        assumeRoot();
        Ended ended = run("--bench", "-e", "bench:count { @ = count() } bench:fails { exit(3) } test:other { exit(1) }");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).isEqualTo("ERROR: Benchmark 'fails' failed.\n");
        assertThat(ended.out()).containsPattern("Benchmark +Time\\(ns\\) +Iterations\n-+\ncount +[0-9]+ +[0-9]+\n").doesNotContain("other");
        Ended json = run("--mode", "bench", "-f", "json", "-e", "bench:count { @ = count() }");
        assertThat(json.out()).containsPattern(
                "\\{\"type\": \"benchmark_result\", \"data\": \\{\"count\": \\{\"average\": [0-9]+, \"iters\": [0-9]+}}}");
    }

    @Test
    void probesOnDemandAreLeftOutOfATrace() throws Exception {
        assumeRoot();
        assertThat(run("-e", "begin { } test:a { exit(1) }")).isEqualTo(new Ended(0, "\n\n", "Attached 1 probe\n"));
        assertThat(run("-e", "test:a { }").code()).isEqualTo(255);
        assertThat(run("--test", "-e", "test:a { } test:a { }").err()).contains("\"a\" was used as the name for more than one TEST probe");
    }

    @Test
    void modesExcludeEachOther() throws Exception {
        assertThat(run("--test", "--bench", "-e", "begin { }").err()).startsWith("ERROR: --bench conflicts with --mode test");
        assertThat(run("--mode", "none", "-e", "begin { }").err()).startsWith("ERROR: --mode can only be");
    }

    @Test
    void anotherProcessorIsRefusedByName() throws Exception {
        ProcessBuilder builder = command("-e", "begin { }");
        builder.command().add(1, "-Dos.arch=riscv64");
        Ended ended = ended(builder.start());
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).startsWith("ERROR: sonde runs on x86-64 and arm64, and this machine is riscv64");
    }

    @Test
    void signalRunsTheSelfProbe() throws Exception {
        assumeRoot();
        ProcessBuilder builder = command("-q", "-B", "none", "-e", "self:signal:SIGUSR1 { printf(\"got\\n\"); if (++@n == 2) { exit() } }");
        builder.environment().put("__BPFTRACE_NOTIFY_PROBES_ATTACHED", "1");
        Process process = builder.start();
        for (String seen = "ATTACHED"; process.isAlive() && !text("out").contains("got\ngot"); seen = "got") {
            for (int i = 0; i < 500 && !text("out").contains(seen); i++) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            new ProcessBuilder("kill", "-USR1", Long.toString(process.pid())).redirectErrorStream(true).start().waitFor();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        Ended ended = ended(process);
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("got\ngot\n").contains("@n: 2");
    }

    @Test
    void closedOutputEndsTheTraceAsItEndsOtherCommands() throws Exception {
        assumeRoot();
        Process process = command("-q", "-B", "none", "-e", "interval:ms:1 { printf(\"line\\n\") }")
                .redirectOutput(ProcessBuilder.Redirect.PIPE).start();
        try (var out = process.getInputStream()) {
            assertThat(out.read()).isEqualTo('l');
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(141);
        assertThat(text("err")).isEmpty();
    }

    @Test
    void withoutWarningsOnlyErrorsOfARunningScriptAreTold() throws Exception {
        assumeRoot();
        Ended ended = run("-q", "--no-warnings", "-e", "begin { warnf(\"w\"); errorf(\"e\"); $z = @z; @z = 0; print(5 / $z); exit() }");
        assertThat(ended.err()).isEqualTo("stdin:1:21-32: ERROR: e\n");
        assertThat(ended.out()).startsWith("1\n");
    }

    @Test
    void probeFilterLooksAtPlacesAfterWildcardsAreExpanded() throws Exception {
        assumeRoot();
        String script = "begin { printf(\"begin\\n\") } interval:ms:1 { printf(\"one\\n\"); exit() } i:ms:10 { printf(\"ten\\n\"); exit() }";
        assertThat(run("--probe-filter", "interval:ms:1$", "-e", script)).isEqualTo(new Ended(0, "begin\none\n\n\n", "Attached 2 probes\n"));
        assertThat(run("--probe-filter", "nothing", "-e", "interval:ms:1 { }")).isEqualTo(new Ended(1, "", "No probes to attach\n"));
    }

    @Test
    void headersComeFromTheDirectoriesOfOptionsAndVariables() throws Exception {
        assumeRoot();
        Path header = Files.writeString(Files.createDirectories(directory.resolve("include")).resolve("own.h"),
                "#define OWN 7\nstruct own { char c[OWN]; };\n");
        String script = "#include <own.h>\nbegin { print(OWN + sizeof(struct own)); exit() }";
        String include = header.getParent().toString();
        assertThat(run("-q", "-I", include, "-e", script).out()).startsWith("14\n");
        assertThat(run("-q", "--include", header.toString(), "-e", "begin { print(OWN); exit() }").out()).startsWith("7\n");
        assertThat(with("CPATH", include, "-q", "-e", script).out()).startsWith("14\n");
        assertThat(with("BPFTRACE_KERNEL_SOURCE", directory.toString(), "-q", "-e", script).out()).startsWith("14\n");
        assertThat(with("BPFTRACE_KERNEL_BUILD", directory.toString(), "-q", "-e", script).out()).startsWith("14\n");
        assertThat(run("-q", "-e", script).err()).contains("Unknown identifier: 'OWN'").contains("Not on this machine: own.h");
    }

    @Test
    void kernelTypesComeFromTheFileOfAVariable() throws Exception {
        assumeRoot();
        String script = "begin { print(sizeof(struct task_struct)); exit() }";
        assertThat(with("BPFTRACE_BTF", "/nonexistent", "-q", "-e", script).code()).isEqualTo(1);
        assertThat(with("BPFTRACE_BTF", "/sys/kernel/btf/vmlinux", "-q", "-e", script).code()).isZero();
        assertThat(with("BPFTRACE_VMLINUX", "/nonexistent", "-q", "-e", script).code()).isEqualTo(1);
        assertThat(with("BPFTRACE_VMLINUX", "/sys/kernel/btf/vmlinux", "-q", "-e", script).code()).isZero();
    }

    @Test
    void kernelTypesComeFromAnElfFileThatHoldsThem() throws Exception {
        assumeRoot();
        Path types = Path.of("/sys/kernel/btf/vmlinux");
        Assumptions.assumeTrue(Files.isReadable(types) && Files.isExecutable(Path.of("/usr/bin/objcopy")), "needs BTF and objcopy");
        Path plain = Files.write(directory.resolve("plain"), Files.readAllBytes(types));
        Path vmlinux = directory.resolve("vmlinux");
        new ProcessBuilder("/usr/bin/objcopy", "-I", "binary", "-O", "elf64-little", "--rename-section", ".data=.BTF", plain.toString(),
                vmlinux.toString()).start().waitFor();
        String script = "begin { print(sizeof(struct task_struct)); exit() }";
        String size = run("-q", "-e", script).out();
        assertThat(with("BPFTRACE_VMLINUX", vmlinux.toString(), "-q", "-e", script).out()).isEqualTo(size);
        assertThat(with("BPFTRACE_VMLINUX", plain.toString(), "-q", "-e", script).out()).isEqualTo(size);
    }

    @Test
    void messagesAreColouredAsAVariableSays() throws Exception {
        assertThat(with("BPFTRACE_COLOR", "always", "-e", "begin { nosuch }").err()).contains("\u001b[31m");
        assertThat(with("BPFTRACE_COLOR", "never", "-e", "begin { nosuch }").err()).doesNotContain("\u001b");
    }

    private Ended with(String variable, String value, String... words) throws Exception {
        ProcessBuilder builder = command(words);
        builder.environment().put(variable, value);
        return ended(builder.start());
    }

    @Test
    void importsAreFoundBesideTheScript() throws Exception {
        assumeRoot();
        Files.writeString(Files.createDirectories(directory.resolve("lib")).resolve("a.bt"),
                "macro twice(x) { x * 2 }\nbegin { printf(\"first\\n\") }\n");
        Path script = Files.writeString(directory.resolve("main.bt"), "import \"lib\";\nbegin { print(twice(4)); exit() }\n");
        assertThat(run("-q", script.toString())).isEqualTo(new Ended(0, "first\n8\n\n\n", ""));
    }

    @Test
    void probesOfImportedScriptsAreListed() throws Exception {
        assumeRoot();
        Files.writeString(directory.resolve("more.bt"), "tracepoint:sched:sched_switch { @n++ }");
        Path script = Files.writeString(directory.resolve("main.bt"), "import \"more.bt\"; begin { exit() }");
        assertThat(run("-l", script.toString()).out()).contains("tracepoint:sched:sched_switch\n");
    }

    @Test
    void programsAreWrittenAsAnObjectFile() throws Exception {
        assumeRoot();
        Path object = directory.resolve("x.o");
        assertThat(run("--emit-elf", object.toString(), "--emit-llvm", directory.resolve("x").toString(), "-e",
                "begin { exit() } interval:s:1 { @++ }").code()).isZero();
        assertThat(Files.readString(directory.resolve("x.ir"))).contains("bpf_ringbuf_reserve");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/readelf")), "needs readelf");
        Process readelf = new ProcessBuilder("/usr/bin/readelf", "-aW", object.toString()).redirectErrorStream(true).start();
        String text = new String(readelf.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(text).contains("Linux BPF").contains("begin").contains("interval_s_1").doesNotContain("Error").doesNotContain("Warning");
    }

    @Test
    void compilerIsMeasured() throws Exception {
        assumeRoot();
        assertThat(run("--mode", "compiler-bench", "-e", "begin { @ = count() }").out())
                .containsPattern("parse +[0-9]+ +[0-9]+ +[0-9]+ ns\ncompile +[0-9]+ ");
    }
}
