package dev.sonde.source;

/**
 * The name nearest to one that does not exist, by edit distance (insertions, deletions and changes of one letter, and two letters the wrong way
 * round).
 */
public final class Nearest {
    private Nearest() {}

    /** The nearest of {@code known} that differs from {@code name} in at most a third of its letters, the first of equals; empty when none does. */
    public static String to(String name, Iterable<String> known) {
        String best = "";
        int limit = Math.max(1, name.length() / 3);
        for (String candidate : known) {
            int distance = distance(name, candidate, limit);
            if (distance <= limit && !candidate.isEmpty()) {
                limit = distance - 1;
                best = candidate;
            }
        }
        return best;
    }

    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) {
            return limit + 1;
        }
        int[] before = new int[b.length() + 1];
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] spare = before;
            before = above;
            above = row;
            row = spare;
            fill(row, above, before, i, a, b);
        }
        return row[b.length()];
    }

    private static void fill(int[] row, int[] above, int[] before, int i, String a, String b) {
        row[0] = i;
        for (int j = 1; j <= b.length(); j++) {
            int change = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
            row[j] = Math.min(change, Math.min(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                row[j] = Math.min(row[j], before[j - 2] + 1);
            }
        }
    }
}
