package dev.sonde.compile;

import dev.sonde.source.DiagnosticCode;
import dev.sonde.source.Source;
import dev.sonde.source.Span;
import dev.sonde.syntax.Definition;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings what a script imports into it: of a script ({@code .bt}) its definitions, macros, functions, maps and probes; of a C header ({@code .h}) an
 * include; of a directory its scripts and headers. What is imported comes before what imports it asks for in turn, and that before the rest; the
 * script's own comes last. A file is looked for beside the one that imports it, then beside the script, and is taken once.
 */
final class ResolveImports {
    private static final int MAX_FILES = 1000;

    private final Environment environment;
    private final Target target;
    private final Set<String> taken = new HashSet<>();
    private final List<Script> scripts = new ArrayList<>();
    private final List<Definition> headers = new ArrayList<>();

    ResolveImports(Environment environment) {
        this.environment = environment;
        this.target = environment.target();
    }

    /** The script with everything it imports. */
    Script resolve(Script script) {
        if (script.imports().isEmpty()) {
            return script;
        }
        taken.add(beside(script.source().name(), "").resolve(Path.of(script.source().name()).getFileName()).toString());
        importsOf(script, script);
        return merged(script);
    }

    private void importsOf(Script script, Script root) {
        for (Script.Import imported : script.imports()) {
            Optional<String> path = found(imported, script.source().name()).or(() -> found(imported, root.source().name()));
            if (path.isEmpty()) {
                environment.diagnostics().add(imported.span(), DiagnosticCode.BAD_IMPORT, "Unable to find suitable path for import",
                        "Looked for " + beside(script.source().name(), imported.path()));
            } else {
                take(imported.span(), path.get(), root, false);
            }
        }
    }

    private Optional<String> found(Script.Import imported, String from) {
        String path = beside(from, imported.path()).toString();
        boolean there = !imported.path().isEmpty() && (target.text(path).isPresent() || target.directory(path).isPresent());
        return there ? Optional.of(path) : Optional.empty();
    }

    private static Path beside(String file, String path) {
        return Path.of(file).resolveSibling(path).normalize();
    }

    /** In a directory there may be other files, too. */
    private void take(Span span, String path, Script root, boolean inDirectory) {
        Optional<List<String>> files = target.directory(path);
        if (files.isPresent()) {
            files.get().stream().filter(file -> !inDirectory).forEach(file -> take(span, file, root, true));
        } else if (Importable.SCRIPT.names(path)) {
            script(path, root);
        } else if (Importable.HEADER.names(path)) {
            header(path);
        } else if (path.endsWith(".c") || path.endsWith(".o")) {
            environment.diagnostics().add(span, DiagnosticCode.BAD_IMPORT, "C code cannot be imported: " + path,
                    "Write its functions as fn or macro in a script and import that; its types can be imported from a header.");
        } else if (!inDirectory) {
            environment.diagnostics().add(span, DiagnosticCode.BAD_IMPORT, "unknown import type: \"" + path + "\"",
                    "A script (.bt), a header (.h) or a directory can be imported.");
        }
    }

    private void script(String path, Script root) {
        if (!taken.add(path) || taken.size() > MAX_FILES) {
            return;
        }
        Script script = Parser.parse(new Source(path, target.text(path).orElse("")), environment.diagnostics());
        if (!script.config().isEmpty()) {
            environment.diagnostics().add(script.config().getFirst().span(), DiagnosticCode.BAD_CONFIG, "invalid config within import",
                    "Only the script itself can have a config block.");
        }
        scripts.add(script);
        importsOf(script, root);
    }

    /** An include that stands in the header's own directory. */
    private void header(String path) {
        if (taken.add(path)) {
            String name = Path.of(path).getFileName().toString();
            headers.add(new Definition.Include(new Source(path, name).span(0, name.length()), name, false));
        }
    }

    private Script merged(Script script) {
        List<Definition> definitions = new ArrayList<>(headers);
        List<Script.MapDeclaration> maps = new ArrayList<>();
        List<Script.Function> functions = new ArrayList<>();
        List<Script.Macro> macros = new ArrayList<>();
        List<Script.Probe> probes = new ArrayList<>();
        scripts.add(script);
        for (Script part : scripts) {
            definitions.addAll(part.definitions());
            maps.addAll(part.maps());
            functions.addAll(part.functions());
            macros.addAll(part.macros());
            probes.addAll(part.probes());
        }
        return new Script(script.source(), definitions, script.config(), script.imports(), maps, functions, macros, probes);
    }
}
