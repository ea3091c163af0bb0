package dev.sonde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.builtins.Builtins;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A builtin lives in its table entry: no other code asks for one by its name. */
class NoFunctionNamesTest {
    /** Where a literal is compared with a name, or a switch chooses by it. */
    private static final Pattern COMPARED = Pattern.compile(
            "(?:\\.equals\\(|case (?:\"[a-z_0-9]+\", )*)\"([a-z_0-9]+)\"|\"([a-z_0-9]+)\"\\.equals\\(");
    private static final List<String> WHERE = List.of("compile", "probes", "session", "output", "spec", "ir", "link");
    /** Words that are also keywords, probe kinds, registers, types or config values: they are compared as those. */
    private static final List<String> ALSO_OTHERS =
            List.of("config", "signal", "self", "probe", "test", "bench", "raw", "args", "string", "buffer", "username", "kstack", "ustack");

    @Test
    void noOtherPackageComparesABuiltinsName() {
        List<String> names = Builtins.names();
        var found = new ArrayList<String>();
        for (Path file : ProjectSources.files()) {
            if (WHERE.contains(ProjectSources.packageOf(file))) {
                Matcher matcher = COMPARED.matcher(ProjectSources.text(file));
                while (matcher.find()) {
                    String literal = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
                    if (names.contains(literal) && !ALSO_OTHERS.contains(literal)) {
                        found.add(file.getFileName() + ": " + matcher.group());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
