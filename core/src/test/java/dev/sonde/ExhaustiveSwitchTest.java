package dev.sonde;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A switch over variants of our own names them all: a new variant must break the build wherever it matters. One that picks out a few variants and has
 * the same answer for all others is no such place.
 */
class ExhaustiveSwitchTest {
    /** A case with a type pattern of ours, such as {@code case Type.Pointer p ->} or {@code case Integer(int size)}. */
    private static final Pattern VARIANT = Pattern.compile("^case (?:[A-Z]\\w*\\.)*[A-Z][a-z]\\w*(?: \\w+|\\(.*\\)).*");
    private static final int FEW = 6;
    private static final Pattern SWITCH = Pattern.compile("^.*\\bswitch \\(.*\\{$");

    @Test
    void switchesOverVariantsHaveNoDefault() {
        var found = new ArrayList<String>();
        for (Path file : ProjectSources.files()) {
            find(file, found);
        }
        assertThat(found).isEmpty();
    }

    /** Follows nesting by indentation, which is the same throughout. */
    private static void find(Path file, List<String> found) {
        List<String> lines = ProjectSources.lines(file);
        for (int i = 0; i < lines.size(); i++) {
            Matcher start = SWITCH.matcher(lines.get(i));
            if (start.matches()) {
                check(file, lines, i, found);
            }
        }
    }

    private static void check(Path file, List<String> lines, int start, List<String> found) {
        int indent = indent(lines.get(start));
        int variants = 0;
        for (int i = start + 1; i < lines.size() && indent(lines.get(i)) > indent; i++) {
            String line = lines.get(i).strip();
            boolean mine = indent(lines.get(i)) == indent + 4;
            variants += mine && !line.contains(" when ") && VARIANT.matcher(line).matches() ? 1 : 0;
            if (mine && variants > FEW && line.startsWith("default ")) {
                found.add(file + ":" + (i + 1));
            }
        }
    }

    private static int indent(String line) {
        return line.isBlank() ? Integer.MAX_VALUE : line.length() - line.stripLeading().length();
    }
}
