package dev.sonde.cli;

import dev.sonde.source.Diagnostics;
import dev.sonde.source.Source;
import dev.sonde.syntax.Definition;
import dev.sonde.syntax.Parser;
import dev.sonde.syntax.Script;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Where the text of a script comes from. */
final class ScriptText {
    private static final String STDIN = "stdin";

    private ScriptText() {}

    /** Whether the command line names a script. */
    static boolean isNamed(CommandLine line) {
        return line.has(Option.PROGRAM) ? !line.value(Option.PROGRAM).isEmpty() : !line.file().isEmpty();
    }

    /** The text that the command line names. */
    static Source read(CommandLine line) {
        if (!isNamed(line)) {
            throw UsageException.withHelp("a script is needed: a file, - or -e PROGRAM");
        }
        return line.has(Option.PROGRAM) ? new Source(STDIN, line.value(Option.PROGRAM)) : file(line.file());
    }

    /** The script of that text, with the includes that the command line adds. */
    static Script parse(Source source, CommandLine line, Diagnostics diagnostics) {
        Script script = Parser.parse(source, diagnostics);
        if (!line.has(Option.INCLUDE)) {
            return script;
        }
        List<Definition> definitions = new ArrayList<>();
        for (String header : line.values(Option.INCLUDE)) {
            Source place = new Source("--include", header);
            definitions.add(new Definition.Include(place.span(0, header.length()), header, false));
        }
        definitions.addAll(script.definitions());
        return new Script(source, definitions, script.config(), script.imports(), script.maps(), script.functions(),
                script.macros(), script.probes());
    }

    private static Source file(String path) {
        boolean standard = path.equals("-");
        try (InputStream in = standard ? new FileInputStream(FileDescriptor.in) : new FileInputStream(path)) {
            return new Source(standard ? STDIN : path, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw UsageException.of("cannot read the script " + e.getMessage());
        }
    }
}
