package dev.sonde.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.sidebyside.Case.Directive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every script of the corpus prints what bpftrace prints. */
class SideBySideTest {
    private static final boolean UPDATE = System.getProperty("update") != null;

    @TempDir
    static Path directory;
    private static Path program;
    private static Optional<TracerCommand> peer = Optional.empty();
    private final SondeHere here = new SondeHere();

    @BeforeAll
    static void compileTheProgramAndFindThePeer() throws IOException, InterruptedException {
        program = TracedProgram.compile(directory);
        peer = TracerCommand.peer(directory);
        System.out.println(peer.map(p -> "beside " + p.command()).orElse("no bpftrace of 0.24 or newer (SONDE_PEER): compared with its records"));
    }

    @TestFactory
    List<DynamicTest> scripts() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        String wanted = System.getProperty("sidebyside", "");
        try (Stream<Path> files = Files.list(Case.DIRECTORY)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".bt")).sorted().toList()) {
                Case script = Case.read(file);
                if (script.name().contains(wanted)) {
                    tests.add(DynamicTest.dynamicTest(script.name(), () -> compare(script, false)));
                    if (!script.one(Directive.JSON, "yes").equals("no")) {
                        tests.add(DynamicTest.dynamicTest(script.name() + " as JSON", () -> compare(script, true)));
                    }
                }
            }
        }
        return tests;
    }

    private void compare(Case script, boolean json) throws IOException, InterruptedException {
        Requirements.check(script.all(Directive.REQUIRES), program);
        if (UPDATE) {
            update(script, json);
        }
        String record = Files.exists(script.record(json)) ? Files.readString(script.record(json)) : "";
        if (!script.says(Directive.DECIDED) && peer.isPresent()) {
            String expected = form("bpftrace", script, peer.get().run(script, json, program));
            assertThat(record).as("the record of " + script.name()).isEqualTo(expected);
        }
        assertThat(form("Sonde", script, tracer(script).run(script, json, program))).as(script.name()).isEqualTo(record);
    }

    private Tracer tracer(Case script) {
        return script.says(Directive.PROCESS) || script.says(Directive.ENV) ? TracerCommand.sonde() : here;
    }

    private void update(Case script, boolean json) throws IOException, InterruptedException {
        Assumptions.assumeTrue(peer.isPresent() || script.says(Directive.DECIDED), "only a bpftrace can make records");
        Tracer tracer = script.says(Directive.DECIDED) ? tracer(script) : peer.get();
        Files.writeString(script.record(json), form("record", script, tracer.run(script, json, program)));
    }

    private static String form(String who, Case script, Outcome outcome) {
        String text = script.comparison().form(outcome).replace(program.toString(), Case.PROGRAM).replace(directory + "/", "");
        assertThat(outcome.exitCode()).as("exit code of " + who + "; messages:\n" + outcome.errors() + text).isEqualTo(script.exitCode());
        return text;
    }
}
