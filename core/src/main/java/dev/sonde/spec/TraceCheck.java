package dev.sonde.spec;

import dev.sonde.asm.EncodedProgram;
import dev.sonde.asm.Encoder;
import dev.sonde.types.Type;
import java.util.List;

/** Whether the parts of a trace that was read fit together: what one names is there, and values lie in their records. */
final class TraceCheck {
    private final TraceSpec trace;

    TraceCheck(TraceSpec trace) {
        this.trace = trace;
    }

    /** What is wrong first; empty when nothing is. */
    String mistake() {
        try {
            if (trace.maps().isEmpty() || trace.maps().get(TraceSpec.RING).kind() != MapKind.RINGBUF) {
                return "the first map is no ring buffer";
            } else if (!trace.programs().stream().allMatch(this::fits)) {
                return "a program names what is not there";
            } else if (!trace.maps().stream().allMatch(TraceCheck::fits)) {
                return "a map's values have another size than their type";
            }
            return trace.events().stream().allMatch(this::fits) ? "" : "an event's values are not in its record";
        } catch (IllegalArgumentException | ArithmeticException e) {
            return e.getMessage();
        }
    }

    private boolean fits(ProgramSpec program) {
        EncodedProgram encoded = Encoder.encode(program.code());
        for (EncodedProgram.MapReference reference : encoded.maps()) {
            if (!isMap(reference.map())) {
                return false;
            }
        }
        return program.attachments().stream().allMatch(this::fits);
    }

    private boolean fits(AttachSpec attachment) {
        int places = switch (attachment) {
            case AttachSpec.UprobeMulti multi -> multi.offsets().size() == multi.refCounters().size() ? multi.count() : Integer.MAX_VALUE;
            case AttachSpec.KprobeMulti multi -> multi.count();
            case AttachSpec.Self _, AttachSpec.Tracepoint _, AttachSpec.RawTracepoint _, AttachSpec.Tracing _, AttachSpec.Uprobe _,
                    AttachSpec.Kprobe _, AttachSpec.Software _, AttachSpec.Hardware _, AttachSpec.Interval _, AttachSpec.Profile _,
                    AttachSpec.Watchpoint _, AttachSpec.Iterator _ -> 1;
        };
        return attachment.site() >= 0 && attachment.site() + (long) places <= trace.sites().size();
    }

    private static boolean fits(MapSpec map) {
        return map.view().isEmpty() || isWithin(0, map.view().get().value(), map.valueSize())
                && (map.view().get().key().isEmpty() || isWithin(0, map.view().get().key().get(), map.keySize()));
    }

    private boolean fits(EventSpec event) {
        return event.size() >= EventSpec.HEADER && switch (event.action()) {
            case EventSpec.Action.Print a -> areWithin(a.arguments(), event);
            case EventSpec.Action.Run a -> areWithin(a.arguments(), event);
            case EventSpec.Action.Cat a -> areWithin(a.arguments(), event);
            case EventSpec.Action.PrintMap a -> isShown(a.map());
            case EventSpec.Action.ClearMap a -> isShown(a.map());
            case EventSpec.Action.ZeroMap a -> isShown(a.map());
            case EventSpec.Action.PrintEntry a -> areWithin(List.of(a.key(), a.value()), event);
            case EventSpec.Action.PrintValue a -> areWithin(List.of(a.value()), event);
            case EventSpec.Action.Exit a -> areWithin(List.of(a.code()), event);
            case EventSpec.Action.Join a -> areWithin(List.of(a.count()), event) && a.strings() >= 0 && a.width() >= 0;
            case EventSpec.Action.Capture a -> areWithin(List.of(a.nanoseconds(), a.data()), event);
            case EventSpec.Action.HelperError a -> areWithin(List.of(a.error()), event);
            case EventSpec.Action.LoadUnwindTables a -> areWithin(List.of(a.pid()), event);
            case EventSpec.Action.Unwatch a -> areWithin(List.of(a.address()), event);
            case EventSpec.Action.Time _, EventSpec.Action.RuntimeError _ -> true;
        };
    }

    private boolean isMap(int index) {
        return index >= 0 && index < trace.maps().size();
    }

    private boolean isShown(int index) {
        return isMap(index) && trace.maps().get(index).view().isPresent();
    }

    private static boolean areWithin(List<EventSpec.Field> fields, EventSpec event) {
        return fields.stream().allMatch(field -> isWithin(field.offset(), field.type(), event.size()));
    }

    private static boolean isWithin(int offset, Type type, int whole) {
        int size = type.size();
        return offset >= 0 && size >= 0 && offset + (long) size <= whole;
    }
}
