package dev.sonde.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.builtins.Builtin;
import dev.sonde.builtins.Builtins;
import dev.sonde.builtins.ConfigItem;
import dev.sonde.probes.ProbeKind;
import dev.sonde.probes.ProbeKinds;
import dev.sonde.source.DiagnosticCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of docs/reference say what the tables say. Run with {@code -Dupdate} to write them. */
class ReferenceTest {
    private static final Path DIRECTORY = Path.of("../docs/reference");
    private static final String TRAITS =
            "*Asynchronous*: done by the tracer after the probe has run. *Compile time*: decided when the script is compiled. "
            + "*Unsafe*: needs `--unsafe`.";

    @Test
    void optionsPageIsTheTable() throws IOException {
        var page = new Page("Options",
                "`sonde [options] FILE [ARGUMENT…]`, `sonde [options] -e PROGRAM [ARGUMENT…]`. Options and operands may stand in any order; "
                + "what follows `--` belongs to the script: `--name=value` for `getopt()`, anything else for `$1` and on.");
        page.table("Option", "Meaning");
        for (Option option : Option.values()) {
            page.row(code(option.form()), option.help());
        }
        page.text("## Exit codes\n\n| Code | Meaning |\n|---|---|\n"
                + "| 0 | the trace ended by itself, by `exit()`, or by SIGINT or SIGTERM |\n| N | `exit(N)` |\n"
                + "| 1 | a mistake in the command line or the script |\n| 255 | the kernel refused to load or attach |");
        page.text("Variables of the environment have a [page](environment.md) of their own.");
        page.check("options.md");
    }

    @Test
    void configPageIsTheTable() throws IOException {
        var page = new Page("Config",
                "`config = { key = value; … }` at the top of a script, or `BPFTRACE_KEY` or `SONDE_KEY` in the environment, which wins.");
        page.table("Key", "Default", "Takes", "Meaning");
        for (ConfigItem item : ConfigItem.values()) {
            page.row(code(item.key()), code(item.initial()), item.range(), item.documentation());
        }
        page.text("```\n" + example(ConfigItem.MAX_STRLEN) + "\n```");
        page.check("config.md");
    }

    @Test
    void diagnosticsPageIsTheTable() throws IOException {
        var page = new Page("Diagnostics",
                "Errors keep a script from being run. A warning or note does not; `--no-warnings` hides both. All mistakes of a script are "
                + "told at once, in its order. Columns count from 1; the second one is behind the last character.");
        page.table("Code", "Severity", "Meaning");
        for (DiagnosticCode code : DiagnosticCode.values()) {
            page.row(code(code.name()), code.severity().name().toLowerCase(Locale.ROOT), code.meaning());
        }
        for (DiagnosticCode code : DiagnosticCode.values()) {
            page.text("## " + code.name());
            page.text(code.meaning());
            examples(code, page);
        }
        page.check("diagnostics.md");
    }

    /** The examples of the tests, with what they give. */
    private static void examples(DiagnosticCode code, Page page) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/diagnostics"))) {
            for (Path file : files.sorted().filter(f -> f.getFileName().toString().matches(code + "(-\\w+)?\\.bt")).toList()) {
                Path text = file.resolveSibling(file.getFileName().toString().replace(".bt", ".txt"));
                page.text("```\n" + Files.readString(file) + "```");
                page.text("```\n" + Files.readString(text) + "```");
            }
        }
    }

    @Test
    void probesPageIsTheTable() throws IOException {
        var page = new Page("Probes", "Names are compared without case. Several attach points are divided by commas; `*` stands for any characters.");
        for (ProbeKind kind : ProbeKinds.all()) {
            page.text("## " + kind.name());
            if (kind.names().size() > 1) {
                page.text("Also: " + codes(kind.names().subList(1, kind.names().size())) + ".");
            }
            page.text("Written " + codes(kind.forms()) + ". Since Linux " + kind.since() + ".");
            page.text(kind.documentation());
            page.text("```\n" + kind.example() + "\n```");
        }
        page.check("probes.md");
    }

    private static String example(ConfigItem item) {
        return "config = { " + item.key() + " = " + item.initial() + " }\nbegin { print(config." + item.key() + "); exit() }";
    }

    @Test
    void environmentPageIsTheTable() throws IOException {
        var page = new Page("Environment", "Each name can also be written with `SONDE_` in place of `BPFTRACE_`, which wins over the other.");
        page.table("Variable", "Meaning");
        for (ConfigItem item : ConfigItem.values()) {
            page.row(code("BPFTRACE_" + item.key().toUpperCase(Locale.ROOT)), "The [config item](config.md) " + code(item.key()) + ": "
                    + item.documentation());
        }
        for (EnvironmentVariable variable : EnvironmentVariable.values()) {
            page.row(code(variable.title()), variable.meaning());
        }
        page.text("```\nBPFTRACE_MAX_STRLEN=200 sonde -e 'begin { print(config.max_strlen); exit() }'\n```");
        page.check("environment.md");
    }

    @Test
    void builtinsPageIsTheTable() throws IOException {
        entries(new Page("Builtins", "Values that every probe has, or the probes that an entry names. " + TRAITS), "builtins.md",
                builtin -> builtin.form() == Builtin.Form.VALUE || builtin.form() == Builtin.Form.BOTH);
    }

    @Test
    void functionsPageIsTheTable() throws IOException {
        entries(new Page("Functions", "Functions of values; those of maps have a [page](map-functions.md) of their own. " + TRAITS), "functions.md",
                builtin -> builtin.form() == Builtin.Form.FUNCTION && !isOfMaps(builtin));
    }

    @Test
    void mapFunctionsPageIsTheTable() throws IOException {
        entries(new Page("Map functions",
                "An *aggregation* stands at the right of an assignment to a map, and is kept for each CPU. The others take a map. "
                + TRAITS), "map-functions.md", builtin -> builtin.form() == Builtin.Form.AGGREGATION || isOfMaps(builtin));
    }

    private static boolean isOfMaps(Builtin builtin) {
        return builtin.form() == Builtin.Form.FUNCTION && builtin.signatures().stream().anyMatch(signature -> signature.contains("(@"));
    }

    private static void entries(Page page, String file, Predicate<Builtin> wanted) throws IOException {
        for (Builtin builtin : Builtins.all()) {
            if (!wanted.test(builtin) || builtin.name().matches("s?arg[1-9]\\d*")) {
                continue;
            }
            page.text("## " + builtin.name());
            page.text(codes(builtin.signatures()) + traits(builtin));
            if (!builtin.aliases().isEmpty()) {
                page.text("Also: " + codes(builtin.aliases()) + ".");
            }
            page.text(builtin.documentation());
            page.text("```\n" + builtin.example() + "\n```");
        }
        page.check(file);
    }

    private static String traits(Builtin builtin) {
        String traits = (builtin.is(Builtin.Trait.ASYNC) ? " · asynchronous" : "") + (builtin.is(Builtin.Trait.COMPILE_TIME) ? " · compile time" : "")
                + (builtin.is(Builtin.Trait.UNSAFE) ? " · unsafe" : "");
        return builtin.form() == Builtin.Form.AGGREGATION ? traits + " · aggregation" : traits;
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String codes(List<String> texts) {
        return String.join(", ", texts.stream().map(ReferenceTest::code).toList());
    }

    /** A page under construction. */
    private static final class Page {
        private final StringBuilder text = new StringBuilder();

        Page(String title, String introduction) {
            text.append("# ").append(title).append("\n\n").append(introduction).append('\n');
        }

        void text(String paragraph) {
            text.append('\n').append(paragraph).append('\n');
        }

        void table(String... heads) {
            text.append('\n');
            row(heads);
            text.append("|---".repeat(heads.length)).append("|\n");
        }

        void row(String... cells) {
            for (String cell : cells) {
                text.append("| ").append(cell.replace("|", "\\|")).append(' ');
            }
            text.append("|\n");
        }

        void check(String name) throws IOException {
            Path file = DIRECTORY.resolve(name);
            if (System.getProperty("update") != null) {
                Files.createDirectories(DIRECTORY);
                Files.writeString(file, text);
            }
            assertThat(file).as("run ./test -Dupdate -Dtest=ReferenceTest").exists();
            assertThat(Files.readString(file)).isEqualTo(text.toString());
        }
    }
}
