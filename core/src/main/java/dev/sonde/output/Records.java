package dev.sonde.output;

import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.Format;
import dev.sonde.spec.TraceSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Event records on their way to text: a record's bytes, and one {@link FormatPrinter} for each event that has a format. */
final class Records {
    private static final byte[] NONE = {};

    private final TraceSpec spec;
    private final ValueText text;
    private final FormatPrinter[] formats;
    private byte[] bytes = NONE;

    Records(TraceSpec spec, ValueText text) {
        this.spec = spec;
        this.text = text;
        formats = new FormatPrinter[spec.events().size()];
    }

    /** The bytes of a record, until the next call. */
    byte[] bytes(MemorySegment record) {
        int size = (int) record.byteSize();
        if (bytes.length < size) {
            bytes = new byte[size];
        }
        MemorySegment.copy(record, ValueLayout.JAVA_BYTE, 0, bytes, 0, size);
        return bytes;
    }

    /** Adds what event {@code index}, one with a format, makes of {@code record}. */
    void format(TextBuffer out, int index, MemorySegment record) {
        FormatPrinter printer = formats[index];
        if (printer == null) {
            printer = printer(spec.events().get(index));
            formats[index] = printer;
        }
        printer.write(out, bytes(record));
    }

    private FormatPrinter printer(EventSpec event) {
        return switch (event.action()) {
            case Action.Print(_, Format format, List<EventSpec.Field> arguments) -> new FormatPrinter(format, arguments, text);
            case Action.Run(Format format, List<EventSpec.Field> arguments) -> new FormatPrinter(format, arguments, text);
            case Action.Cat(Format format, List<EventSpec.Field> arguments) -> new FormatPrinter(format, arguments, text);
            case Action.PrintMap _, Action.PrintEntry _, Action.PrintValue _, Action.ClearMap _, Action.ZeroMap _, Action.Exit _, Action.Time _,
                    Action.Join _, Action.Capture _, Action.HelperError _, Action.RuntimeError _, Action.Unwatch _, Action.LoadUnwindTables _ ->
                throw new IllegalArgumentException("event without a format: " + event);
        };
    }

    /** Adds the strings of a join with delimiters between them. */
    void join(TextBuffer out, Action.Join join, MemorySegment record) {
        byte[] b = bytes(record);
        int fit = (int) (record.byteSize() - join.strings()) / Math.max(1, join.width());
        int count = Math.min(fit, LittleEndian.int32(b, join.count().offset()));
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.put(join.delimiter());
            }
            int at = join.strings() + i * join.width();
            out.put(b, at, LittleEndian.textLength(b, at, join.width()));
        }
    }
}
