package dev.sonde.cli;

/** The help text and the version line. */
final class Help {
    /** The version; the build checks that it is the project's. */
    static final String VERSION = "0.1.0";

    private static final String LANGUAGE = "0.27.1";
    private static final int COLUMN = 32;

    private Help() {}

    /** What -h prints; {@code command} is the name that the program was started by. */
    static String text(String command) {
        var text = new StringBuilder();
        text.append(command).append(" - trace a running Linux system with bpftrace scripts\n\nUSAGE:\n");
        text.append("    ").append(command).append(" [options] FILE [ARGUMENT...]\n");
        text.append("    ").append(command).append(" [options] -e PROGRAM [ARGUMENT...]\n");
        text.append("    ").append(command).append(" [options] -             (the script comes from standard input)\n");
        text.append("    ").append(command).append(" doctor [-f json]        (tells what this machine can trace, and how to change it)\n");
        text.append("    Arguments are $1, $2 and on; --name=value after -- is for getopt().\n");
        Option.Group group = null;
        for (Option option : Option.values()) {
            if (option.group() != group) {
                group = option.group();
                text.append('\n').append(group.title().isEmpty() ? "OPTIONS" : group.title()).append(":\n");
            }
            option(text, option);
        }
        examples(text.append("\nEXAMPLES:\n"), command);
        return text.toString();
    }

    private static void option(StringBuilder text, Option option) {
        String form = option.form();
        text.append("    ").append(option.letter() == 0 ? "    " : "").append(form);
        int used = 4 + (option.letter() == 0 ? 4 : 0) + form.length();
        if (used >= COLUMN) {
            text.append('\n');
            used = 0;
        }
        text.repeat(' ', COLUMN - used).append(option.help()).append('\n');
    }

    private static void examples(StringBuilder text, String command) {
        String start = "    " + command + ' ';
        text.append(start).append("-e 'tracepoint:syscalls:sys_enter_openat { printf(\"%s %s\\n\", comm, str(args.filename)) }'\n");
        text.append(start).append("-e 'profile:hz:99 { @[kstack] = count() }'\n");
        text.append(start).append("-p 1234 -e 'uprobe:libc:malloc { @[ustack] = count() }'\n");
        text.append(start).append("-lv 'tracepoint:sched:*'\n");
    }

    /** What -V prints. A program started as bpftrace answers as one, for scripts that ask. */
    static String version(String command) {
        String sonde = "Sonde " + VERSION;
        return command.equals("bpftrace") ? "bpftrace v" + LANGUAGE + " (" + sonde + ")\n" : sonde + " (the language of bpftrace " + LANGUAGE + ")\n";
    }
}
