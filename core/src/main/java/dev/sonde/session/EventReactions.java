package dev.sonde.session;

import dev.sonde.output.Printer;
import dev.sonde.output.Resolver;
import dev.sonde.source.Span;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.TraceSpec;
import dev.sonde.sys.Errno;
import dev.sonde.sys.RingBuffer;
import dev.sonde.types.Clock;
import dev.sonde.types.Type;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/** Does what the specification says on each record of the ring buffer. For the one thread that polls. */
final class EventReactions implements RingBuffer.Consumer, AutoCloseable {
    /** What is done on records of one event, found out at the first of them. */
    private interface Reaction {
        void to(MemorySegment record);
    }

    private static final long NANOSECONDS = 1_000_000;

    private final TraceSpec spec;
    private final LoadedMaps maps;
    private final Printer printer;
    private final Resolver resolver;
    private final LongConsumer unwatch;
    private final IntConsumer unwind;
    private final Reaction[] reactions;
    private final int[] sizes;
    private final CaptureFiles captures = new CaptureFiles();
    private boolean exited;
    private int exitCode;
    private long count;
    private long helperErrors;
    private long errors;

    /** @param unwatch detaches the watchpoints at an address */
    EventReactions(TraceSpec spec, LoadedMaps maps, Printer printer, Resolver resolver, LongConsumer unwatch) {
        this(spec, maps, printer, resolver, unwatch, _ -> {});
    }

    /** @param unwind looks for the unwind tables of a process */
    EventReactions(TraceSpec spec, LoadedMaps maps, Printer printer, Resolver resolver, LongConsumer unwatch, IntConsumer unwind) {
        this.spec = spec;
        this.maps = maps;
        this.printer = printer;
        this.resolver = resolver;
        this.unwatch = unwatch;
        this.unwind = unwind;
        this.reactions = new Reaction[spec.events().size()];
        this.sizes = new int[reactions.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = spec.events().get(i).size();
        }
    }

    /** After an exit event nothing happens until {@link #resume}: what was sent later is dropped. */
    @Override
    public void record(MemorySegment ring, long offset, int length) {
        if (exited || length < EventSpec.HEADER) {
            return;
        }
        int index = ring.get(ValueLayout.JAVA_INT, offset);
        if (index < 0 || index >= sizes.length || length < sizes[index]) {
            throw new IllegalStateException("record of event " + index + " with " + length + " bytes");
        }
        Reaction reaction = reactions[index];
        if (reaction == null) {
            reaction = reaction(index, spec.events().get(index));
            reactions[index] = reaction;
        }
        count++;
        reaction.to(ring.asSlice(offset, length));
    }

    /** Whether an exit event came since the start or the last {@link #resume}. */
    boolean exited() {
        return exited;
    }

    /** Takes events again after an exit. */
    void resume() {
        exited = false;
    }

    int exitCode() {
        return exitCode;
    }

    long count() {
        return count;
    }

    long helperErrors() {
        return helperErrors;
    }

    /** How many errors the script told of, and mistakes that showed while running. */
    long errors() {
        return errors;
    }

    private Reaction reaction(int index, EventSpec event) {
        return switch (event.action()) {
            case Action.Print print -> record -> print(index, print, record);
            case Action.PrintMap(int map, int top, int div) -> _ -> printer.map(maps.contents(map), top, div);
            case Action.PrintEntry entry -> record -> printer.entry(entry, record);
            case Action.PrintValue(EventSpec.Field value) -> record -> printer.value(value, record);
            case Action.ClearMap(int map) -> _ -> maps.clear(map);
            case Action.ZeroMap(int map) -> _ -> maps.zero(map);
            case Action.Exit(EventSpec.Field code) -> record -> exit((int) integer(record, code));
            case Action.Run _ -> record -> run(printer.formatted(index, record), event.span());
            case Action.Cat _ -> record -> cat(printer.formatted(index, record), event.span());
            case Action.Time(String format) -> _ -> printer.time(format, System.currentTimeMillis() * NANOSECONDS);
            case Action.Join join -> record -> printer.join(join, record);
            case Action.Capture capture -> record -> capture(capture, record, event.span());
            case Action.HelperError(String helper, EventSpec.Field error) ->
                record -> helperError(helper, (int) integer(record, error), event.span());
            case Action.RuntimeError(String message) -> _ -> runtimeError(event.span(), message);
            case Action.Unwatch(EventSpec.Field address) -> record -> unwatch.accept(integer(record, address));
            case Action.LoadUnwindTables(EventSpec.Field pid) -> record -> unwind.accept((int) integer(record, pid));
        };
    }

    private void print(int index, Action.Print print, MemorySegment record) {
        errors += print.channel() == EventSpec.Channel.ERRORF ? 1 : 0;
        printer.printf(index, record);
    }

    private static long integer(MemorySegment record, EventSpec.Field field) {
        return switch (field.type().size()) {
            case 1 -> record.get(ValueLayout.JAVA_BYTE, field.offset());
            case 2 -> record.get(ValueLayout.JAVA_SHORT_UNALIGNED, field.offset());
            case 4 -> record.get(ValueLayout.JAVA_INT_UNALIGNED, field.offset());
            default -> record.get(ValueLayout.JAVA_LONG_UNALIGNED, field.offset());
        };
    }

    private void exit(int code) {
        exited = true;
        exitCode = code;
    }

    private void run(String command, Span span) {
        printer.flush();
        try {
            ShellCommand done = ShellCommand.run(command);
            printer.system(done.output());
            if (done.status() != 0) {
                printer.runtimeError(span, "command exited with code " + done.status() + ": " + command);
            }
        } catch (IOException e) {
            printer.runtimeError(span, "cannot run " + command + ": " + e.getMessage());
        }
    }

    private void cat(String path, Span span) {
        try (FileInputStream file = new FileInputStream(path)) {
            printer.cat(file.readNBytes(spec.options().maxCatBytes()));
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            String reason = message.startsWith(path) ? message.substring(path.length()) : " (" + message + ")";
            printer.runtimeError(span, "failed to open file '" + path + "'" + reason);
        }
    }

    private void capture(Action.Capture capture, MemorySegment record, Span span) {
        int from = capture.data().offset() + 4;
        int capacity = capture.data().type() instanceof Type.Buffer(int size) ? size : 0;
        int length = Math.clamp(record.get(ValueLayout.JAVA_INT_UNALIGNED, from - 4), 0, Math.min(capacity, (int) record.byteSize() - from));
        byte[] packet = new byte[length];
        MemorySegment.copy(record, ValueLayout.JAVA_BYTE, from, packet, 0, length);
        try {
            captures.write(capture.path(), resolver.wallClock(Clock.BOOTTIME, integer(record, capture.nanoseconds())), packet, 0, length);
        } catch (IOException e) {
            printer.runtimeError(span, "cannot write " + capture.path() + ": " + e.getMessage());
        }
    }

    private void runtimeError(Span span, String message) {
        errors++;
        printer.runtimeError(span, message);
    }

    private void helperError(String helper, int returned, Span span) {
        helperErrors++;
        printer.helperError(span, helper, returned, returned == 0 ? "Success" : Errno.of(Math.abs(returned)).words());
    }

    @Override
    public void close() {
        captures.close();
    }
}
