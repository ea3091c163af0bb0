package dev.sonde.output;

import dev.sonde.source.Source;
import dev.sonde.source.Span;
import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.FormatParser;
import dev.sonde.spec.MapKind;
import dev.sonde.spec.MapSpec;
import dev.sonde.spec.RunOptions;
import dev.sonde.spec.TraceSpec;
import dev.sonde.types.Aggregation;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A trace under test: events and maps as a compiled script has them, and what printing them gave. */
final class Trace {
    static final Source SOURCE = new Source("stdin", "BEGIN { errorf(\"hello %d\", 5); }");
    static final Span CALL = SOURCE.span(8, 29);

    final FakeResolver resolver = new FakeResolver();
    final CapturedSink out = new CapturedSink();
    final CapturedSink errors = new CapturedSink();
    private final List<TraceSpec.Site> sites = List.of(new TraceSpec.Site("uprobe:./t2:leaf", "leaf"));

    TraceSpec spec(EventSpec... events) {
        return new TraceSpec(List.of(), List.of(), List.of(events), sites, RunOptions.DEFAULTS);
    }

    Printer text(EventSpec... events) {
        return Printer.text(out, errors, resolver, spec(events), false);
    }

    Printer json(EventSpec... events) {
        return Printer.json(out, resolver, spec(events));
    }

    /** An argument or key or value with its type. */
    record Typed(Type type, Object value) {}

    static Typed typed(Type type, Object value) {
        return new Typed(type, value);
    }

    /** What printf prints of these arguments. */
    String printf(String format, Typed... arguments) {
        return new String(printfBytes(format, arguments), StandardCharsets.UTF_8);
    }

    byte[] printfBytes(String format, Typed... arguments) {
        int before = out.bytes().length;
        EventSpec event = print(EventSpec.Channel.PRINTF, format, arguments);
        text(event).printf(0, record(event, arguments));
        byte[] all = out.bytes();
        return Arrays.copyOfRange(all, before, all.length);
    }

    static EventSpec print(EventSpec.Channel channel, String format, Typed... arguments) {
        List<EventSpec.Field> fields = fields(arguments);
        return new EventSpec(4096, new Action.Print(channel, FormatParser.of(format), fields), CALL);
    }

    static List<EventSpec.Field> fields(Typed... arguments) {
        var fields = new ArrayList<EventSpec.Field>();
        int offset = EventSpec.HEADER;
        for (Typed argument : arguments) {
            offset = Layout.align(offset, argument.type().alignment());
            fields.add(new EventSpec.Field(offset, argument.type()));
            offset += argument.type().size();
        }
        return fields;
    }

    static MemorySegment record(EventSpec event, Typed... arguments) {
        return record(event.size(), arguments);
    }

    static MemorySegment record(int size, Typed... arguments) {
        var bytes = new byte[size];
        List<EventSpec.Field> fields = fields(arguments);
        for (int i = 0; i < arguments.length; i++) {
            byte[] value = Bytes.of(arguments[i].type(), arguments[i].value());
            System.arraycopy(value, 0, bytes, fields.get(i).offset(), value.length);
        }
        return MemorySegment.ofArray(bytes);
    }

    /** What {@code print(value)} prints, without its line end. */
    String value(Type type, Object value) {
        int before = out.text().length();
        text().value(new EventSpec.Field(EventSpec.HEADER, type), record(4096, typed(type, value)));
        return out.text().substring(before);
    }

    String jsonValue(Type type, Object value) {
        int before = out.text().length();
        json().value(new EventSpec.Field(EventSpec.HEADER, type), record(4096, typed(type, value)));
        return out.text().substring(before);
    }

    /** A map with keys; {@code entries} are keys and values in turn. */
    static MapContents map(String name, Type key, Type value, Object... entries) {
        int count = entries.length / 2;
        var keys = new byte[count * key.size()];
        var values = new byte[count * value.size()];
        for (int i = 0; i < count; i++) {
            System.arraycopy(Bytes.of(key, entries[2 * i]), 0, keys, i * key.size(), key.size());
            System.arraycopy(Bytes.of(value, entries[2 * i + 1]), 0, values, i * value.size(), value.size());
        }
        var view = new MapSpec.View(name, Optional.of(key), value, MapSpec.Storage.ENTRY);
        return contents(MapKind.HASH, key.size(), value.size(), view, count, keys, values, 1);
    }

    /** A map without keys that was assigned {@code value}. */
    static MapContents single(String name, Type type, Object value) {
        var bytes = new byte[8 + type.size()];
        bytes[0] = (byte) (value == null ? 0 : 1);
        if (value != null) {
            System.arraycopy(Bytes.of(type, value), 0, bytes, 8, type.size());
        }
        var view = new MapSpec.View(name, Optional.empty(), type, MapSpec.Storage.SINGLE);
        return contents(MapKind.ARRAY, 4, bytes.length, view, 1, new byte[4], bytes, 1);
    }

    /** A keyed aggregation: each entry's words are those of its CPUs, one after the other. */
    static MapContents aggregated(String name, Type key, Aggregation aggregation, int cpus, Object... entries) {
        var type = new Type.Aggregate(aggregation);
        int count = entries.length / 2;
        var keys = new byte[count * key.size()];
        var values = new byte[count * type.size() * cpus];
        for (int i = 0; i < count; i++) {
            System.arraycopy(Bytes.of(key, entries[2 * i]), 0, keys, i * key.size(), key.size());
            longs(values, i * type.size() * cpus, (long[]) entries[2 * i + 1]);
        }
        var view = new MapSpec.View(name, Optional.of(key), type, MapSpec.Storage.ENTRY_PER_CPU);
        return contents(MapKind.PERCPU_HASH, key.size(), type.size(), view, count, keys, values, cpus);
    }

    /** An aggregation without a key; {@code blocks} are the CPUs' words, null for a CPU that never updated. */
    static MapContents aggregated(String name, Aggregation aggregation, long[]... blocks) {
        int size = MapSpec.Storage.blockSize(aggregation.words());
        var values = new byte[size * blocks.length];
        for (int cpu = 0; cpu < blocks.length; cpu++) {
            if (blocks[cpu] != null) {
                values[cpu * size] = 1;
                longs(values, cpu * size + 8, blocks[cpu]);
            }
        }
        var view = new MapSpec.View(name, Optional.empty(), new Type.Aggregate(aggregation), MapSpec.Storage.SINGLE_PER_CPU);
        return contents(MapKind.ARRAY, 4, values.length, view, 1, new byte[4], values, blocks.length);
    }

    private static MapContents contents(
            MapKind kind, int keySize, int valueSize, MapSpec.View view, int count, byte[] keys, byte[] values, int cpus) {
        var spec = new MapSpec("m", kind, keySize, valueSize, 4096, 0, new byte[0], Optional.of(view));
        return MapContents.of(spec, count, MemorySegment.ofArray(keys), MemorySegment.ofArray(values), cpus);
    }

    private static void longs(byte[] to, int at, long[] words) {
        for (int i = 0; i < words.length; i++) {
            byte[] word = Bytes.of(Type.INT64, words[i]);
            System.arraycopy(word, 0, to, at + 8 * i, 8);
        }
    }

    /** The words of a histogram of {@code values}. */
    static long[] hist(Aggregation aggregation, long... values) {
        var words = new long[aggregation.words()];
        for (long value : values) {
            int bucket = switch (aggregation) {
                case Aggregation.Hist hist -> hist.bucketOf(value);
                case Aggregation.Lhist(long min, long max, long step) ->
                    value < min ? 0 : value >= max ? words.length - 1 : (int) ((value - min) / step) + 1;
                default -> throw new IllegalArgumentException();
            };
            words[bucket]++;
        }
        return words;
    }
}
