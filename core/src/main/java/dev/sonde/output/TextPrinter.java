package dev.sonde.output;

import dev.sonde.source.DiagnosticPrinter;
import dev.sonde.source.Severity;
import dev.sonde.source.Span;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.TraceSpec;
import dev.sonde.types.Type;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Prints for people. */
final class TextPrinter implements Printer {
    private static final int CHUNK = 1 << 15;

    private final TextBuffer line = new TextBuffer(4096);
    private final TextBuffer error = new TextBuffer(256);
    private final Sink out;
    private final Sink errors;
    private final Resolver resolver;
    private final TraceSpec spec;
    private final ValueText text;
    private final Records records;
    private final boolean colour;

    TextPrinter(Sink out, Sink errors, Resolver resolver, TraceSpec spec, boolean colour) {
        this.out = out;
        this.errors = errors;
        this.resolver = resolver;
        this.spec = spec;
        this.colour = colour;
        text = new ValueText(resolver, spec);
        records = new Records(spec, text);
    }

    @Override
    public void printf(int index, MemorySegment record) {
        records.format(line, index, record);
        EventSpec event = spec.events().get(index);
        switch (((Action.Print) event.action()).channel()) {
            case PRINTF, DEBUGF -> line.drain(out);
            case ERRORF -> message(event.span(), Severity.ERROR);
            case WARNF -> message(event.span(), Severity.WARNING);
        }
    }

    /** Puts the line out as a message; its own line end gives way to the message's. */
    private void message(Span span, Severity severity) {
        String message = line.toString();
        line.cut(0);
        String bare = message.endsWith("\n") ? message.substring(0, message.length() - 1) : message;
        complain(DiagnosticPrinter.message(span, severity, bare, true, colour));
    }

    private void complain(String message) {
        error.put(message).drain(errors);
    }

    @Override
    public String formatted(int index, MemorySegment record) {
        records.format(line, index, record);
        String formatted = line.toString();
        line.cut(0);
        return formatted;
    }

    @Override
    public void value(EventSpec.Field value, MemorySegment record) {
        text.write(line, value.type(), records.bytes(record), value.offset());
        line.put('\n').drain(out);
    }

    @Override
    public void entry(Action.PrintEntry entry, MemorySegment record) {
        byte[] b = records.bytes(record);
        line.put(entry.prefix());
        if (!(entry.key().type() instanceof Type.None)) {
            key(entry.key().type(), b, entry.key().offset());
        }
        text.write(line.put(": "), entry.value().type(), b, entry.value().offset());
        line.put('\n').drain(out);
    }

    /** Adds a key in brackets; a tuple's own parentheses are left out. */
    private void key(Type type, byte[] b, int at) {
        int start = line.put('[').length();
        text.write(line, type, b, at);
        int end = line.length();
        if (end - start >= 2 && line.array()[start] == '(' && line.array()[end - 1] == ')') {
            System.arraycopy(line.array(), start + 1, line.array(), start, end - start - 2);
            line.cut(end - 2);
        }
        line.put(']');
    }

    @Override
    public void map(MapContents contents, int top, int div) {
        if (contents.count() == 0 && MapWriter.showsZero(contents)) {
            entry(contents, 0, MapWriter.totals(contents), 0);
            line.drain(out);
        } else {
            entries(contents, top, div);
        }
    }

    private void entries(MapContents contents, int top, int div) {
        Totals totals = MapWriter.totals(contents);
        long lastEpoch = MapWriter.lastEpoch(contents, totals);
        text.divisor(div);
        for (int entry : MapWriter.entries(contents, top)) {
            entry(contents, entry, totals, lastEpoch);
            if (line.length() >= CHUNK) {
                line.drain(out);
            }
        }
        text.divisor(1);
        line.drain(out);
    }

    private void entry(MapContents contents, int entry, Totals totals, long lastEpoch) {
        line.put(contents.view().name());
        if (contents.keyed()) {
            long divisor = text.divisor();
            text.divisor(1);
            key(contents.view().key().orElseThrow(), contents.key(entry), 0);
            text.divisor(divisor);
        }
        if (totals == null) {
            text.write(line.put(": "), contents.view().value(), contents.value(entry), 0);
        } else {
            contents.totals(entry, totals);
            totals(contents, totals, lastEpoch);
        }
        line.put('\n');
    }

    private void totals(MapContents contents, Totals totals, long lastEpoch) {
        if (MapWriter.isHistogram(contents)) {
            new Histogram(totals, text.divisor()).text(line.put(":\n"));
        } else if (MapWriter.isSeries(contents)) {
            new Series(totals, lastEpoch, resolver).text(line.put(":\n"));
        } else {
            AggregateText.write(line.put(": "), totals, text.divisor());
        }
    }

    @Override
    public void join(Action.Join join, MemorySegment record) {
        records.join(line, join, record);
        line.put('\n').drain(out);
    }

    @Override
    public void time(String format, long epochNanoseconds) {
        TimeFormat.clock(line, format, epochNanoseconds);
        line.drain(out);
    }

    @Override
    public void cat(byte[] content) {
        line.put(content).drain(out);
    }

    @Override
    public void system(byte[] content) {
        line.put(content).put('\n').drain(out);
    }

    @Override
    public void attachedProbes(int count) {
        error.put("Attached ").decimal(count).put(count == 1 ? " probe\n" : " probes\n").drain(errors);
    }

    @Override
    public void lostEvents(long count) {
        error.put("Lost ").unsigned(count).put(" events\n").drain(errors);
    }

    @Override
    public void helperError(Span span, String helper, int returned, String reason) {
        String message = HelperAdvice.of(helper, returned, reason) + "\nAdditional Info - helper: " + helper + ", retcode: " + returned;
        complain(DiagnosticPrinter.message(span, Severity.WARNING, message, false, colour));
    }

    @Override
    public void runtimeError(Span span, String message) {
        complain(DiagnosticPrinter.message(span, Severity.WARNING, message, false, colour));
    }

    @Override
    public void testResult(List<String> names, int index, long nanoseconds, List<Boolean> passed, String output) {
        new ResultText(line).test(names, index, nanoseconds, passed, output);
        line.drain(out);
    }

    @Override
    public void benchmarkResult(List<String> names, int index, long averageNanoseconds, long iterations) {
        new ResultText(line).benchmark(names, index, averageNanoseconds, iterations);
        line.drain(out);
    }

    @Override
    public void end(List<MapContents> maps) {
        line.put("\n\n").drain(out);
        for (MapContents contents : MapWriter.sorted(maps)) {
            entries(contents, 0, 0);
        }
    }

    @Override
    public void pause() {
        out.pause();
        errors.pause();
    }

    @Override
    public void flush() {
        out.flush();
        errors.flush();
    }
}
