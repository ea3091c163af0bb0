package dev.sonde.output;

import java.util.List;

/** Results of {@code test:} and {@code bench:} probes as tables. */
final class ResultText {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String RESET = "\u001b[0m ";
    private static final int NAME = 40;
    private static final int TIME = 15;

    private final TextBuffer out;

    ResultText(TextBuffer out) {
        this.out = out;
    }

    void test(List<String> names, int index, long nanoseconds, List<Boolean> passed, String output) {
        if (index == 0) {
            mark(GREEN, "[==========]").put("Running ").decimal(names.size()).put(" tests.\n");
        }
        mark(GREEN, "[ RUN      ]").put(names.get(index)).put('\n');
        if (passed.get(index)) {
            mark(GREEN, "[       OK ]");
        } else {
            lines(output);
            mark(RED, "[  FAILED  ]");
        }
        duration(out.put(names.get(index)).put(" ("), nanoseconds);
        out.put(")\n");
        if (index == names.size() - 1) {
            summary(names, passed);
        }
    }

    private TextBuffer mark(String colour, String text) {
        return out.put(colour).put(text).put(RESET);
    }

    private void lines(String output) {
        int from = 0;
        while (from < output.length()) {
            int end = output.indexOf('\n', from);
            end = end < 0 ? output.length() : end;
            if (end > from) {
                out.put(output.substring(from, end)).put('\n');
            }
            from = end + 1;
        }
    }

    private static void duration(TextBuffer out, long nanoseconds) {
        if (nanoseconds >= 1_000_000_000) {
            out.decimal(nanoseconds / 1_000_000_000).put(" s");
        } else if (nanoseconds >= 1_000_000) {
            out.decimal(nanoseconds / 1_000_000).put(" ms");
        } else if (nanoseconds >= 1000) {
            out.decimal(nanoseconds / 1000).put(" μs");
        } else {
            out.decimal(nanoseconds).put(" ns");
        }
    }

    private void summary(List<String> names, List<Boolean> passed) {
        int failed = 0;
        for (boolean one : passed) {
            failed += one ? 0 : 1;
        }
        count(mark(GREEN, "[==========]"), names.size()).put(" ran.\n");
        count(mark(GREEN, "[  PASSED  ]"), passed.size() - failed).put(".\n");
        if (failed == 0) {
            return;
        }
        count(mark(RED, "[  FAILED  ]"), failed).put(", listed below:\n");
        for (int i = 0; i < names.size(); i++) {
            if (!passed.get(i)) {
                mark(RED, "[  FAILED  ]").put(names.get(i)).put('\n');
            }
        }
    }

    private static TextBuffer count(TextBuffer out, int count) {
        return out.decimal(count).put(count == 1 ? " test" : " tests");
    }

    void benchmark(List<String> names, int index, long average, long iterations) {
        int width = NAME;
        for (String name : names) {
            width = Math.max(width, TextBuffer.ascii(name).length);
        }
        if (index == 0) {
            cell("Benchmark", width + 1);
            cell("Time(ns)", TIME);
            out.put("Iterations\n").fill('-', width + 1 + TIME + "Iterations".length()).put('\n');
        }
        cell(names.get(index), width + 1);
        int time = out.length();
        out.decimal(average).pad(time, TIME, true, ' ').decimal(iterations).put('\n');
    }

    private void cell(String text, int width) {
        int start = out.length();
        out.put(text).pad(start, width, true, ' ');
    }
}
