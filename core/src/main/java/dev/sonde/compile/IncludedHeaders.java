package dev.sonde.compile;

import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.syntax.Definition;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import dev.sonde.target.Architecture;
import dev.sonde.target.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The C headers that a script includes. A header of the author's own is read at once, and what it defines is as good as defined in the script. Those
 * of the system are read when a name is asked for that neither the script nor BTF nor Sonde's table of constants knows: a script that includes them
 * for form's sake, as older kernels demanded, pays nothing.
 */
final class IncludedHeaders {
    private static final List<String> SYSTEM = List.of("/usr/include/", "/usr/local/include/");

    private final Environment environment;
    private final Target target;
    private final List<Source> own = new ArrayList<>();
    private final List<Source> system = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private List<Definition> all;
    private Names names;

    /** What system headers define, found out when it is first asked for. */
    private record Names(Constants constants, ScriptTypes types) {}

    IncludedHeaders(Environment environment) {
        this.environment = environment;
        this.target = environment.target();
    }

    /** The script with the definitions of its own headers before its own. */
    Script read(Script script) {
        for (Definition definition : script.definitions()) {
            if (definition instanceof Definition.Include include) {
                Optional<Source> header = find(include.path(), include.system(), include.span().source());
                header.ifPresentOrElse(found -> (isSystem(found) ? system : own).add(found), () -> missing.add(include.path()));
            }
        }
        if (own.isEmpty()) {
            return script;
        }
        List<Definition> definitions = new ArrayList<>(all().stream().filter(d -> !isSystem(d.span().source())).toList());
        definitions.addAll(script.definitions());
        return new Script(script.source(), definitions, script.config(), script.imports(), script.maps(), script.functions(), script.macros(),
                script.probes());
    }

    /** Makes the names of {@code definitions} and of the system's headers known. */
    void declare(List<Definition> definitions) {
        if (!system.isEmpty() || !own.isEmpty()) {
            environment.constants().declareLast(() -> Optional.of(names().constants), missing);
            environment.types().declareLast(() -> Optional.of(names().types));
        } else {
            environment.constants().declareLast(Optional::empty, missing);
        }
        environment.constants().declare(definitions);
        environment.types().declare(definitions);
    }

    /** Mistakes in a header that does not belong to the script's author are not told. */
    private Names names() {
        if (names == null) {
            var silent = new Diagnostics();
            var constants = new Constants(environment.types().kernel(), target.architecture(), silent);
            names = new Names(constants, new ScriptTypes(environment.types().kernel(), constants, silent));
            List<Definition> definitions = all().stream().filter(d -> isSystem(d.span().source())).toList();
            names.constants.declare(definitions);
            names.types.declare(definitions);
        }
        return names;
    }

    private List<Definition> all() {
        if (all == null) {
            List<Source> sources = new ArrayList<>(system);
            sources.addAll(own);
            all = Parser.parseHeaders(sources, this::find, target.architecture() == Architecture.X86_64 ? "__x86_64__" : "__aarch64__");
        }
        return all;
    }

    private static boolean isSystem(Source header) {
        return SYSTEM.stream().anyMatch(header.name()::startsWith);
    }

    /** In quotes a header beside the including file comes first. */
    private Optional<Source> find(String path, boolean inBrackets, Source from) {
        Optional<String> beside = inBrackets ? Optional.empty() : Optional.of(Path.of(from.name()).resolveSibling(path).normalize().toString());
        return beside.filter(file -> target.text(file).isPresent()).or(() -> target.header(path))
                .flatMap(file -> target.text(file).map(text -> new Source(file, text)));
    }
}
