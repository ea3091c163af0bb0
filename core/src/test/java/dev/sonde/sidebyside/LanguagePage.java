package dev.sonde.sidebyside;

import dev.sonde.syntax.BinaryOperator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The reference page of the language: its examples with what they print, and its table of operators. */
public final class LanguagePage {
    static final Path FILE = Path.of("../docs/reference/language.md");
    private static final String FENCE = "```\n";
    private static final String PRINTS = "\nprints\n\n" + FENCE;

    private LanguagePage() {}

    /**
     * An example.
     *
     * @param script the whole script
     * @param output what it prints, without empty lines
     */
    public record Example(String script, String output) {}

    /** The examples in order. */
    public static List<Example> examples() {
        String page = Case.text(FILE);
        List<Example> examples = new ArrayList<>();
        for (int at = page.indexOf(FENCE); at >= 0; at = page.indexOf(FENCE, at)) {
            int end = page.indexOf(FENCE, at + FENCE.length());
            String script = page.substring(at + FENCE.length(), end);
            at = end + FENCE.length();
            if (!page.startsWith(PRINTS, at)) {
                throw new AssertionError("nothing says what this prints: " + script);
            }
            int last = page.indexOf("\n```", at + PRINTS.length());
            examples.add(new Example(script, page.substring(at + PRINTS.length(), last + 1)));
            at = last + 1 + "```\n".length();
            at = Math.min(at, page.length());
        }
        return examples;
    }

    /** What a script printed, as examples have it. */
    public static String form(String output) {
        var text = new StringBuilder();
        output.lines().filter(line -> !line.isBlank()).forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    /** The operators by precedence, the tightest first, as the parser has them. */
    static String operators() {
        var levels = new TreeMap<Integer, String>();
        for (BinaryOperator operator : BinaryOperator.values()) {
            levels.merge(-operator.precedence(), code(operator), (a, b) -> a + " " + b);
        }
        var table = new StringBuilder("| Precedence | Operators |\n|---|---|\n| 13 | `.` `->` `[]` `()` `++` `--` behind an operand |\n"
                + "| 12 | `!` `~` `-` `+` `*` `&` `++` `--` and casts before an operand |\n");
        levels.forEach((level, texts) -> table.append("| ").append(-level).append(" | ").append(texts).append(" |\n"));
        return table.append("| 0 | `?:` `?` `:` |\n").toString();
    }

    private static String code(BinaryOperator operator) {
        return "`" + operator.text().replace("|", "\\|") + "`";
    }
}
