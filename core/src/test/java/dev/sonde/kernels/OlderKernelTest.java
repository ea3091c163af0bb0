package dev.sonde.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.sidebyside.Case;
import dev.sonde.sidebyside.Case.Directive;
import dev.sonde.sidebyside.Outcome;
import dev.sonde.sidebyside.Requirements;
import dev.sonde.sidebyside.SondeHere;
import dev.sonde.sidebyside.TracedProgram;
import dev.sonde.sys.Bpf;
import dev.sonde.sys.BpfLink;
import dev.sonde.sys.Errno;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.sys.Syscall;
import dev.sonde.target.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scripts print the same where a feature is missing. It is missing in two ways: whoever asks for it is told no, and the system call that would use it
 * is refused as kernels refuse what they do not know.
 */
class OlderKernelTest {
    @TempDir
    static Path directory;
    private static Path program;

    /**
     * A kernel that is less than this one.
     *
     * @param denied what it says it does not have
     * @param refused system calls that it does not know
     * @param scripts names of side-by-side scripts that would use what is missing
     */
    private record Older(String name, Set<Feature> denied, Predicate<Syscall> refused, List<String> scripts) {
        Kernel kernel() {
            Kernel here = LinuxKernel.open();
            return call -> refused.test(call) ? -Errno.EINVAL.number() : here.invoke(call);
        }
    }

    private static final List<String> PAIRS = List.of("uprobe-pairs", "uprobe-maps", "several-points");
    private static final List<String> USER = List.of("uprobe-wildcard", "uprobe-maps", "uprobe-pairs", "uretprobe-retval", "several-points",
            "two-probes-maps");
    private static final List<String> LOOPS = List.of("for-range", "for-range-return", "while", "strings-search", "string-compare",
            "strings", "scopes", "unroll");
    private static final List<String> MAPS = List.of("maps-scalars", "maps-keys", "maps-order", "hist", "lhist", "count", "print-values");
    private static final List<String> AGGREGATIONS = List.of("count", "sum-min-max", "avg-stats", "profile", "for-map", "nested-loops-maps");
    private static final List<String> EVENTS = List.of("profile", "software", "interval", "tracepoint-args", "tracepoint-sched", "child-predicates");

    private static List<Older> all() {
        Predicate<Syscall> multi = call -> call instanceof BpfLink.UprobeMulti;
        Predicate<Syscall> sessions = call -> call instanceof BpfLink.UprobeMulti link && link.session();
        Predicate<Syscall> links = call -> call instanceof BpfLink.OnPerfEvent;
        Predicate<Syscall> cookies = call -> call instanceof BpfLink.RawTracepoint link && link.cookie() != 0;
        Predicate<Syscall> longKeys = call -> call instanceof Bpf.MapCreate map && map.keySize() > 512;
        Predicate<Syscall> batches = call -> call instanceof Bpf.MapLookupBatch;
        return List.of(
                new Older("no uprobe_multi links", EnumSet.of(Feature.UPROBE_MULTI, Feature.UPROBE_SESSION), multi, USER),
                new Older("no uprobe sessions", EnumSet.of(Feature.UPROBE_SESSION), sessions, PAIRS),
                new Older("no links of perf events", EnumSet.of(Feature.PERF_LINK, Feature.ATTACH_COOKIE, Feature.UPROBE_MULTI),
                        multi.or(links), both(USER, EVENTS)),
                new Older("no cookies", EnumSet.of(Feature.ATTACH_COOKIE, Feature.RAW_TRACEPOINT_COOKIE, Feature.UPROBE_MULTI), multi.or(cookies),
                        both(USER, List.of("rawtracepoint", "tracepoint-wildcard", "tracepoint-raw-syscalls"))),
                new Older("no may_goto", EnumSet.of(Feature.MAY_GOTO), _ -> false, LOOPS),
                new Older("neither may_goto nor bpf_loop", EnumSet.of(Feature.MAY_GOTO, Feature.BPF_LOOP), _ -> false, LOOPS),
                new Older("no long keys", EnumSet.of(Feature.LONG_KEYS), longKeys, List.of("uprobe-strings", "child-processes", "maps-keys")),
                new Older("no batches of map entries", Set.of(), batches, MAPS),
                new Older("no look at other CPUs' values", EnumSet.of(Feature.MAP_LOOKUP_PERCPU), _ -> false, AGGREGATIONS),
                new Older("nothing after Linux 5.10", newerThan510(), multi.or(links).or(cookies).or(batches).or(longKeys),
                        both(both(USER, EVENTS), both(LOOPS, MAPS))));
    }

    private static List<String> both(List<String> a, List<String> b) {
        List<String> both = new ArrayList<>(a);
        b.stream().filter(name -> !a.contains(name)).forEach(both::add);
        return both;
    }

    private static Set<Feature> newerThan510() {
        Set<Feature> newer = EnumSet.noneOf(Feature.class);
        for (Feature feature : Feature.values()) {
            String[] since = feature.since().split("\\.");
            if (Integer.parseInt(since[0]) > 5 || Integer.parseInt(since[0]) == 5 && Integer.parseInt(since[1]) > 10) {
                newer.add(feature);
            }
        }
        return newer;
    }

    @BeforeAll
    static void compileTheProgram() throws InterruptedException {
        program = TracedProgram.compile(directory);
    }

    @TestFactory
    List<DynamicNode> scripts() {
        List<DynamicNode> nodes = new ArrayList<>();
        for (Older older : all()) {
            var sonde = new SondeHere(older.kernel(), older.denied);
            nodes.add(DynamicContainer.dynamicContainer(older.name, older.scripts.stream()
                    .map(name -> DynamicTest.dynamicTest(name, () -> compare(Case.read(Case.DIRECTORY.resolve(name + ".bt")), sonde)))));
        }
        return nodes;
    }

    @Test
    void loopsOverMapsSayWhichKernelHasThem() throws IOException {
        Requirements.root();
        var sonde = new SondeHere(LinuxKernel.open(), Set.of(Feature.FOR_EACH_MAP_ELEMENT));
        var script = new Case("loop", "begin { @a[1] = 2; for ($kv : @a) { print($kv) } print(len(@a)) }", Map.of());
        Outcome outcome = sonde.run(script, false, program);
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.errors()).contains("A loop over a map needs bpf_for_each_map_elem (Linux 5.13)",
                "len() of a map needs bpf_for_each_map_elem");
    }

    @Test
    void loopsThatNobodyBoundsEndAfterSoManyRoundsAndSaySo() throws IOException {
        Requirements.root();
        var sonde = new SondeHere(LinuxKernel.open(), Set.of(Feature.MAY_GOTO, Feature.BPF_LOOP));
        String text = "begin { $n = 0; for ($i : 0..(nsecs % 100 + 5)) { $n++ } print($n >= 5); $k = 0; while ($k < 3000) { $k++ } print($k) }";
        Outcome outcome = sonde.run(new Case("loop", text, Map.of()), false, program);
        assertThat(outcome.output()).startsWith("true\n2000\n");
        assertThat(outcome.errors()).contains("This loop was ended after 2000 rounds: longer ones need Linux 5.17");
        assertThat(outcome.exitCode()).isZero();
    }

    private static void compare(Case script, SondeHere sonde) throws IOException {
        Requirements.check(script.all(Directive.REQUIRES), program);
        Outcome outcome = sonde.run(script, false, program);
        String text = script.comparison().form(outcome).replace(program.toString(), Case.PROGRAM).replace(directory + "/", "");
        assertThat(outcome.exitCode()).as(() -> "exit code; messages:\n" + outcome.errors() + Arrays.asList(text)).isEqualTo(script.exitCode());
        assertThat(text).isEqualTo(Files.readString(script.record(false)));
    }
}
