package dev.sonde.linux;

import dev.sonde.demangle.Demangler;
import dev.sonde.elf.NamePattern;
import dev.sonde.elf.SymbolTable;
import dev.sonde.gosym.Pclntab;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Keeps the names nearest to one that does not exist. Distance is the number of letters to change, put in or take out; a name that begins with the
 * wanted one, such as {@code f.isra.0} for {@code f}, is near too. Of a large binary only so many names are looked at.
 */
final class NearestNames {
    private static final int MAX_NAMES = 3;
    private static final int MAX_LOOKED_AT = 300_000;
    private static final int MAX_DEMANGLED = 20_000;
    private static final NamePattern ANY = NamePattern.of("*");

    private final String wanted;
    /** A third of the letters; two of four, for letters that changed places. */
    private final int limit;
    private final boolean qualified;
    private final TreeMap<Integer, List<String>> byDistance = new TreeMap<>();
    private int lookedAt;
    private int demangled;

    NearestNames(String wanted) {
        this.wanted = wanted;
        this.limit = (wanted.length() + 2) / 3;
        this.qualified = wanted.contains("::");
    }

    void addFunctions(SymbolTable table) {
        table.forEachMatch(ANY, i -> {
            if (lookedAt < MAX_LOOKED_AT && table.isDefinedFunction(i)) {
                add(table.name(i));
            }
        });
    }

    void addFunctions(Pclntab table) {
        for (int i = 0; i < table.size() && lookedAt < MAX_LOOKED_AT; i++) {
            add(table.name(i));
        }
    }

    private void add(String name) {
        lookedAt++;
        boolean mangled = name.startsWith("_Z") || name.startsWith("_R");
        if (!mangled) {
            consider(name);
        } else if (qualified && demangled < MAX_DEMANGLED) {
            demangled++;
            consider(Demangler.withoutParameters(name));
        }
    }

    private void consider(String name) {
        int distance = name.startsWith(wanted) ? Math.min(limit, name.length() - wanted.length()) : distance(name);
        if (distance <= limit && !name.equals(wanted)) {
            List<String> same = byDistance.computeIfAbsent(distance, _ -> new ArrayList<>(1));
            if (same.size() < MAX_NAMES && !same.contains(name)) {
                same.add(name);
            }
        }
    }

    /** The edit distance, or more than the limit. */
    private int distance(String name) {
        int length = name.length();
        if (Math.abs(length - wanted.length()) > limit) {
            return limit + 1;
        }
        int[] row = new int[length + 1];
        for (int j = 0; j <= length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= wanted.length(); i++) {
            int diagonal = row[0];
            int least = row[0] = i;
            for (int j = 1; j <= length; j++) {
                int above = row[j];
                int changed = diagonal + (wanted.charAt(i - 1) == name.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above, row[j - 1]) + 1);
                least = Math.min(least, row[j]);
                diagonal = above;
            }
            if (least > limit) {
                return limit + 1;
            }
        }
        return row[length];
    }

    /** Up to three names, the nearest first. */
    List<String> names() {
        List<String> names = new ArrayList<>(MAX_NAMES);
        for (List<String> same : byDistance.values()) {
            for (String name : same) {
                if (names.size() < MAX_NAMES && !names.contains(name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
