package dev.sonde.fuzz;

import dev.sonde.fuzz.Verdict.Stage;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Makes scripts, has each judged, keeps those that reach something new to make more of them, and gathers the bugs. */
final class Fuzzer implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    /** The kernel takes up to twenty seconds over a program before it says that it is too complex. */
    private static final int LONGEST_SECONDS = 60;
    private static final int LONGEST_SCRIPT = 20_000;

    private final Oracle oracle;
    private final Corpus corpus;
    private final Random random;
    private final Mutator mutator;
    private final Edges edges = new Edges();
    private final Map<Stage, Integer> reached = new EnumMap<>(Stage.class);
    private final Map<Stage, Integer> reachedByDerived = new EnumMap<>(Stage.class);
    private final Map<String, Bug> bugs = new LinkedHashMap<>();
    private final BiConsumer<Bug, Fuzzer> found;
    private Thread thread;
    private ExecutorService worker = worker();
    private int scripts;
    private int programs;
    private int stuck;

    /** A script that shows a bug, as small as it was made. */
    record Bug(String name, String script, String detail) {}

    /** Bugs are told to {@code found} when they are found. */
    Fuzzer(Oracle oracle, Corpus corpus, long seed, BiConsumer<Bug, Fuzzer> found) {
        this.oracle = oracle;
        this.corpus = corpus;
        this.random = new Random(seed);
        this.mutator = new Mutator(random);
        this.found = found;
    }

    private ExecutorService worker() {
        return Executors.newSingleThreadExecutor(task -> {
            thread = Thread.ofPlatform().name("fuzz").daemon().unstarted(task);
            return thread;
        });
    }

    /** Goes on for {@code duration}; stops early when scripts hang. */
    void run(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end && stuck < 3) {
            step();
        }
    }

    private void step() {
        int kind = random.nextInt(20);
        if (kind < 12) {
            derive(kind < 6 ? new byte[0] : varied(corpus.choices(random)));
        } else if (kind < 19) {
            take(mutator.mutate(corpus.any(random), corpus.any(random)), Optional.empty());
        } else {
            take(mutator.hostile(corpus.any(random)), Optional.empty());
        }
    }

    private void derive(byte[] given) {
        var choices = new Choices(given, random);
        String script = new ScriptGenerator(choices).script();
        take(script, Optional.of(choices.made()));
    }

    /** Choices that agree with {@code choices} up to some place, and mostly behind it. */
    private byte[] varied(byte[] choices) {
        byte[] varied = choices.clone();
        if (varied.length == 0 || random.nextInt(4) == 0) {
            return Arrays.copyOf(varied, random.nextInt(varied.length + 1));
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            varied[random.nextInt(varied.length)] = (byte) random.nextInt(256);
        }
        return varied;
    }

    private void take(String script, Optional<byte[]> choices) {
        Verdict verdict = judge(script);
        scripts++;
        programs += verdict.programs();
        reached.merge(verdict.reached(), 1, Integer::sum);
        if (choices.isPresent()) {
            reachedByDerived.merge(verdict.reached(), 1, Integer::sum);
        }
        boolean fresh = edges.take();
        if (verdict.isBug()) {
            note(script, verdict);
        } else if (fresh && script.length() < LONGEST_SCRIPT) {
            corpus.add(new Corpus.Entry(script, choices));
        }
    }

    private void note(String script, Verdict verdict) {
        if (!bugs.containsKey(verdict.bug())) {
            boolean hangs = verdict.bug().startsWith("hang");
            String small = hangs ? script : new Reducer(text -> judge(text).bug().equals(verdict.bug())).reduce(script);
            var bug = new Bug(verdict.bug(), small, hangs ? verdict.detail() : judge(small).detail());
            bugs.put(verdict.bug(), bug);
            found.accept(bug, this);
        }
    }

    private Verdict judge(String script) {
        Future<Verdict> verdict = worker.submit(() -> oracle.judge(script));
        long end = THREADS.getThreadCpuTime(thread.threadId()) + LONGEST_SECONDS * 1_000_000_000L;
        while (THREADS.getThreadCpuTime(thread.threadId()) < end) {
            try {
                return verdict.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                // On a busy machine this says nothing: what counts is the thread's own time.
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(script, e);
            }
        }
        return hung();
    }

    /** Leaves the thread to itself and goes on with another. */
    private Verdict hung() {
        stuck++;
        String at = Arrays.stream(thread.getStackTrace()).limit(30).map(String::valueOf).collect(Collectors.joining("\n"));
        worker.shutdownNow();
        worker = worker();
        return new Verdict(Stage.READ, 0, "hangs", at);
    }

    Map<String, Bug> bugs() {
        return bugs;
    }

    /** How much was done, in one line. */
    String summary() {
        return scripts + " scripts; " + reached.getOrDefault(Stage.COMPILED, 0) + " compiled, " + reached.getOrDefault(Stage.PARSED, 0)
                + " only parsed; of those derived from the grammar " + percent(Stage.COMPILED) + " % compiled, "
                + percent(Stage.READ) + " % did not parse; "
                + programs + " programs loaded; " + edges.reached() + " of " + Edges.known() + " edges; " + corpus.size() + " kept; "
                + bugs.size() + " bugs";
    }

    private int percent(Stage stage) {
        return 100 * reachedByDerived.getOrDefault(stage, 0) / Math.max(1, reachedByDerived.values().stream().mapToInt(Integer::intValue).sum());
    }

    @Override
    public void close() {
        worker.shutdownNow();
        oracle.close();
    }
}
