package dev.sonde.session;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a {@code -c} command. Blanks divide words; {@code '…'} keeps what is in it, {@code "…"} too, but that a backslash keeps the
 * character after it, as it does outside of quotes. Nothing is expanded.
 */
final class CommandWords {
    private static final int NONE = 0;

    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean started;

    private CommandWords(String text) {
        this.text = text;
    }

    /** The words of {@code text}. */
    static List<String> words(String text) throws IOException {
        CommandWords line = new CommandWords(text);
        line.split();
        if (line.words.isEmpty()) {
            throw new IOException("the command is empty");
        }
        return line.words;
    }

    private void split() throws IOException {
        char quote = NONE;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                add(text.charAt(++i));
            } else if (c == quote) {
                quote = NONE;
            } else if (quote == NONE && (c == '\'' || c == '"')) {
                quote = c;
                started = true;
            } else if (quote == NONE && (c == ' ' || c == '\t' || c == '\n')) {
                end();
            } else {
                add(c);
            }
        }
        if (quote != NONE) {
            throw new IOException("a " + quote + " in the command is not closed");
        }
        end();
    }

    private void add(char c) {
        word.append(c);
        started = true;
    }

    private void end() {
        if (started) {
            words.add(word.toString());
            word.setLength(0);
            started = false;
        }
    }

    /** The file that is run for {@code program}: itself when it has a slash, else looked for as execvp(3) does. */
    static File file(String program) throws IOException {
        String path = System.getenv("PATH");
        boolean plain = program.indexOf('/') < 0;
        for (String directory : plain ? (path == null ? "/bin:/usr/bin" : path).split(":") : new String[] {""}) {
            File file = plain ? new File(directory.isEmpty() ? "." : directory, program) : new File(program);
            if (file.isFile() && file.canExecute()) {
                return file;
            }
        }
        throw new IOException("Path '" + program + "' does not exist or is not executable");
    }
}
