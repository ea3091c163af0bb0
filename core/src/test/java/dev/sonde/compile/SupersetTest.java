package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.builtins.Settings;
import dev.sonde.spec.AttachSpec;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import dev.sonde.target.TracepointFormat;
import dev.sonde.target.TracepointName;
import dev.sonde.testing.Scene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One language for all versions of bpftrace: what scripts of any time wrote means the same. One test for each difference between the versions. */
class SupersetTest {
    private static final Path SEEDS = Path.of("../../shared/seeds");

    private static String printed(String script) {
        return machine(script, BuiltinsMachine.target().build(), Map.of()).begin();
    }

    private static ScriptMachine machine(String script, Target target, Map<String, String> environment) {
        return ScriptMachine.of(script, target, Settings.DEFAULTS, BuiltinsMachine.scene(), new Parameters(List.of(), Map.of(), environment));
    }

    private static String diagnostics(String script, Target target) {
        return machine(script, target, Map.of()).diagnostics();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        // As before block scopes: an assignment in a block is seen behind it, and a branch that was not taken leaves 0.
        "if (1) { $x = 5; } print($x);⇒5", "if (pid == 0) { $x = 5; } print($x);⇒0",
                "if (pid == 0) { $s = \"a\"; } else { $s = \"b\"; } print($s);⇒b",
        "$i = 0; while ($i < 3) { $last = $i; $i++; } print($last);⇒2",
        "if (1) { if (1) { $x = 5; } print($x); }⇒5",
        // As since block scopes: siblings have variables of their own, of different types; let makes a new one.
        "if (1) { $x = 5; print($x); } if (1) { $x = \"a\"; print($x); }⇒5 a", "{ let $x = 1; print($x); } { let $x = \"b\"; print($x); }⇒1 b",
    })
    void variableLivesInTheSmallestBlockAroundItsUses(String body, String values) {
        assertThat(printed("begin { " + body + " }")).isEqualTo(values.replace(' ', '\n') + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "@m[1] = 5; delete(@m[1]); print(has_key(@m, 1));⇒false", "@m[1] = 5; delete(@m, 1); print(has_key(@m, 1));⇒false",
        "@m[1, \"a\"] = 5; delete(@m[1, \"a\"]); print(len(@m));⇒0", "@m[1, \"a\"] = 5; delete(@m, (1, \"a\")); print(len(@m));⇒0",
        "@m = 5; delete(@m); print(@m);⇒@m: 0",
    })
    void deleteTakesAnEntryOrAMapAndAKey(String body, String value) {
        assertThat(printed("begin { " + body + " }")).isEqualTo(value + "\n");
    }

    @Test
    void argumentsAreFieldsByDotAndByArrow() {
        for (String access : List.of("args.id", "args->id")) {
            var machine = machine("tracepoint:raw_syscalls:sys_enter { print(" + access + "); }", BuiltinsMachine.target().build(), Map.of());
            byte[] context = new byte[64];
            context[8] = 57;
            assertThat(machine.run(0, context)).isEqualTo("57\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"kfunc:filp_close,24", "fentry:filp_close,24", "f:filp_close,24", "kretfunc:filp_close,25", "fexit:filp_close,25",
            "fr:filp_close,25"})
    void functionProbesHaveTheirOldAndNewNames(String probe, int attachType) {
        var trace = machine(probe + " { @ = args.filp; }", BuiltinsMachine.target().build(), Map.of()).trace();
        assertThat(trace.programs().getFirst().expectedAttach()).isEqualTo(attachType);
        assertThat(machine("BEGIN { print(1); } END { print(2); }", BuiltinsMachine.target().build(), Map.of()).begin()).isEqualTo("1\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "ntop(0x0100007f)⇒127.0.0.1", "ntop(AF_INET, 0x0100007f)⇒127.0.0.1", "ntop(2, (uint8[4])0x0100007f)⇒127.0.0.1",
        "ntop(pton(\"::1\"))⇒::1", "ntop(AF_INET6, pton(\"::1\"))⇒::1",
    })
    void ntopTakesAnAddressWithOrWithoutItsFamily(String call, String text) {
        assertThat(printed("begin { print(" + call + "); }")).isEqualTo(text + "\n");
    }

    @Test
    void ntopOfZeroGivesAVariableItsType() {
        assertThat(printed("begin { $ip = ntop(0); if (pid > 5) { $ip = ntop(AF_INET6, pton(\"::2\")); } print($ip); }")).isEqualTo("::2\n");
        assertThat(printed("begin { @ip[1] = ntop(0); @ip[2] = ntop(pton(\"::2\")); print((@ip[1], @ip[2])); }")).isEqualTo("(0.0.0.0, ::2)\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "printf(\"%d\\n\", -1)⇒-1", "printf(\"%d\\n\", (uint64)-1)⇒-1", "printf(\"%u\\n\", -1)⇒4294967295", "printf(\"%x\\n\", -1)⇒ffffffff",
        "printf(\"%d\\n\", 9223372036854775807)⇒-1", "printf(\"%lld\\n\", 9223372036854775807)⇒9223372036854775807", "printf(\"%d\\n\", (int8)-5)⇒-5",
    })
    void numbersOf64BitsArePrintedAsBpftraceDoes(String call, String text) {
        assertThat(printed("begin { " + call + "; }")).isEqualTo(text + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "@m[2] = 5; print(@m[1]);⇒0", "@m[2] = \"a\"; print((@m[1], 7));⇒(, 7)", "@m[2] = (1, \"a\"); print(@m[1]);⇒(0, )",
                "@m[2] = (1, 2); print(@m[1].0);⇒0",
        "@m[2] = (1, 2); $t = @m[1]; print($t.0 + $t.1);⇒0", "@m[2] = (1, 2); if (@m[1].0) { print(1); } else { print(2); }⇒2",
        "@m[2] = count(); print((int64)@m[1]);⇒0", "@m[2] = (a = 1, b = \"x\"); print(@m[1]);⇒{ .a = 0, .b =  }",
                "@m[2] = 5; @n = @m[1] + 3; print(@n);⇒@n: 3",
    })
    void missingKeyReadsAsZeroEmptyOrATupleOfThose(String body, String value) {
        assertThat(printed("begin { " + body + " }")).isEqualTo(value + "\n");
    }

    @Test
    void includeOfAnAbsentHeaderIsNoMistakeWhileItsNamesAreKnown() {
        String headers = "#include <linux/in.h>\n#include <linux/socket.h>\n#include <net/sock.h>\n";
        assertThat(printed(headers + "begin { print((AF_INET6, IPPROTO_TCP, sizeof(struct sock))); }")).isEqualTo("(10, 6, 8)\n");
        assertThat(diagnostics(headers + "begin { print(1); }", BuiltinsMachine.target().build())).isEmpty();
    }

    @Test
    void nameThatNobodyKnowsIsAMistakeAtItsFirstUseThatNamesTheHeader() {
        assertThat(diagnostics("#include <net/nothing.h>\nbegin { print(NOTHING_KNOWN); }", BuiltinsMachine.target().build()))
                .startsWith("stdin:2:15-28: ERROR: Unknown identifier: 'NOTHING_KNOWN'").contains("net/nothing.h");
    }

    @Test
    void structThatShadowsOneOfTheKernelGetsAWarningWithBothSizes() {
        assertThat(diagnostics("struct sock { int a; int b; int c; };\nbegin { print(sizeof(struct sock)); }", BuiltinsMachine.target().build()))
                .contains("WARNING: struct sock has 12 bytes here; the running kernel's has 8");
        assertThat(diagnostics("struct sock { int family; int more; };\nbegin { print(sizeof(struct sock)); }", BuiltinsMachine.target().build()))
                .isEmpty();
    }

    @Test
    void environmentIsPutIntoAttachPointsAndPredicates() {
        Target target = BuiltinsMachine.target().binary(EveryProbe.binary("/proc/7/exe", "main")).build();
        var machine = machine("uprobe:/proc/${PROCESS}/exe:main /pid == ${PROCESS}/ { print(1); }", target, Map.of("PROCESS", "7"));
        assertThat(machine.diagnostics()).isEmpty();
        assertThat(machine.trace().programs()).hasSize(1);
        assertThat(machine("uprobe:/proc/${PROCESS}/exe:main /pid == ${OTHER}/ { print(1); }", target, Map.of()).diagnostics())
                .contains("The environment variable PROCESS is not set").contains("The environment variable OTHER is not set");
    }

    @ParameterizedTest
    @CsvSource({"isra.0", "constprop.0", "part.0", "isra.0.constprop.3"})
    void functionThatExistsOnlyAsACloneIsFoundByItsPlainName(String suffix) {
        Target target = BuiltinsMachine.target().kernelFunction("vmlinux", "tcp_rcv." + suffix, 0x9000).build();
        var machine = machine("kprobe:tcp_rcv { @ = arg0; }", target, Map.of());
        assertThat(machine.diagnostics()).contains("NOTE: tcp_rcv exists only as tcp_rcv." + suffix);
        assertThat(machine.trace().programs().getFirst().attachments().getFirst().toString()).contains("tcp_rcv." + suffix);
    }

    @ParameterizedTest
    @CsvSource({"kfree_skb", "tcp_drop"})
    void functionsThatWereInlinedAwayAttachToTheTracepointThatStandsForThem(String function) {
        Target target = BuiltinsMachine.target().tracepoint(new TracepointFormat(new TracepointName("skb", "kfree_skb"), 9,
                List.of(new TracepointFormat.Field("void *", "skbaddr", 0, 8, 8, false, TracepointFormat.Dynamic.NONE))))
                .build();
        var machine = machine("kprobe:" + function + " { print(((struct sk_buff *)arg0)->len); }", target, Map.of());
        assertThat(machine.diagnostics()).contains("NOTE: kprobe:" + function + " cannot be attached here: tracepoint:skb:kfree_skb stands for it");
        assertThat(machine.trace().programs().getFirst().attachments().getFirst()).isInstanceOf(AttachSpec.Tracepoint.class);
    }

    @Test
    void kernelWithoutKprobesSaysWhatItHasInstead() {
        Target target = BuiltinsMachine.target().without(Feature.KPROBE).build();
        assertThat(diagnostics("kprobe:vfs_read { print(1); }", target)).contains("cannot attach kprobe probes").contains("HINT: It has tracepoints");
        assertThat(diagnostics("kprobe:__x64_sys_execve { print(1); }", target)).contains("tracepoint:syscalls:sys_enter_execve");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "$found = 0; if (1) { $found = 1 == 1; } print($found);⇒1", "@f = 0; @f = pid == 5; print(@f);⇒@f: 0",
                "$p = curtask; if (!$p) { print(1); } else { print(2); }⇒2",
        "for ($i : 0..5) { print($i); if ($i == 1) { exit(); } }⇒0 1",
    })
    void whatOnlyTheNewestRefusesIsStillTaken(String body, String values) {
        assertThat(printed("begin { " + body + " }")).isEqualTo(values.replace(' ', '\n').replace(":\n", ": ") + "\n");
    }

    static Stream<Path> seeds() throws IOException {
        if (!Files.isDirectory(SEEDS)) {
            return Stream.of(SEEDS);
        }
        try (Stream<Path> files = Files.list(SEEDS)) {
            return files.filter(file -> file.toString().endsWith(".bt")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void scriptsOfTheSeedsAreCompiledForAMachineThatIsNotThisOne(Path script) throws IOException {
        Assumptions.assumeTrue(Files.isRegularFile(script), () -> "there is no " + script);
        Assumptions.assumeTrue(Files.isReadable(SeedMachine.TYPES), () -> "there is no " + SeedMachine.TYPES);
        String process = Integer.toString(SeedMachine.PROCESS);
        var parameters = new Parameters(List.of(process), Map.of(), Map.of("ENVOY_PID", process));
        var machine = ScriptMachine.of(Files.readString(script), SeedMachine.target(), Settings.DEFAULTS, new Scene(), parameters);
        assertThat(machine.diagnostics()).doesNotContain("ERROR");
        assertThat(machine.trace().programs()).hasSizeGreaterThan(4);
    }
}
