package dev.sonde.output;

import dev.sonde.source.Span;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.TraceSpec;
import dev.sonde.types.Type;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Prints for programs: one object a line, {@code {"type": …, "data": …}}. */
final class JsonPrinter implements Printer {
    private static final int CHUNK = 1 << 15;

    private final TextBuffer line = new TextBuffer(4096);
    private final TextBuffer scratch = new TextBuffer(1024);
    private final Sink out;
    private final Resolver resolver;
    private final TraceSpec spec;
    private final ValueText text;
    private final ValueJson json;
    private final Records records;

    JsonPrinter(Sink out, Resolver resolver, TraceSpec spec) {
        this.out = out;
        this.resolver = resolver;
        this.spec = spec;
        text = new ValueText(resolver, spec);
        json = new ValueJson(text);
        records = new Records(spec, text);
    }

    private TextBuffer open(String type) {
        return line.put("{\"type\": \"").put(type).put("\", \"data\": ");
    }

    private void close() {
        line.put("}\n").drain(out);
    }

    /** Adds what is in the scratch buffer as a string. */
    private void scratchString() {
        JsonText.string(line, scratch.array(), 0, scratch.length(), false);
        scratch.cut(0);
    }

    private void string(String type, byte[] content) {
        JsonText.string(open(type), content, 0, content.length, false);
        close();
    }

    @Override
    public void printf(int index, MemorySegment record) {
        records.format(scratch, index, record);
        EventSpec event = spec.events().get(index);
        switch (((Action.Print) event.action()).channel()) {
            case PRINTF, DEBUGF -> {
                open("printf");
                scratchString();
                close();
            }
            case ERRORF -> message("errorf", event.span());
            case WARNF -> message("warnf", event.span());
        }
    }

    private void message(String type, Span span) {
        line.put("{\"type\": \"").put(type).put("\", \"msg\": ");
        scratchString();
        place(span);
    }

    private void place(Span span) {
        JsonText.string(line.put(", \"filename\": "), span.source().name());
        line.put(", \"line\": ").decimal(span.line()).put(", \"col\": ").decimal(span.column());
        close();
    }

    @Override
    public String formatted(int index, MemorySegment record) {
        records.format(scratch, index, record);
        String formatted = scratch.toString();
        scratch.cut(0);
        return formatted;
    }

    @Override
    public void value(EventSpec.Field value, MemorySegment record) {
        json.write(open("value"), value.type(), records.bytes(record), value.offset());
        close();
    }

    @Override
    public void entry(Action.PrintEntry entry, MemorySegment record) {
        byte[] b = records.bytes(record);
        member(open("map").put('{'), entry.prefix());
        boolean keyed = !(entry.key().type() instanceof Type.None);
        if (keyed) {
            json.key(line.put('{'), entry.key().type(), b, entry.key().offset());
            line.put(": ");
        }
        json.write(line, entry.value().type(), b, entry.value().offset());
        line.put(keyed ? "}}" : "}");
        close();
    }

    private static void member(TextBuffer to, String name) {
        JsonText.string(to, name);
        to.put(": ");
    }

    @Override
    public void map(MapContents contents, int top, int div) {
        if (contents.count() == 0 && !MapWriter.showsZero(contents) && !MapWriter.isStats(contents)) {
            return;
        }
        Totals totals = MapWriter.totals(contents);
        long lastEpoch = MapWriter.lastEpoch(contents, totals);
        text.divisor(div);
        member(open(type(contents)).put('{'), contents.view().name());
        if (contents.keyed()) {
            entries(contents, MapWriter.entries(contents, top), totals, lastEpoch);
        } else {
            entry(contents, 0, totals, lastEpoch);
        }
        text.divisor(1);
        line.put('}');
        close();
    }

    private static String type(MapContents contents) {
        return MapWriter.isHistogram(contents) ? "hist"
                : MapWriter.isSeries(contents) ? "tseries"
                : MapWriter.isStats(contents) ? "stats" : "map";
    }

    private void entries(MapContents contents, int[] entries, Totals totals, long lastEpoch) {
        line.put('{');
        for (int i = 0; i < entries.length; i++) {
            if (i > 0) {
                line.put(", ");
            }
            long divisor = text.divisor();
            text.divisor(1);
            json.key(line, contents.view().key().orElseThrow(), contents.key(entries[i]), 0);
            text.divisor(divisor);
            line.put(": ");
            entry(contents, entries[i], totals, lastEpoch);
            if (line.length() >= CHUNK) {
                line.drain(out);
            }
        }
        line.put('}');
    }

    private void entry(MapContents contents, int entry, Totals totals, long lastEpoch) {
        if (totals == null) {
            json.write(line, contents.view().value(), contents.value(entry), 0);
            return;
        }
        contents.totals(entry, totals);
        if (MapWriter.isHistogram(contents)) {
            new Histogram(totals, text.divisor()).json(line);
        } else if (MapWriter.isSeries(contents)) {
            new Series(totals, lastEpoch, resolver).json(line);
        } else {
            json.totals(line, totals);
        }
    }

    @Override
    public void join(Action.Join join, MemorySegment record) {
        records.join(scratch, join, record);
        open("join");
        scratchString();
        close();
    }

    @Override
    public void time(String format, long epochNanoseconds) {
        TimeFormat.clock(scratch, format, epochNanoseconds);
        open("time");
        scratchString();
        close();
    }

    @Override
    public void cat(byte[] content) {
        string("cat", content);
    }

    @Override
    public void system(byte[] content) {
        string("syscall", content);
    }

    @Override
    public void attachedProbes(int count) {
        line.put("{\"type\": \"attached_probes\", \"count\": ").decimal(count).put(", \"data\": {\"probes\": ").decimal(count).put('}');
        close();
    }

    @Override
    public void lostEvents(long count) {
        line.put("{\"type\": \"lost_events\", \"count\": ").unsigned(count).put(", \"data\": {\"events\": ").unsigned(count).put('}');
        close();
    }

    @Override
    public void helperError(Span span, String helper, int returned, String reason) {
        JsonText.string(line.put("{\"type\": \"helper_error\", \"msg\": "), reason);
        JsonText.string(line.put(", \"helper\": "), helper);
        line.put(", \"retcode\": ").decimal(returned);
        place(span);
    }

    @Override
    public void runtimeError(Span span, String message) {
        JsonText.string(line.put("{\"type\": \"runtime_error\", \"msg\": "), message);
        place(span);
    }

    @Override
    public void testResult(List<String> names, int index, long nanoseconds, List<Boolean> passed, String output) {
        member(open("test_result").put('{'), names.get(index));
        line.put("{\"duration\": ").decimal(nanoseconds).put(", \"passed\": ").put(passed.get(index) ? "true" : "false");
        JsonText.string(line.put(", \"output\": "), output);
        line.put("}}");
        close();
    }

    @Override
    public void benchmarkResult(List<String> names, int index, long averageNanoseconds, long iterations) {
        member(open("benchmark_result").put('{'), names.get(index));
        line.put("{\"average\": ").decimal(averageNanoseconds).put(", \"iters\": ").decimal(iterations).put("}}");
        close();
    }

    /** Averages and stats appear even when they are empty, as the peer has it. */
    @Override
    public void end(List<MapContents> maps) {
        for (MapContents contents : MapWriter.sorted(maps)) {
            if (contents.count() > 0) {
                map(contents, 0, 0);
            } else if (MapWriter.isStats(contents)) {
                member(open("stats").put('{'), contents.view().name());
                line.put("{}}");
                close();
            }
        }
    }

    @Override
    public void pause() {
        out.pause();
    }

    @Override
    public void flush() {
        out.flush();
    }
}
