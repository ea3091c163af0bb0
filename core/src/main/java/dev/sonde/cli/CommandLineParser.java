package dev.sonde.cli;

import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a command line as getopt_long(3) does: options and operands in any order, letters in one word, an argument in the same word or the next, a
 * long option by any beginning that is no other's, everything after {@code --} left alone.
 */
final class CommandLineParser {
    private static final String STAGES = ",all,ast,types,ir,codegen,codegen-opt,asm,libbpf,verifier,parse,dis,";

    private final String[] words;
    private final List<String>[] options;
    private final List<String> operands = new ArrayList<>();
    private int at;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private CommandLineParser(String[] words) {
        this.words = words;
        this.options = new List[Option.values().length];
    }

    /**
     * The command line in {@code words}.
     *
     * @throws UsageException when an option does not exist or lacks its argument
     */
    static CommandLine parse(String... words) {
        return new CommandLineParser(words).parse();
    }

    private CommandLine parse() {
        while (at < words.length && !words[at].equals("--")) {
            String word = words[at++];
            if (word.startsWith("--")) {
                longOption(word);
            } else if (word.length() > 1 && word.charAt(0) == '-') {
                letters(word);
            } else {
                operands.add(word);
            }
        }
        List<String> rest = at < words.length ? List.of(words).subList(at + 1, words.length) : List.of();
        return new CommandLine(options, operands, rest);
    }

    private void letters(String word) {
        for (int i = 1; i < word.length(); i++) {
            Option option = option(word.charAt(i));
            if (!option.argument().isEmpty()) {
                add(option, argument(option, word.substring(i + 1), "-" + word.charAt(i)));
                return;
            }
            add(option, "");
        }
    }

    private static Option option(char letter) {
        for (Option option : Option.values()) {
            if (option.letter() == letter && letter != 0) {
                return option;
            }
        }
        throw UsageException.withHelp("there is no option -" + letter);
    }

    private void longOption(String word) {
        int equals = word.indexOf('=');
        String name = word.substring(2, equals < 0 ? word.length() : equals);
        Option option = option(name);
        if (option.argument().isEmpty() && equals >= 0) {
            throw UsageException.withHelp("--" + name + " takes no argument");
        }
        boolean apart = !option.argument().isEmpty() && equals < 0;
        add(option, apart ? argument(option, "", "--" + name) : word.substring(equals < 0 ? word.length() : equals + 1));
    }

    private static Option option(String name) {
        Option found = null;
        for (Option option : Option.values()) {
            if (option.word().equals(name) && !name.isEmpty()) {
                return option;
            }
            if (option.word().startsWith(name) && !name.isEmpty()) {
                if (found != null) {
                    throw UsageException.withHelp("--" + name + " can be --" + found.word() + " or --" + option.word());
                }
                found = option;
            }
        }
        if (found == null) {
            throw UsageException.withHelp("there is no option --" + name);
        }
        return found;
    }

    /** The option's argument: the rest of its word, or the next word. */
    private String argument(Option option, String attached, String written) {
        if (!attached.isEmpty()) {
            return attached;
        }
        if (!option.needsArgument()) {
            return at < words.length && isStages(words[at]) ? words[at++] : "";
        }
        if (at == words.length) {
            throw UsageException.withHelp(written + " needs an argument: " + option.argument());
        }
        return words[at++];
    }

    /** Whether the word after -d belongs to it. Older scripts give none; a wrong stage must not be taken for a script. */
    private static boolean isStages(String word) {
        if (word.startsWith("-") || word.indexOf('/') >= 0 || word.indexOf('.') >= 0) {
            return false;
        }
        return STAGES.contains("," + word.split(",", 2)[0] + ",") || !new File(word).exists();
    }

    private void add(Option option, String argument) {
        if (options[option.ordinal()] == null) {
            options[option.ordinal()] = new ArrayList<>(1);
        }
        options[option.ordinal()].add(argument);
    }
}
