package dev.sonde.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.sidebyside.Case;
import dev.sonde.sidebyside.Case.Directive;
import dev.sonde.sidebyside.Outcome;
import dev.sonde.sidebyside.Requirements;
import dev.sonde.sidebyside.TracerCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scripts derived from the grammar, given to a bpftrace that {@code fuzz.peer} names, too: what it accepts is compiled, and what the script prints is
 * the same. Without that property both are skipped. {@code fuzz.seconds} and {@code fuzz.seed} count as in {@link FuzzTest}.
 */
class PeerTest {
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 30);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    /** What tells of the moment, of the process or of the kernel, and what one of the two does on purpose. */
    private static final Pattern VARYING = Pattern.compile("\\b(nsecs|elapsed|jiffies|pid|tid|comm|pcomm|cpu|rand|curtask|cgroup|kstack|ustack"
            + "|dw_ustack|time|strftime|kaddr|ksym|usym|numaid|ppid|leader_comm|leader_tid|cat|system|errorf|warnf|tseries|probe|stats|config|args"
            + "|username|cgroup_path|usermode|typeinfo|debugf|signal|assert|ctx|sizeof)\\b");

    /** What Sonde refuses on purpose. */
    private static final String REFUSED = "Undefined map: _";

    @TempDir
    Path directory;
    private TracerCommand peer;
    private int scripts;
    private int asked;
    private int accepted;

    @BeforeEach
    void findPeer() {
        String command = System.getProperty("fuzz.peer");
        if (command == null) {
            System.out.println("skipped: -Dfuzz.peer=COMMAND names the bpftrace that is asked");
        }
        Assumptions.assumeTrue(command != null);
        Requirements.root();
        peer = new TracerCommand(List.of(command.split(" ")));
    }

    @Test
    void whatThePeerAcceptsIsCompiled() {
        Map<String, String> refused = new TreeMap<>();
        try (var oracle = new FrontEnd()) {
            each(random -> {
                var generator = new ScriptGenerator(new Choices(new byte[0], random));
                String script = random.nextInt(4) == 0 ? generator.script() : generator.small(2);
                String mistake = mistake(oracle, script);
                if (!mistake.isEmpty() && !mistake.equals(REFUSED) && !refused.containsKey(mistake) && accepts(script)) {
                    refused.put(mistake, new Reducer(text -> mistake(oracle, text).equals(mistake) && accepts(text)).reduce(script));
                }
            });
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void whatThePeerPrintsIsPrinted() {
        var sonde = new TracerCommand(List.of(System.getProperty("fuzz.sonde", "sonde").split(" ")));
        Map<String, String> different = new TreeMap<>();
        each(random -> {
            String script = new ScriptGenerator(new Choices(new byte[0], random)).small(3);
            Predicate<String> differs = text -> !VARYING.matcher(text).find() && differs(sonde, text);
            if (!VARYING.matcher(script).find() && accepts(script) && differs.test(script)) {
                String small = new Reducer(differs).reduce(script);
                different.put(small, "peer: " + printed(peer, small) + "\nours: " + printed(sonde, small));
            }
        });
        assertThat(different).isEmpty();
    }

    private void each(Consumer<Random> step) {
        var random = new Random(SEED);
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        for (; System.nanoTime() < end; scripts++) {
            step.accept(random);
        }
        System.out.println("fuzz: seed " + SEED + ", " + scripts + " scripts, " + asked + " runs, " + accepted + " accepted");
    }

    /** The kind of the first mistake that keeps {@code script} from being compiled; empty when it is compiled. */
    private static String mistake(Oracle oracle, String script) {
        Verdict verdict = oracle.judge(script);
        if (verdict.reached() == Verdict.Stage.COMPILED) {
            return verdict.bug();
        }
        return verdict.detail().lines().filter(line -> line.contains("ERROR: ")).findFirst().orElse("")
                .replaceAll("^.*ERROR: ", "").replaceAll("'[^']*'|[@$]\\w+", "_").replaceAll("[0-9]+", "N");
    }

    private boolean accepts(String script) {
        boolean accepts = run(peer, script, "--dry-run").exitCode() == 0;
        accepted += accepts ? 1 : 0;
        return accepts;
    }

    private boolean differs(TracerCommand sonde, String script) {
        Outcome theirs = run(peer, script);
        Outcome ours = run(sonde, script);
        boolean refused = ours.exitCode() == 1 && ours.output().isEmpty();
        return theirs.exitCode() == 0 && !refused && !printed(theirs).equals(printed(ours));
    }

    private String printed(TracerCommand tracer, String script) {
        return printed(run(tracer, script));
    }

    private static String printed(Outcome outcome) {
        return outcome.exitCode() + "\n" + outcome.output();
    }

    private Outcome run(TracerCommand tracer, String script, String... options) {
        asked++;
        try {
            var one = new Case("fuzz", script, Map.of(Directive.RUN, List.of(options), Directive.PARAMS, List.of("3 text 0x10")));
            return tracer.run(one, false, directory.resolve("program"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
