package dev.sonde.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.builtins.ConfigItem;
import dev.sonde.compile.AnyMachine;
import dev.sonde.probes.ProbeKind;
import dev.sonde.probes.ProbeKinds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of the reference are run: those of begin probes to their end, the others until they are attached. What this kernel cannot attach is
 * compiled for a machine that can.
 */
class ReferenceExamplesTest {
    @TempDir
    Path directory;

    @TestFactory
    List<DynamicTest> examplesOfBuiltinsRun() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Builtin builtin : Builtins.all()) {
            tests.add(DynamicTest.dynamicTest(builtin.name(), () -> check(builtin.example())));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> examplesOfProbesRun() {
        List<DynamicTest> tests = new ArrayList<>();
        for (ProbeKind kind : ProbeKinds.all()) {
            tests.add(DynamicTest.dynamicTest(kind.name(), () -> check(kind.example())));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> defaultsOfConfigItemsAreValuesThatTheyTake() {
        List<DynamicTest> tests = new ArrayList<>();
        for (ConfigItem item : ConfigItem.values()) {
            String value = item.initial().matches("\\d+|\\w+") ? item.initial() : "\"" + item.initial() + "\"";
            tests.add(DynamicTest.dynamicTest(item.key(), () -> check("config = { " + item.key() + " = " + value + " }\nbegin { exit() }")));
        }
        return tests;
    }

    private void check(String script) throws Exception {
        Requirements.root();
        boolean begins = script.startsWith("begin") && !script.contains("} interval") || script.startsWith("config");
        List<String> options = begins ? List.of("--unsafe") : List.of("--unsafe --dry-run");
        Outcome outcome = new SondeHere().run(new Case("example", script, Map.of(Case.Directive.RUN, options)), false, directory.resolve("program"));
        if (outcome.exitCode() != 0) {
            System.out.println("not run here, but compiled: " + script + "\n  " + outcome.errors().lines().findFirst().orElse(""));
            assertThat(AnyMachine.errors(script)).isEmpty();
        }
    }
}
