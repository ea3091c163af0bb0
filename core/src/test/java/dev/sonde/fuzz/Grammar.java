package dev.sonde.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The productions of {@code grammar.txt}, which says how they are written. */
final class Grammar {
    private static final Pattern PLACE = Pattern.compile("<([=!$@#*%]*)([a-z0-9]+)>");

    private final Map<String, List<Production>> productions = new HashMap<>();

    /**
     * One way to derive a kind.
     *
     * @param context where it holds; empty for everywhere
     * @param parts texts and places, by turns, a text first and last
     * @param places the places alone
     */
    record Production(String context, List<String> parts, List<Place> places) {}

    /**
     * A place in a production.
     *
     * @param sigils what is wanted: a derived text when empty
     */
    record Place(String sigils, String kind) {}

    static Grammar read() {
        try (InputStream in = Grammar.class.getResourceAsStream("grammar.txt")) {
            var grammar = new Grammar();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            text.lines().filter(line -> !line.isEmpty() && line.charAt(0) != '#').forEach(grammar::add);
            return grammar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String line) {
        int colon = line.indexOf(": ");
        int bar = line.substring(0, colon).indexOf('|');
        String text = line.substring(colon + 2);
        List<MatchResult> found = PLACE.matcher(text).results().toList();
        List<String> parts = new ArrayList<>();
        int at = 0;
        for (MatchResult place : found) {
            parts.add(text.substring(at, place.start()));
            at = place.end();
        }
        parts.add(text.substring(at));
        productions.computeIfAbsent(line.substring(bar + 1, colon), _ -> new ArrayList<>()).add(new Production(bar < 0 ? "" : line.substring(0, bar),
                parts, found.stream().map(place -> new Place(place.group(1), place.group(2))).toList()));
    }

    /** The ways to derive {@code kind}. */
    List<Production> of(String kind) {
        return productions.getOrDefault(kind, List.of());
    }

    /** The kinds whose names begin with {@code prefix}, sorted, without it. */
    List<String> kinds(String prefix) {
        return productions.keySet().stream().filter(kind -> kind.startsWith(prefix)).map(kind -> kind.substring(prefix.length())).sorted().toList();
    }
}
