package dev.sonde.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a script that shows a bug small: takes out runs of tokens, then groups in brackets, as long as the bug stays. */
final class Reducer {
    private static final int MOST_TRIALS = 1000;
    private static final long LONGEST_NANOSECONDS = 20_000_000_000L;

    private final Predicate<String> shows;
    private final long start = System.nanoTime();
    private int trials;

    Reducer(Predicate<String> shows) {
        this.shows = shows;
    }

    String reduce(String script) {
        List<String> tokens = Tokens.of(script);
        int before;
        do {
            before = tokens.size();
            tokens = statements(tokens);
            for (int length = Math.max(1, tokens.size() / 2); length >= 1; length /= 2) {
                tokens = runs(tokens, length);
            }
            tokens = unwrapped(tokens);
        } while (tokens.size() < before && trials < MOST_TRIALS);
        return String.join("", tokens);
    }

    private List<String> runs(List<String> tokens, int length) {
        List<String> kept = tokens;
        for (int at = 0; at < kept.size(); ) {
            List<String> smaller = without(kept, at, Math.min(kept.size(), at + length));
            if (shows(smaller)) {
                kept = smaller;
            } else {
                at += length;
            }
        }
        return kept;
    }

    private List<String> statements(List<String> tokens) {
        List<String> kept = tokens;
        for (int at = 0; at < kept.size(); at++) {
            int[] range = Tokens.statement(kept, at);
            List<String> smaller = range[0] == at && range[1] > at ? without(kept, range[0], range[1]) : kept;
            if (smaller.size() < kept.size() && shows(smaller)) {
                kept = smaller;
                at--;
            }
        }
        return kept;
    }

    /** Without pairs of brackets, and without what stands in them. */
    private List<String> unwrapped(List<String> tokens) {
        List<String> kept = tokens;
        for (int at = 0; at < kept.size(); at++) {
            if ("([{".contains(kept.get(at))) {
                int end = Tokens.close(kept, at);
                List<String> empty = end - at > 2 ? without(kept, at + 1, end - 1) : kept;
                List<String> bare = end - at > 1 ? without(without(kept, end - 1, end), at, at + 1) : kept;
                List<String> gone = without(kept, at, end);
                kept = shows(gone) ? gone : empty != kept && shows(empty) ? empty : bare != kept && shows(bare) ? bare : kept;
            }
        }
        return kept;
    }

    private static List<String> without(List<String> tokens, int from, int to) {
        List<String> rest = new ArrayList<>(tokens);
        rest.subList(from, to).clear();
        return rest;
    }

    private boolean shows(List<String> tokens) {
        return trials++ < MOST_TRIALS && System.nanoTime() - start < LONGEST_NANOSECONDS && shows.test(String.join("", tokens));
    }
}
