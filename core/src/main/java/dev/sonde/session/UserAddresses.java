package dev.sonde.session;

import dev.sonde.spec.EventSpec;
import dev.sonde.spec.EventSpec.Action;
import dev.sonde.spec.MapSpec;
import dev.sonde.spec.TraceSpec;
import dev.sonde.types.Layout;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a trace keeps addresses of processes: user stacks and user symbols, which have names only as long as somebody knows where the process had its
 * code.
 */
final class UserAddresses {
    /** In a user stack and in a user symbol the process id comes after 8 bytes. */
    private static final int PID = 8;

    private UserAddresses() {}

    /** A process id: {@code offset} bytes from the start of a key of map {@code map}, or of a value. */
    record Place(int map, boolean inKey, int offset) {}

    /** The places in the maps of the script. */
    static List<Place> inMaps(TraceSpec spec) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < spec.maps().size(); i++) {
            MapSpec.View view = spec.maps().get(i).view().orElse(null);
            if (view != null) {
                int map = i;
                view.key().ifPresent(key -> collect(key, 0, map, true, places));
                collect(view.value(), view.storage() == MapSpec.Storage.SINGLE ? 8 : 0, map, false, places);
            }
        }
        return places;
    }

    /** Whether any event carries one. */
    static boolean inEvents(TraceSpec spec) {
        for (EventSpec event : spec.events()) {
            if (in(event.action())) {
                return true;
            }
        }
        return false;
    }

    private static boolean in(Action action) {
        if (action instanceof Action.Print print) {
            for (EventSpec.Field field : print.arguments()) {
                if (in(field.type())) {
                    return true;
                }
            }
        }
        return action instanceof Action.PrintValue print && in(print.value().type())
                || action instanceof Action.PrintEntry entry && (in(entry.key().type()) || in(entry.value().type()));
    }

    private static boolean in(Type type) {
        List<Place> places = new ArrayList<>();
        collect(type, 0, 0, false, places);
        return !places.isEmpty();
    }

    private static void collect(Type type, int offset, int map, boolean inKey, List<Place> places) {
        if (type instanceof Type.UserSymbol || type instanceof Type.Stack stack && !stack.kernel()) {
            places.add(new Place(map, inKey, offset + PID));
        } else if (type instanceof Type.Tuple || type instanceof Type.Named) {
            List<Type> elements = type instanceof Type.Tuple tuple ? tuple.elements() : ((Type.Named) type).elements();
            for (int i = 0; i < elements.size(); i++) {
                collect(elements.get(i), offset + Layout.tupleOffset(elements, i), map, inKey, places);
            }
        }
    }
}
