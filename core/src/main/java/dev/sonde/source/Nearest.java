package dev.sonde.source;

/** The name nearest to one that does not exist, by edit distance. */
public final class Nearest {
    private Nearest() {}

    /** The nearest of {@code known} that differs from {@code name} in at most a third of its letters; empty when none does. */
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
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
