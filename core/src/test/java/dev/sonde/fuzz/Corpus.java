package dev.sonde.fuzz;

import dev.sonde.builtins.Builtins;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** The scripts to vary: those of the tests, of the builtins' documentation and of installed tools, and all that reached something new. */
final class Corpus {
    private static final List<String> DIRECTORIES = List.of("/scripts", "/sidebyside", "/verifier");
    private static final Path TOOLS = Path.of("/usr/sbin");

    /**
     * A script.
     *
     * @param choices what it was derived from; empty when it was not derived
     */
    record Entry(String script, Optional<byte[]> choices) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> derived = new ArrayList<>();

    static Corpus open() throws IOException, URISyntaxException {
        var corpus = new Corpus();
        for (String directory : DIRECTORIES) {
            corpus.addAll(Path.of(Corpus.class.getResource(directory).toURI()));
        }
        corpus.addAll(TOOLS);
        Builtins.all().forEach(builtin -> corpus.add(new Entry(builtin.example(), Optional.empty())));
        return corpus;
    }

    private void addAll(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".bt")).sorted().toList()) {
                add(new Entry(Files.readString(file), Optional.empty()));
            }
        }
    }

    void add(Entry entry) {
        entries.add(entry);
        if (entry.choices().isPresent()) {
            derived.add(entry);
        }
    }

    int size() {
        return entries.size();
    }

    String any(Random random) {
        return entries.get(random.nextInt(entries.size())).script();
    }

    /** The choices behind a derived script, more often a late one; empty when there is none yet. */
    byte[] choices(Random random) {
        if (derived.isEmpty()) {
            return new byte[0];
        }
        int from = random.nextBoolean() ? derived.size() * 3 / 4 : 0;
        return derived.get(from + random.nextInt(derived.size() - from)).choices().orElseThrow();
    }
}
