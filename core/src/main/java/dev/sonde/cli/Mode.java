package dev.sonde.cli;

/** What is done with a script. */
enum Mode {
    TRACE, COMPILE, FORMAT;

    /** As --mode and the options that stand for one of its values say. */
    static Mode of(CommandLine line) {
        if (line.has(Option.FORMAT_SCRIPT)) {
            return FORMAT;
        }
        if (line.has(Option.TEST) || line.has(Option.BENCH)) {
            throw notYet(line.has(Option.TEST) ? "--test" : "--bench");
        }
        return switch (line.value(Option.MODE)) {
            case "" -> TRACE;
            case "codegen" -> COMPILE;
            case "format" -> FORMAT;
            case "test", "bench", "compiler-bench" -> throw notYet("--mode " + line.value(Option.MODE));
            default -> throw UsageException.of("--mode takes codegen, compiler-bench, bench, test or format");
        };
    }

    private static UsageException notYet(String option) {
        return UsageException.of(option + " is not there yet");
    }
}
