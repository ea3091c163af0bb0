package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.builtins.Settings;
import dev.sonde.target.Feature;
import dev.sonde.target.Target;
import dev.sonde.testing.Scene;
import java.util.List;
import java.util.Map;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BuiltinsTest {
    private static final Settings UNSAFE = new Settings(Settings.DEFAULTS.options(), 1024, 4096, 1024, 1024, 32, "GPL", true, 55, -1, false, true);
    private static final Settings SHORT = new Settings(Settings.DEFAULTS.options(), 8, 4096, 1024, 1024, 32, "GPL", false, 0, -1, false, true);

    private static ScriptMachine machine(String script, Target target, Settings settings, Map<String, String> options, String... parameters) {
        return ScriptMachine.of(script, target, settings, BuiltinsMachine.scene(), new Parameters(List.of(parameters), options, Map.of()));
    }

    private static String printed(String body, String... parameters) {
        return machine("begin { " + body + " }", BuiltinsMachine.target().build(), UNSAFE, Map.of(), parameters).begin();
    }

    private static String mistakes(String script) {
        return machine(script, BuiltinsMachine.target().build(), UNSAFE, Map.of()).diagnostics();
    }

    static List<String> names() {
        return Builtins.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyEntryHasDocumentationAndAnExampleThatCompiles(String name) {
        Builtin builtin = Builtins.find(name).orElseThrow();
        assertThat(builtin.documentation()).endsWith(".");
        assertThat(builtin.signatures()).isNotEmpty().allSatisfy(signature -> assertThat(signature).contains(name));
        var compiled = machine(builtin.example(), BuiltinsMachine.target().build(), UNSAFE, Map.of());
        assertThat(compiled.diagnostics()).doesNotContain("ERROR");
        assertThat(compiled.trace().programs()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "pid⇒1234", "tid⇒1235", "pid(init)⇒1234", "tid(curr_ns)⇒1235", "uid⇒5", "gid⇒6", "username⇒5", "comm⇒worker", "comm(curtask)⇒worker",
        "pcomm⇒parent", "ppid⇒70", "leader_comm⇒leader", "leader_tid⇒1234", "ppid(curtask.group_leader)⇒70", "pcomm(curtask)⇒parent", "cpu⇒1",
                "ncpus⇒2",
        "numaid⇒3", "cgroup⇒42", "jiffies⇒77", "nsecs⇒200", "nsecs(boot)⇒200", "nsecs(monotonic)⇒100", "nsecs(tai)⇒300", "nsecs(sw_tai)⇒300",
                "cpid⇒55",
        "has_cpid⇒true", "probe⇒begin", "probetype⇒special", "curtask.tgid⇒1234", "rand == rand⇒false", "elapsed⇒200", "sizeof(pid)⇒4",
    })
    void valuesAreThoseOfTheTask(String expression, String value) {
        assertThat(printed("print(" + expression + ");")).isEqualTo(value + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "str(uptr(0x700000000000))⇒abcdefghij", "str(uptr(0x700000000000), 4)⇒abc", "str(uptr(0x700000000000), $n)⇒ab",
                "str(uptr(0x700000000000), 0)⇒''",
        "str(5)⇒5", "str(\"abc\")⇒abc", "str(\"abc\", 2)⇒ab", "str(comm, 3)⇒wo", "str(kptr(8))⇒''", "sizeof(str(kptr(0), 5))⇒6",
        "buf(\"ab\", 2)⇒ab", "buf(uptr(0x700000000002), 3)⇒cde", "buf(uptr(0x700000000000), $n)⇒abc", "buf((int8[2])\"a\")⇒a\\x00",
        "strlen(\"abc\")⇒3", "strlen(comm)⇒6", "strlen(str(uptr(0x700000000000)))⇒10", "strlen((char *)uptr(0x700000000000))⇒10",
                "strlen((int8[3])\"ab\")⇒2",
        "strcap(\"abc\")⇒4", "strcap(comm)⇒16", "strcap((char *)uptr(0x700000000000))⇒10", "default_str_length⇒1024",
        "strcontains(\"abc\", \"b\")⇒true", "strcontains(\"abc\", \"x\")⇒false", "strcontains(\"\", \"\")⇒true", "strcontains(comm, \"ork\")⇒true",
        "strstr(\"aab\", \"ab\")⇒1", "strstr(\"abc\", \"\")⇒0", "strstr(\"\", \"a\")⇒-2", "strstr(str(uptr(0x700000000000)), \"hij\")⇒7",
        "strstr(str(uptr(0x700000000000)), \"hik\")⇒-2", "strstr(comm, comm)⇒0", "strstr(\"ab\", comm)⇒-2",
        "str_concat(\"abc\", \"x\")⇒abcx", "str_concat(comm, comm)⇒workerworker", "str_concat(str(uptr(0x700000000000)), \"!\")⇒abcdefghij!",
        "memcmp(\"abc\", \"abd\", 2)⇒0", "memcmp(\"abc\", \"abd\", 3)⇒-1", "memcmp((uint64)300, (uint64)5, 8)⇒39", "memcmp(\"\\xff\", \"a\", 1)⇒-98",
        "memcmp((char *)uptr(0x700000000000), \"abd\", $n)⇒-1", "memcmp(\"ab\", \"ab\", 0)⇒0",
        "strncmp(\"abc\", \"abd\", 2)⇒0", "strncmp(\"abc\", \"abd\", 3)⇒1", "strncmp(\"abc\", \"abc\", 30)⇒0", "strncmp(\"a\", \"abc\", 2)⇒1",
                "strncmp(\"a\", \"b\", 0)⇒0",
        "strerror(2)⇒No such file or directory", "strerror(-2)⇒No such file or directory", "strerror($n)⇒No such process",
                "strerror(-$n)⇒No such process",
        "strerror(9999)⇒Unknown error", "strerror($n + 9999)⇒Unknown error", "strerror(41)⇒Unknown error", "signal_name(9)⇒Killed",
                "signal_name($n)⇒Quit",
        "signal_name(0)⇒Unknown signal 0", "signal_name(34)⇒Real-time signal 0", "signal_name(65)⇒N/A", "signal_name(-$n)⇒N/A",
                "syscall_name(1)⇒write",
        "syscall_name($n)⇒close", "syscall_name(469)⇒file_setattr", "syscall_name(400)⇒Unknown syscall", "syscall_name($n + 9999)⇒Unknown syscall",
    })
    void stringFunctionsGiveTheirValues(String expression, String value) {
        assertThat(printed("$n = (int64)3; print(" + expression + ");")).isEqualTo(value + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "ntop(0x0100007f)⇒127.0.0.1", "ntop(2, 16777343)⇒127.0.0.1", "ntop(10, 1)⇒100::", "ntop(pton(\"fe80::1:2\"))⇒fe80::1:2",
                "pton(\"1.2.3.4\")⇒[1,2,3,4]",
        "pton(\"::ffff:1.2.3.4\")⇒[0,0,0,0,0,0,0,0,0,0,255,255,1,2,3,4]", "pton(\"1.2.3.4\")[3]⇒4", "macaddr((uint8[6])\"abcde\")⇒61:62:63:64:65:00",
        "macaddr(uptr(0x700000000000))⇒61:62:63:64:65:66", "bswap((uint16)0x1234)⇒13330", "bswap((int32)0x12345678)⇒2018915346", "bswap(-2)⇒254",
        "sizeof(bswap((int32)1))⇒4", "kaddr(\"vfs_read\")⇒4096", "cgroupid(\"/sys/fs/cgroup/a\")⇒99", "percpu_kaddr(\"process_counts\")⇒0x20500",
        "percpu_kaddr(\"process_counts\", 0)⇒0x10500", "percpu_kaddr(\"process_counts\", 2)⇒(nil)",
        "kfunc_exist(\"vfs_read\")⇒true", "kfunc_exist(\"nope\")⇒false", "kfunc_allowed(\"vfs_read\")⇒false",
                "kfunc_allowed(\"bpf_task_from_pid\")⇒true",
        "ksym(5)⇒0x5", "usym(5)⇒0x5", "cgroup_path(42)⇒42", "strftime(\"%s\", 5000000000)⇒5",
    })
    void addressFunctionsGiveTheirValues(String expression, String value) {
        assertThat(printed("print(" + expression + ");").replace("0x0\n", "(nil)\n")).isEqualTo(value + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "is_ptr(curtask)⇒true", "is_ptr(5)⇒false", "is_str(comm)⇒true", "is_str(probe)⇒true", "is_str(5)⇒false", "is_array((int8[2])\"a\")⇒true",
        "is_array(comm)⇒false", "is_integer(5)⇒true", "is_integer(true)⇒false", "is_integer(curtask)⇒false", "is_unsigned_integer(pid)⇒true",
        "is_unsigned_integer(5)⇒false", "is_literal(5)⇒true", "is_literal(1 + 1)⇒true", "is_literal(\"a\")⇒true", "is_literal($1)⇒true",
                "is_literal(pid)⇒false",
        "is_literal(str($1))⇒true", "is_err(0)⇒false", "is_err(-4095)⇒true", "is_err(-4096)⇒false", "is_err((uint32)0xffffffff)⇒false",
                "is_err(curtask)⇒false",
        "typeinfo(pid)⇒{ .btf_id = 0, .base_type = int, .full_type = uint32 }", "typeinfo(comm).full_type⇒string[16]",
        "typeinfo(struct task_struct).base_type⇒c_type", "typeinfo(curtask).full_type⇒struct task_struct *", "typeinfo(1) == typeinfo(2)⇒true",
        "typeinfo(kstack).full_type⇒kstack_bpftrace_127", "typeinfo(1).base_type == \"int\"⇒true",
        "container_of(kptr(1040), struct task_struct, comm)⇒0x400", "container_of(1040, typeof(struct task_struct), pid)⇒0x410",
        "offsetof(struct task_struct, real_parent)⇒32", "offsetof(curtask, comm)⇒16", "config.max_strlen⇒1024", "config.license⇒GPL",
                "config.cpp_demangle⇒true",
        "getopt(\"a\")⇒false", "getopt(\"a\", 5)⇒5", "getopt(\"a\", \"x\")⇒x", "getopt(\"a\", true)⇒true", "getopt(\"a\", -5)⇒-5",
    })
    void questionsAboutTypesAndSettingsAreAnswered(String expression, String value) {
        assertThat(printed("print(" + expression + ");")).isEqualTo(value + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "if comptime (is_str(comm)) { print(1); } else { fail(\"no string\"); }⇒1", "if comptime (sizeof(pid) == 8) { fail(\"8\"); } print(2);⇒2",
        "$x = if comptime (typeinfo(pid).base_type == \"string\") { fail(\"x\") } else { 7 }; print($x);⇒7",
                "static_assert(sizeof(pid) == 4, \"x\"); print(3);⇒3",
        "if comptime (config.max_strlen > 5) { print(4); }⇒4", "unroll(getopt(\"n\", 1)) { print(5); }⇒5",
                "assert(pid == 1234, \"other\"); print(6);⇒6",
        "if comptime (ncpus == 2 && !is_ptr(pid)) { print(8); }⇒8",
    })
    void branchesAreDecidedWhenTheScriptIsCompiled(String body, String value) {
        assertThat(printed(body)).isEqualTo(value + "\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "@a[1] = 5; print(find(@a, 1, $v)); print($v);⇒true 5", "@a[1] = 5; print(find(@a, 2, $v)); print($v);⇒false 0",
        "@a[1] = 5; let $v; if (find(@a, 1, $v)) { print($v + 1); }⇒6", "@a[\"k\"] = \"abc\"; if (find(@a, \"k\", $v)) { print($v); }⇒abc",
        "@a[1, 2] = count(); print(find(@a, (1, 2), $v)); print($v);⇒true 1", "@a[1] = 5; @a[2] = 6; print(len(@a));⇒2", "print(len(kstack(0)));⇒0",
        "@a[1] = 5; print(delete(@a, 1)); print(delete(@a, 1)); print(has_key(@a, 1));⇒true false false", "@a = 5; delete(@a); print(@a);⇒@a: 0",
        "@a[1] = 5; print(has_key(@a[1]));⇒true",
    })
    void mapFunctionsActOnEntries(String body, String values) {
        assertThat(printed(body)).isEqualTo(values.replace(" ", "\n").replace(":\n", ": ") + "\n");
    }

    @ParameterizedTest
    @CsvSource({"abcdefg,abcdefg", "abcdefgh,abcdefgh..", "abcdefghij,abcdefgh..", "abc,abc"})
    void aStringThatFillsItsPlaceKeepsItsLastByte(String text, String shown) {
        Scene scene = BuiltinsMachine.scene().user(0x6000_0000_0000L, text);
        var script = "begin { print(str(uptr(0x600000000000))); @a = str(uptr(0x600000000000)); $s = str(uptr(0x600000000000)); "
                + "print($s); print(@a); }";
        var machine = ScriptMachine.of(script, BuiltinsMachine.target().build(), SHORT, scene, new Parameters(List.of(), Map.of(), Map.of()));
        assertThat(machine.begin()).isEqualTo(shown + "\n" + shown + "\n@a: " + shown + "\n");
    }

    @Test
    void pidsAreThoseOfTheNamespaceOfThisProcess() {
        Target target = BuiltinsMachine.target().pidNamespace(4, 4026532000L).build();
        Scene scene = BuiltinsMachine.scene().pidNamespace(4, 4026532000L, 12, 13);
        var machine = ScriptMachine.of("begin { print((pid, tid, pid(curr_ns), pid(init), tid(init))); }", target, scene);
        assertThat(machine.begin()).isEqualTo("(12, 13, 12, 1234, 1235)\n");
    }

    @Test
    void optionsOfTheScriptHaveTheirValues() {
        var given = Map.of("a", "0x10", "b", "hey", "c", "", "d", "false");
        assertThat(machine("begin { print((getopt(\"a\", 5), getopt(\"b\", \"x\"), getopt(\"c\"), getopt(\"d\", true))); }",
                BuiltinsMachine.target().build(),
                Settings.DEFAULTS, given).begin()).isEqualTo("(16, hey, true, false)\n");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "⇒", value = {
        "a=x⇒program command line option --a invalid integer (value: x)", "a=⇒program command line option --a expects an integer (value: true)",
        "c=foo⇒program command line option --c expects a boolean (e.g. 'true') (value: foo)", "e=1⇒unexpected program command line options: --e",
    })
    void optionsThatDoNotFitAreMistakes(String option, String message) {
        var given = Map.of(option.substring(0, 1), option.substring(2));
        assertThat(machine("begin { print((getopt(\"a\", 5), getopt(\"c\"))); }", BuiltinsMachine.target().build(), Settings.DEFAULTS,
                given).diagnostics())
                .contains("ERROR: " + message);
    }

    @Test
    void aTimeIsShownByTheClockItWasReadFrom() {
        assertThat(mistakes("begin { $t = nsecs(monotonic); print(strftime(\"%H\", $t)); }"))
                .startsWith("stdin:1:38-56: ERROR: strftime() can not take a monotonic timestamp");
        assertThat(mistakes("begin { @t[1] = nsecs(monotonic); print(strftime(\"%H\", @t[1])); }")).contains("can not take a monotonic timestamp");
        assertThat(mistakes("begin { $t = nsecs(tai) - 1; print(strftime(\"%H\", $t)); print(strftime(\"%H\", nsecs)); }")).isEmpty();
    }

    @Test
    void debugPrintsGoToTheKernelsTrace() {
        var compiled = machine("begin { debugf(\"%d%% %s %x\\n\", 5, comm, pid); }", BuiltinsMachine.target().build(), Settings.DEFAULTS, Map.of());
        compiled.begin();
        assertThat(compiled.kernelPrints()).singleElement().satisfies(print -> {
            assertThat(print.format()).isEqualTo("%lld%% %s %llx\n");
            assertThat(print.arguments().get(0)).isEqualTo(5);
            assertThat(print.arguments().get(2)).isEqualTo(1234);
        });
    }

    @Test
    void signalsAreSentByNameAndNumber() {
        var compiled = machine("tracepoint:raw_syscalls:sys_enter { signal(\"KILL\"); signal_thread(10); }", BuiltinsMachine.target().build(),
                UNSAFE, Map.of());
        compiled.run(0, new byte[64]);
        assertThat(compiled.signals()).extracting("number", "thread").containsExactly(Tuple.tuple(9, false),
                Tuple.tuple(10, true));
    }

    @Test
    void commOfAnotherThreadIsReadInTracingProgramsOnly() {
        assertThat(mistakes("begin { print(comm(1)); }")).contains("Syntax comm(PID) is not supported in this probe type yet. Type: begin");
        assertThat(mistakes("fentry:filp_close { print(comm(1)); }")).isEmpty();
    }

    @Test
    void whatTheKernelDoesNotHaveIsRefusedByName() {
        Target bare = BuiltinsMachine.target().without(Feature.PROBE_WRITE_USER).without(Feature.OVERRIDE_RETURN).without(Feature.MAY_GOTO).build();
        assertThat(machine("uprobe:/bin/true:main { write_user(arg0, \"a\", 1); }", bare, UNSAFE, Map.of()).diagnostics())
                .contains("write_user() needs bpf_probe_write_user, which this kernel does not have");
        assertThat(machine("kprobe:__x64_sys_getuid { override(1); }", bare, UNSAFE, Map.of()).diagnostics())
                .contains("override() needs bpf_override_return, which this kernel does not have");
        assertThat(machine("begin { print(strstr(str($1), str(kptr(0)))); print(strstr(str(kptr(0)), str(kptr(0)))); }", bare, UNSAFE,
                Map.of()).diagnostics())
                .contains("needs the may_goto instruction (Linux 6.9)");
        assertThat(machine("begin { print(dw_ustack); }", BuiltinsMachine.target().without(Feature.TASK_PT_REGS).build(), UNSAFE, Map.of())
                .diagnostics())
                .contains("the registers of the user program cannot be had here before kernel 5.15");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void usesThatCannotBeAreRefused(String script, String place, String message) {
        assertThat(mistakes(script)).contains("stdin:1:" + place + ": ERROR: " + message);
    }

    static List<Object[]> refused() {
        return BuiltinMistakes.ALL;
    }
}
