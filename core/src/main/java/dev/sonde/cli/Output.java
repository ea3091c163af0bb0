package dev.sonde.cli;

import dev.sonde.output.Printer;
import dev.sonde.output.Resolver;
import dev.sonde.output.StreamSink;
import dev.sonde.output.StreamSink.Buffering;
import dev.sonde.spec.TraceSpec;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/**
 * Where a trace prints and how.
 *
 * @param file the path of -o; empty for standard output
 * @param json {@code -f json}
 * @param buffering -B
 */
record Output(String file, boolean json, Buffering buffering) {
    /** As the command line says. */
    static Output of(CommandLine line) {
        boolean json = switch (line.value(Option.FORMAT)) {
            case "", "text" -> false;
            case "json" -> true;
            default -> throw UsageException.of("-f takes text or json, not '" + line.value(Option.FORMAT) + "'");
        };
        Buffering buffering = switch (line.value(Option.BUFFERING)) {
            case "", "line" -> Buffering.LINE;
            case "full" -> Buffering.FULL;
            case "none" -> Buffering.NONE;
            default -> throw UsageException.of("-B takes line, full or none, not '" + line.value(Option.BUFFERING) + "'");
        };
        return new Output(line.value(Option.OUTPUT), json, buffering);
    }

    /** Opens the file. */
    StreamSink open() {
        try {
            return new StreamSink(file.isEmpty() ? new FileOutputStream(FileDescriptor.out) : new FileOutputStream(file), buffering);
        } catch (IOException e) {
            throw UsageException.of("cannot write the output " + e.getMessage());
        }
    }

    /** A printer on {@code out}. */
    Printer printer(StreamSink out, Resolver resolver, TraceSpec spec) {
        if (json) {
            return Printer.json(out, resolver, spec);
        }
        var errors = new StreamSink(new FileOutputStream(FileDescriptor.err), Buffering.LINE);
        return Printer.text(out, errors, resolver, spec, Messages.coloured());
    }
}
