package dev.sonde.probes;

import java.util.ArrayList;
import java.util.List;

/** Makes listings from fixed names. */
final class Listings {
    private Listings() {}

    /** Part {@code index} of a pattern; {@code *} where there is none. */
    static String part(List<String> parts, int index) {
        return index < parts.size() && !parts.get(index).isEmpty() ? parts.get(index) : "*";
    }

    /** {@code PREFIX:NAME:} of the names that match a pattern. */
    static List<ProbeKind.Listing> of(String prefix, Iterable<String> names, String pattern) {
        List<ProbeKind.Listing> listed = new ArrayList<>();
        for (String name : names) {
            if (matches(pattern, name)) {
                listed.add(ProbeKind.Listing.plain(prefix + ":" + name + ":"));
            }
        }
        listed.sort((a, b) -> a.probe().compareTo(b.probe()));
        return listed;
    }

    /** Whether a name matches a pattern with {@code *}. */
    static boolean matches(String pattern, String name) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(name);
        }
        if (!name.startsWith(pattern.substring(0, star))) {
            return false;
        }
        String rest = pattern.substring(star + 1);
        for (int from = star; from <= name.length(); from++) {
            if (matches(rest, name.substring(from))) {
                return true;
            }
        }
        return false;
    }
}
