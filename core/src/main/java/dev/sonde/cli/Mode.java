package dev.sonde.cli;

import dev.sonde.spec.AttachSpec.Self.Moment;
import java.util.Optional;

/** What is done with a script. */
enum Mode {
    TRACE(""), COMPILE("codegen"), FORMAT("format"), TEST("test"), BENCH("bench"), COMPILER_BENCH("compiler-bench");

    private final String word;

    Mode(String word) {
        this.word = word;
    }

    /** As --mode and the options that stand for one of its values say. */
    static Mode of(CommandLine line) {
        Mode mode = named(line.value(Option.MODE));
        mode = chosen(mode, FORMAT, line, Option.FORMAT_SCRIPT);
        mode = chosen(mode, TEST, line, Option.TEST);
        return chosen(mode, BENCH, line, Option.BENCH);
    }

    private static Mode named(String word) {
        for (Mode mode : values()) {
            if (mode.word.equals(word)) {
                return mode;
            }
        }
        throw UsageException.of("--mode can only be codegen, compiler-bench, bench, test or format, not '" + word + "'");
    }

    private static Mode chosen(Mode before, Mode mode, CommandLine line, Option option) {
        if (line.has(option) && before != TRACE) {
            throw UsageException.of("--" + option.word() + " conflicts with --mode " + before.word);
        }
        return line.has(option) ? mode : before;
    }

    /** The probes on demand that it is about. */
    Optional<Moment> demanded() {
        return switch (this) {
            case TEST -> Optional.of(Moment.TEST);
            case BENCH -> Optional.of(Moment.BENCH);
            case TRACE, COMPILE, FORMAT, COMPILER_BENCH -> Optional.empty();
        };
    }
}
