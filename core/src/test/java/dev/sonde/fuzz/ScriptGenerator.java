package dev.sonde.fuzz;

import dev.sonde.fuzz.Grammar.Place;
import dev.sonde.fuzz.Grammar.Production;
import dev.sonde.fuzz.Scope.ScriptMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Derives a script from the {@link Grammar}: names are declared before they are used, and name what has the wanted type, so that more
 * than half of the scripts compile.
 */
final class ScriptGenerator {
    private static final Grammar GRAMMAR = Grammar.read();
    private static final Map<String, Integer> HEIGHTS = heights();
    private static final List<String> KEYS = GRAMMAR.kinds("key.");
    private static final List<String> PROBES = GRAMMAR.kinds("probe.");
    private static final List<String> WITH_FIELDS = List.of("read", "open", "exec", "switch", "skb");
    private static final int DEEPEST = 5;
    private static final String DEFINITIONS = """
            enum colour { RED, GREEN = 5, BLUE };
            struct bits { uint32 x : 3; uint32 y : 13; int32 z; };
            struct thing { int a; long b; char letters[16]; int list[8]; short grid[2][3]; struct bits bits; struct thing *next; char *name;
                uint8 address[16]; uint8 hardware[6]; enum colour shade; };
            struct odd { uint8 a; long b; uint16 c; char d[5]; int e[3]; struct bits f[2]; struct odd *g; } __attribute__((packed));
            """;
    private static final String MACROS = """
            macro add($v, n) { $v += n; $v }
            macro bump(@m, k) { @m[k]++; @m[k] }
            macro twice(e) { e; e; }
            macro limit() { 4096 }
            fn clamp($n : int64, $most : int64) : int64 { if ($n > $most) { return $most; } if ($n < 0) { return 0; } return $n; }
            fn named($n : int64) : string[8] { if ($n == 0) { return "zero"; } for ($i : 0..5) { if ($i == $n) { return "few"; } } return "many"; }
            """;

    private final Choices choices;
    private final Scope scope = new Scope();
    private final StringBuilder out = new StringBuilder();
    private boolean macros;
    private String probe = "none";
    private int loops;
    private int depth;

    ScriptGenerator(Choices choices) {
        this.choices = choices;
    }

    private static Map<String, Integer> heights() {
        Map<String, Integer> heights = new HashMap<>();
        for (boolean changed = true; changed; ) {
            changed = false;
            for (String kind : GRAMMAR.kinds("")) {
                int height = GRAMMAR.of(kind).stream().filter(p -> p.context().isEmpty()).mapToInt(p -> height(p, heights)).min().orElse(99);
                changed |= !Integer.valueOf(height).equals(heights.put(kind, height));
            }
        }
        return heights;
    }

    private static int height(Production production, Map<String, Integer> heights) {
        int height = 0;
        for (Place place : production.places()) {
            boolean simple = GRAMMAR.of(place.kind()).isEmpty() && !place.kind().equals("block") && !place.kind().equals("loop");
            boolean leaf = simple || place.sigils().contains("$");
            height = Math.max(height, leaf ? 0 : 1 + heights.getOrDefault(place.kind(), 50));
        }
        return Math.min(height, 99);
    }

    /** A whole script. */
    String script() {
        if (choices.oneIn(6)) {
            out.append("config = { max_strlen = ").append(choices.of("8", "64", "200", "1024"));
            out.append("; on_stack_limit = ").append(choices.of("0", "16", "64", "256")).append(" }\n");
        }
        out.append(DEFINITIONS);
        macros = choices.oneIn(3);
        out.append(macros ? MACROS : "");
        for (int i = choices.below(3); i >= 0; i--) {
            probe();
        }
        return out.toString();
    }

    /** A script of one {@code begin} probe with at most so many statements. */
    String small(int statements) {
        out.append("begin\n");
        block(statements);
        boolean defined = out.indexOf("struct ") >= 0 || out.indexOf("enum ") >= 0 || out.indexOf("GREEN") >= 0;
        return defined ? DEFINITIONS + out : out.toString();
    }

    private void probe() {
        int mark = scope.mark();
        probe = choices.of(PROBES);
        derive("probe." + probe);
        if (choices.oneIn(5)) {
            out.append(" /");
            derive("bool");
            out.append('/');
        }
        out.append('\n');
        block(7);
        scope.leave(mark);
        out.append('\n');
    }

    private void block(int most) {
        int mark = scope.mark();
        scope.settle();
        out.append("{\n");
        for (int i = choices.below(most); i >= 0; i--) {
            derive("statement");
            scope.settle();
            out.append('\n');
        }
        out.append("}");
        scope.leave(mark);
    }

    private void derive(String kind) {
        Production production = choices.of(candidates(kind));
        boolean inner = !kind.equals("statement") || production.parts().getFirst().startsWith("{");
        int mark = scope.mark();
        depth++;
        for (int i = 0; i < production.places().size(); i++) {
            text(production.parts().get(i));
            fill(production.places().get(i));
        }
        text(production.parts().getLast());
        depth--;
        if (inner) {
            scope.leave(mark);
        }
    }

    private void text(String text) {
        out.append(text);
        if (text.indexOf(';') >= 0) {
            scope.settle();
        }
    }

    private List<Production> candidates(String kind) {
        List<Production> all = GRAMMAR.of(kind);
        List<Production> some = new ArrayList<>();
        int least = 100;
        for (Production production : all) {
            if (holds(production.context()) && production.places().stream().allMatch(this::exists)) {
                int height = depth > DEEPEST ? height(production, HEIGHTS) : 0;
                if (height < least) {
                    some.clear();
                    least = height;
                }
                if (height == least) {
                    some.add(production);
                }
            }
        }
        return some;
    }

    private boolean holds(String context) {
        return switch (context) {
            case "" -> true;
            case "loop" -> loops > 0;
            case "macros" -> macros;
            case "fields" -> WITH_FIELDS.contains(probe);
            default -> context.equals(probe);
        };
    }

    private boolean exists(Place place) {
        return switch (place.sigils()) {
            case "$" -> !scope.variables(place.kind(), false).isEmpty();
            case "!$" -> !scope.variables(place.kind(), true).isEmpty();
            case "@" -> !scope.maps(place.kind(), false).isEmpty();
            case "#", "*", "%" -> !scope.maps(place.kind(), true).isEmpty();
            default -> true;
        };
    }

    private void fill(Place place) {
        String kind = place.kind();
        switch (place.sigils()) {
            case "$" -> out.append(choices.of(scope.variables(kind, false)).text());
            case "!$" -> out.append(choices.of(scope.variables(kind, true)).text());
            case "=$" -> declare(kind);
            case "@" -> access(choices.of(scope.maps(kind, false)));
            case "=@" -> assigned(kind);
            case "#" -> out.append(choices.of(scope.maps(kind, true)).name());
            case "%" -> nameAndKey(choices.of(scope.maps(kind, true)));
            case "*" -> overMap(choices.of(scope.maps(kind, true)));
            default -> plain(kind);
        }
    }

    private void plain(String kind) {
        switch (kind) {
            case "n" -> out.append(choices.below(20));
            case "n1" -> out.append(1 + choices.below(20));
            case "n5" -> out.append(choices.below(6));
            case "number" -> out.append(number());
            case "string" -> string();
            case "block" -> block(3);
            case "loop" -> {
                loops++;
                block(3);
                loops--;
            }
            default -> derive(kind);
        }
    }

    private String number() {
        long number = choices.number() >>> choices.below(64);
        return switch (choices.below(5)) {
            case 0 -> "0x" + Long.toHexString(number);
            case 1 -> Long.toString(1L << choices.below(63));
            case 2 -> Long.toString((1L << choices.below(63)) - 1);
            case 3 -> choices.below(100) + choices.of("ms", "s", "us", "ns");
            default -> Long.toString(number & Long.MAX_VALUE);
        };
    }

    private void string() {
        out.append('"');
        for (int i = choices.oneIn(4) ? choices.below(70) : choices.below(8); i > 0; i--) {
            out.append(choices.of("a", "b", "x", "é", "\\n", "%", " ", "/", "\\x41", "\\\""));
        }
        out.append('"');
    }

    private void declare(String kind) {
        String name = scope.name(kind);
        scope.declare(name, kind, true);
        out.append(name);
    }

    private void access(ScriptMap map) {
        out.append(map.name());
        if (!map.key().isEmpty()) {
            out.append('[');
            derive("key." + map.key());
            out.append(']');
        }
    }

    private void assigned(String kind) {
        String key = choices.oneIn(3) ? "" : choices.of(KEYS);
        var map = new ScriptMap("@" + kind + (key.isEmpty() ? "" : "_" + key), key, kind);
        access(map);
        scope.add(map);
    }

    private void nameAndKey(ScriptMap map) {
        out.append(map.name()).append(", (");
        derive("key." + map.key());
        out.append(')');
    }

    private void overMap(ScriptMap map) {
        String name = scope.name("kv");
        scope.declare(name + ".0", map.key(), false);
        scope.declare(name + ".1", map.value(), false);
        out.append(name).append(" : ").append(map.name());
    }
}
