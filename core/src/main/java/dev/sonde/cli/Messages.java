package dev.sonde.cli;

import dev.sonde.source.Diagnostic;
import dev.sonde.source.DiagnosticPrinter;
import dev.sonde.source.Severity;
import dev.sonde.sys.LinuxKernel;
import dev.sonde.sys.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Standard error. */
final class Messages {
    private static final int STDERR = 2;

    private final boolean warnings;

    private Messages(boolean warnings) {
        this.warnings = warnings;
    }

    /** {@code --no-warnings} decides what is seen. */
    static Messages of(CommandLine line) {
        return new Messages(!line.has(Option.NO_WARNINGS));
    }

    /** Whether messages are coloured: as the variable {@code BPFTRACE_COLOR} says, else on a terminal. */
    static boolean coloured() {
        String wanted = EnvironmentVariable.COLOR.value();
        return wanted.equals("always") || !wanted.equals("never") && Terminal.isTerminal(LinuxKernel.open(), STDERR);
    }

    /** Whether anything but errors is shown. */
    boolean showsWarnings() {
        return warnings;
    }

    /** Prints those of {@code diagnostics} that are to be seen. */
    void print(List<Diagnostic> diagnostics) {
        boolean colour = !diagnostics.isEmpty() && coloured();
        for (Diagnostic diagnostic : diagnostics) {
            if (diagnostic.severity() == Severity.ERROR || warnings) {
                write(DiagnosticPrinter.print(warnings ? diagnostic : withoutHints(diagnostic), colour));
            }
        }
    }

    private static Diagnostic withoutHints(Diagnostic diagnostic) {
        return new Diagnostic(diagnostic.code(), diagnostic.span(), diagnostic.message(), List.of(), diagnostic.notes());
    }

    /** Prints text as it is. */
    static void write(String text) {
        write(FileDescriptor.err, text);
    }

    /** Prints text on standard output. */
    static void out(String text) {
        write(FileDescriptor.out, text);
    }

    @SuppressWarnings("resource")
    private static void write(FileDescriptor to, String text) {
        try {
            new FileOutputStream(to).write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Whoever read it has closed it: there is nobody left to tell.
        }
    }
}
