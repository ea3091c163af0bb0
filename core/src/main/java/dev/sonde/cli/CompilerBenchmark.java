package dev.sonde.cli;

import dev.sonde.output.TextBuffer;

/**
 * Measures how long the steps from a script's text to its code take, each run over and over: a line with its name, runs, all and one run's
 * nanoseconds.
 */
final class CompilerBenchmark {
    private static final long LONGEST = 100_000_000;
    private static final int MOST_RUNS = 10_000;
    private static final int NAME = 30;
    private static final int NUMBER = 12;

    private CompilerBenchmark() {}

    /** Measures one step and prints its line. */
    static void run(String name, Runnable step) {
        step.run();
        long start = System.nanoTime();
        long spent = 0;
        int runs = 0;
        while (runs < MOST_RUNS && spent < LONGEST) {
            step.run();
            runs++;
            spent = System.nanoTime() - start;
        }
        var line = new TextBuffer(80).put(name).pad(0, NAME, true, ' ');
        line.decimal(runs).pad(NAME, NUMBER, true, ' ').decimal(spent).pad(NAME + NUMBER, NUMBER, true, ' ').decimal(spent / runs).put(" ns\n");
        Messages.out(line.toString());
    }
}
