package dev.sonde.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run reported in the Test Anything Protocol.
 *
 * @param results one for each script
 * @param complete whether the plan at the end says the same number
 */
record TapReport(List<Result> results, boolean complete) {
    TapReport {
        results = List.copyOf(results);
    }

    /** How one script did. */
    enum Verdict {
        PASSED, FAILED, SKIPPED
    }

    /**
     * One script.
     *
     * @param detail why it failed or was skipped; empty when it passed
     */
    record Result(String name, Verdict verdict, String detail) {}

    /** Reads the report among whatever else {@code text} has. */
    static TapReport parse(String text) {
        List<Result> results = new ArrayList<>();
        boolean complete = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("ok ") || line.startsWith("not ok ")) {
                results.add(result(line));
            } else if (line.startsWith("# ") && !results.isEmpty() && results.getLast().verdict == Verdict.FAILED) {
                Result last = results.removeLast();
                results.add(new Result(last.name, last.verdict, last.detail + line.substring(2) + "\n"));
            } else if (line.startsWith("1..")) {
                complete = line.substring(3).strip().equals(Integer.toString(results.size()));
            }
        }
        return new TapReport(results, complete);
    }

    /** {@code [not ]ok NUMBER - NAME[ # SKIP REASON]} */
    private static Result result(String line) {
        int skip = line.indexOf(" # SKIP ");
        int dash = line.indexOf(" - ");
        String name = line.substring(dash < 0 ? 0 : dash + 3, skip < 0 ? line.length() : skip);
        if (skip >= 0) {
            return new Result(name, Verdict.SKIPPED, line.substring(skip + 8));
        }
        return new Result(name, line.startsWith("ok ") ? Verdict.PASSED : Verdict.FAILED, "");
    }

    long count(Verdict verdict) {
        return results.stream().filter(result -> result.verdict == verdict).count();
    }
}
