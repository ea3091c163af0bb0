package dev.sonde.output;

import dev.sonde.source.Span;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.TraceSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Prints everything that a trace prints, as bpftrace 0.27 does to the byte. A record is one event from the ring buffer, with its header; an event's
 * index is its place in {@link TraceSpec#events()}. Not thread-safe.
 */
public sealed interface Printer permits TextPrinter, JsonPrinter {
    /** Prints text on {@code out}, warnings and errors on {@code errors}, coloured when {@code colour}. */
    static Printer text(Sink out, Sink errors, Resolver resolver, TraceSpec spec, boolean colour) {
        return new TextPrinter(out, errors, resolver, spec, colour);
    }

    /** Prints one JSON object a line on {@code out}. */
    static Printer json(Sink out, Resolver resolver, TraceSpec spec) {
        return new JsonPrinter(out, resolver, spec);
    }

    /** {@code printf}, {@code errorf}, {@code warnf}: event {@code index} is a {@link Action.Print}. */
    void printf(int index, MemorySegment record);

    /** The text that the format of event {@code index} makes: the command of a {@link Action.Run}, the path of a {@link Action.Cat}. */
    String formatted(int index, MemorySegment record);

    /** {@code print(value)} */
    void value(EventSpec.Field value, MemorySegment record);

    /** One entry of a map with the map's name: {@code @x[k]: v}. */
    void entry(Action.PrintEntry entry, MemorySegment record);

    /** {@code print(@m, top, div)}; a map without keys that was never assigned shows its zero, except for histograms. */
    void map(MapContents contents, int top, int div);

    /** {@code join(array, delimiter)} */
    void join(Action.Join join, MemorySegment record);

    /** {@code time(format)} at the moment {@code epochNanoseconds}. */
    void time(String format, long epochNanoseconds);

    /** {@code cat(file)}: what is to be shown of the file. */
    void cat(byte[] content);

    /** {@code system(command)}: what the command wrote. */
    void system(byte[] content);

    /** How many probes were attached. */
    void attachedProbes(int count);

    /** How many events were lost. */
    void lostEvents(long count);

    /** A failed helper call: {@code returned} is the helper's return value, {@code reason} its errno in words as strerror(3) has it. */
    void helperError(Span span, String helper, int returned, String reason);

    /** A mistake that shows only while running. */
    void runtimeError(Span span, String message);

    /** One test's result; called for each of {@code names} in order. {@code output} is what the test printed. */
    void testResult(List<String> names, int index, long nanoseconds, List<Boolean> passed, String output);

    /** One benchmark's result; called for each of {@code names} in order. */
    void benchmarkResult(List<String> names, int index, long averageNanoseconds, long iterations);

    /** The end: in text two empty lines; then the maps that are not empty, by name. */
    void end(List<MapContents> maps);

    /** Nothing more is to be printed for now. */
    void pause();

    /** Hands on everything that was kept back. */
    void flush();
}
