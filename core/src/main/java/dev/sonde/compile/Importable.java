package dev.sonde.compile;

/** What a script may import; the table on the reference page of the language is this one. */
enum Importable {
    SCRIPT(".bt", "the macros, functions, map declarations, probes and C part of a script; it may import others, and has no `config`"),
    HEADER(".h", "the types and constants of a C header, as `#include` takes them"),
    DIRECTORY("/", "the scripts and headers of a directory, in the order of their names");

    private final String ending;
    private final String meaning;

    Importable(String ending, String meaning) {
        this.ending = ending;
        this.meaning = meaning;
    }

    /** Whether the file {@code path} is one of these by its name. */
    boolean names(String path) {
        return path.endsWith(ending);
    }

    /** A row of the reference: how it is written, and what is taken. */
    String row() {
        return "| `import \"lib" + ending + "\";` | " + meaning + " |";
    }
}
