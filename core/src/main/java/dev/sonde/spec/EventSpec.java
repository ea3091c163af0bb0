package dev.sonde.spec;

import dev.sonde.source.Span;
import dev.sonde.types.Type;
import java.util.List;

/**
 * A record that programs send. Its first 4 bytes are the event's index in the specification, the next 4 are unused; fields start at offset 8 or
 * later.
 *
 * @param size bytes of the whole record, a multiple of 8
 * @param action what to do on it
 * @param span the call that sends it
 */
public record EventSpec(int size, Action action, Span span) {
    /** Offset of the first field. */
    public static final int HEADER = 8;

    /** A value in the record: {@code offset} bytes from its start. */
    public record Field(int offset, Type type) {}

    /** What is done on a record. */
    public sealed interface Action {
        /** printf, errorf and warnf. */
        record Print(Channel channel, Format format, List<Field> arguments) implements Action {}

        /** {@code print(@m, top, div)}; 0 for those not given. */
        record PrintMap(int map, int top, int div) implements Action {}

        /** {@code print(@m[key])}: the key and the value are in the record; {@code prefix} is the map's name. */
        record PrintEntry(String prefix, Field key, Field value) implements Action {}

        /** {@code print(value)} */
        record PrintValue(Field value) implements Action {}

        /** {@code clear(@m)} */
        record ClearMap(int map) implements Action {}

        /** {@code zero(@m)} */
        record ZeroMap(int map) implements Action {}

        /** {@code exit(code)}: the code is a 4-byte integer in the record. */
        record Exit(Field code) implements Action {}

        /** {@code system(format, …)} */
        record Run(Format format, List<Field> arguments) implements Action {}

        /** {@code cat(format, …)} */
        record Cat(Format format, List<Field> arguments) implements Action {}

        /** {@code time(format)}, the wall clock of the moment of printing. */
        record Time(String format) implements Action {}

        /** {@code join(array, delimiter)}: 4 bytes of count, then that many strings of {@code width} bytes from {@code strings} on. */
        record Join(String delimiter, Field count, int strings, int width) implements Action {}

        /** {@code skboutput(path, skb, length, offset)}: bytes for a capture file. */
        record Capture(String path, Field nanoseconds, Field data) implements Action {}

        /** A failed helper call, told with -k: the error number is a 4-byte integer. */
        record HelperError(String helper, Field error) implements Action {}

        /** A mistake that only shows while running: division by zero, index out of bounds. */
        record RuntimeError(String message) implements Action {}

        /** A process whose unwind tables are wanted: its id is a 4-byte integer. */
        record LoadUnwindTables(Field pid) implements Action {}

        /** {@code unwatch(address)} */
        record Unwatch(Field address) implements Action {}
    }

    /** Which of the printing functions. */
    public enum Channel {
        PRINTF, ERRORF, WARNF, DEBUGF
    }
}
