package dev.sonde.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.builtins.Settings;
import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticPrinter;
import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.RecordedTarget;
import dev.sonde.types.KernelTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResolveImportsTest {
    private final Diagnostics diagnostics = new Diagnostics();
    private final RecordedTarget.Builder files = RecordedTarget.builder();

    private ResolveImportsTest file(String path, String text) {
        files.header(path, text);
        return this;
    }

    private Script resolve(String name, String text) {
        RecordedTarget target = files.build();
        var kernel = new KernelTypes(Optional::empty);
        var constants = new Constants(kernel, target.architecture(), diagnostics);
        var environment = new Environment(target, new ScriptTypes(kernel, constants, diagnostics), constants,
                new Parameters(List.of(), Map.of(), Map.of()), Settings.DEFAULTS, diagnostics);
        return new ResolveImports(environment).resolve(Parser.parse(new Source(name, text), diagnostics));
    }

    private static List<String> files(Script script) {
        return script.probes().stream().map(probe -> probe.span().source().name()).toList();
    }

    private List<String> mistakes() {
        return diagnostics.sorted().stream().map(Diagnostic::message).toList();
    }

    @Test
    void importedProbesComeBeforeTheScripts() {
        Script script = file("d/a.bt", "import \"b.bt\"; begin { }").file("d/b.bt", "begin { }").file("d/c.bt", "begin { }")
                .resolve("d/main.bt", "import \"a.bt\"; import \"c.bt\"; begin { }");
        assertThat(files(script)).containsExactly("d/a.bt", "d/b.bt", "d/c.bt", "d/main.bt");
        assertThat(mistakes()).isEmpty();
    }

    @Test
    void aFileIsLookedForBesideTheOneThatImportsItAndThenBesideTheScript() {
        Script script = file("sub/a.bt", "import \"near.bt\"; import \"far.bt\"; begin { }").file("sub/near.bt", "begin { }")
                .file("far.bt", "begin { }")
                .file("near.bt", "end { }").resolve("main.bt", "import \"sub/a.bt\"; begin { }");
        assertThat(files(script)).containsExactly("sub/a.bt", "sub/near.bt", "far.bt", "main.bt");
    }

    @Test
    void aFileIsTakenOnceHoweverItIsNamedAndFilesMayImportEachOther() {
        Script script = file("a.bt", "import \"main.bt\"; import \"./a.bt\"; import \"x/../b.bt\"; begin { }")
                .file("b.bt", "import \"a.bt\"; begin { }").file("main.bt", "end { }")
                .resolve("main.bt", "import \"a.bt\"; import \"./b.bt\"; import \"a.bt\"; begin { }");
        assertThat(files(script)).containsExactly("a.bt", "b.bt", "main.bt");
        assertThat(mistakes()).isEmpty();
    }

    @Test
    void everythingButConfigIsImported() {
        Script script = file("a.bt", "struct s { int x; }; #define N 3\nlet @m = hash(1); macro m() { 1 } fn f() : int64 { return 1; } begin { }")
                .resolve("main.bt", "import \"a.bt\"; begin { }");
        assertThat(script.definitions()).hasSize(2);
        assertThat(script.maps()).hasSize(1);
        assertThat(script.macros()).hasSize(1);
        assertThat(script.functions()).hasSize(1);
        file("c.bt", "config = { max_strlen = 5 }").resolve("main.bt", "import \"c.bt\"; begin { }");
        assertThat(mistakes()).containsExactly("invalid config within import");
    }

    @Test
    void mistakesInAnImportedFileShowItsOwnLines() {
        file("lib/a.bt", "begin { }\nbegin { print(1 }\n").resolve("main.bt", "\n\nimport \"lib/a.bt\"; begin { }");
        assertThat(DiagnosticPrinter.print(diagnostics.sorted().getFirst(), false)).startsWith("lib/a.bt:2:").contains("\nbegin { print(1 }\n");
    }

    @Test
    void whatCannotBeImportedSaysWhatCan() {
        file("a.bpf.c", "").file("a.txt", "").resolve("s/../main.bt", "import \"a.bpf.c\"; import \"a.txt\"; import \"no.bt\"; begin { }");
        assertThat(mistakes()).containsExactly("C code cannot be imported: a.bpf.c", "unknown import type: \"a.txt\"",
                "Unable to find suitable path for import");
        assertThat(diagnostics.sorted()).allMatch(diagnostic -> !diagnostic.hints().isEmpty());
    }

    @Test
    void importedHeadersDefineNames() {
        RecordedTarget target = file("types.h", "#define N 7\nstruct own { long a; };\n").files.build();
        var compiler = new Compiler(target, new Parameters(List.of(), Map.of(), Map.of()), Settings.DEFAULTS, diagnostics);
        compiler.compile(Parser.parse(new Source("main.bt", "import \"types.h\"; begin { print(N + sizeof(struct own)); }"), diagnostics));
        assertThat(mistakes()).isEmpty();
    }

    @Test
    void pageOfTheLanguageHasTheTable() throws IOException {
        String page = Files.readString(Path.of("../docs/reference/language.md"));
        for (Importable importable : Importable.values()) {
            assertThat(page).contains("\n" + importable.row() + "\n");
        }
    }
}
