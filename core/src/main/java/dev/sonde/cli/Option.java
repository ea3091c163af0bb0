package dev.sonde.cli;

/** The options, once: parsing, the help text and the reference page are all made from this table. */
enum Option {
    PROGRAM('e', "", Group.SCRIPT, "PROGRAM", "run this program; of several the last counts"),
    LIST('l', "list", Group.SCRIPT, "", "list probes: all, those that match a pattern, or those of a script; 'struct X', 'union X' and 'enum X' too"),
    VERBOSE('v', "verbose", Group.SCRIPT, "", "tell more; with -l, print arguments and definitions"),
    HELP('h', "help", Group.SCRIPT, "", "print this help"),
    VERSION('V', "version", Group.SCRIPT, "", "print the version"),
    INFO('\0', "info", Group.SCRIPT, "", "print what this kernel can do"),

    PID('p', "pid", Group.PROCESS, "PID", "trace this process only, and end with it"),
    COMMAND('c', "cmd", Group.PROCESS, "COMMAND", "run this command once the probes are attached, trace it, and end with it"),
    DWARF_PID('\0', "dwarf-pid", Group.PROCESS, "PID", "walk user stacks of this process by unwind tables from its first stack on; may be repeated"),
    USDT_FILE_ACTIVATION('\0', "usdt-file-activation", Group.PROCESS, "", "accepted for bpftrace's sake"),

    OUTPUT('o', "output", Group.OUTPUT, "FILE", "write what the script prints to a file"),
    FORMAT('f', "", Group.OUTPUT, "FORMAT", "text or json"),
    BUFFERING('B', "", Group.OUTPUT, "MODE", "when output leaves: line, full or none"),
    QUIET('q', "quiet", Group.OUTPUT, "", "do not tell how many probes were attached"),
    WARNINGS('k', "warnings", Group.OUTPUT, "", "warn whenever a helper function fails while tracing"),
    NO_WARNINGS('\0', "no-warnings", Group.OUTPUT, "", "hide warnings and hints"),

    INCLUDE_DIRECTORY('I', "", Group.LOOKUP, "DIR", "look for included files in this directory first; may be repeated"),
    INCLUDE('\0', "include", Group.LOOKUP, "FILE", "include this file before the script; may be repeated"),
    DEBUGINFO('\0', "debuginfo", Group.LOOKUP, "DIR[:DIR]", "look for separate debug files in these directories too"),
    TRACEABLE_FUNCTIONS('\0', "traceable-functions", Group.LOOKUP, "FILE", "take wildcards of kernel functions from this list"),

    UNSAFE('\0', "unsafe", Group.SAFETY, "", "allow what changes the system: system(), signal() and others"),
    NO_FEATURE('\0', "no-feature", Group.SAFETY, "FEATURE[,FEATURE]", "do without uprobe_multi, kprobe_multi, kprobe_session or uprobe_session"),

    DRY_RUN('\0', "dry-run", Group.DEVELOPMENT, "", "end once everything is attached"),
    AOT('\0', "aot", Group.DEVELOPMENT, "FILE", "compile the script for this machine to a file, which is run later in place of a script, and end"),
    EMIT_ELF('\0', "emit-elf", Group.DEVELOPMENT, "FILE", "write the programs to an object file and end"),
    EMIT_LLVM('\0', "emit-llvm", Group.DEVELOPMENT, "FILE", "write the intermediate code to FILE.ir"),
    VERIFY_LLVM_IR('\0', "verify-llvm-ir", Group.DEVELOPMENT, "", "accepted for bpftrace's sake"),
    DEBUG('d', "debug", Group.DEVELOPMENT, "[STAGE[,STAGE]]", "print stages of the compiler: ast, types, ir (or codegen), asm, all"),
    MODE('\0', "mode", Group.DEVELOPMENT, "MODE", "codegen, compiler-bench, bench, test or format"),
    TEST('\0', "test", Group.DEVELOPMENT, "", "run the test: probes"),
    BENCH('\0', "bench", Group.DEVELOPMENT, "", "run the bench: probes"),
    PROBE_FILTER('\0', "probe-filter", Group.DEVELOPMENT, "REGEX", "leave out probes whose name does not match"),
    FORMAT_SCRIPT('\0', "fmt", Group.DEVELOPMENT, "", "print the script in its canonical form");

    /** A paragraph of the help text. */
    enum Group {
        SCRIPT(""), PROCESS("PROCESSES"), OUTPUT("OUTPUT"), LOOKUP("LOOKING UP"), SAFETY("SAFETY"), DEVELOPMENT("DEVELOPMENT");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    private final char letter;
    private final String word;
    private final Group group;
    private final String argument;
    private final String help;

    Option(char letter, String word, Group group, String argument, String help) {
        this.letter = letter;
        this.word = word;
        this.group = group;
        this.argument = argument;
        this.help = help;
    }

    /** The letter after one dash; 0 without one. */
    char letter() {
        return letter;
    }

    /** The word after two dashes; empty without one. */
    String word() {
        return word;
    }

    /** Where the help text has it. */
    Group group() {
        return group;
    }

    /** What its argument is called; empty when it takes none. */
    String argument() {
        return argument;
    }

    /** What it does. */
    String help() {
        return help;
    }

    /** Whether it must have an argument. */
    boolean needsArgument() {
        return !argument.isEmpty() && argument.charAt(0) != '[';
    }

    /** How it is written: {@code -p, --pid PID}. */
    String form() {
        String dash = letter == 0 ? "" : "-" + letter;
        String dashes = word.isEmpty() ? "" : "--" + word;
        String between = dash.isEmpty() || dashes.isEmpty() ? "" : ", ";
        return dash + between + dashes + (argument.isEmpty() ? "" : " " + argument);
    }
}
