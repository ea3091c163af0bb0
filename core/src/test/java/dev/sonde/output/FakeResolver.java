package dev.sonde.output;

import dev.sonde.types.Clock;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Knows what a test told it; wall clocks are the time itself. */
final class FakeResolver implements Resolver {
    final Map<Long, long[]> stacks = new HashMap<>();
    final Map<Long, Frame> frames = new HashMap<>();

    @Override
    public String kernelSymbol(long address) {
        return "ksym_" + Long.toHexString(address);
    }

    @Override
    public String userSymbol(long address, int pid) {
        return "usym_" + Long.toHexString(address) + "_" + pid;
    }

    @Override
    public long[] stack(long id, boolean kernel) {
        return stacks.getOrDefault(id, new long[0]);
    }

    @Override
    public List<Frame> frames(long[] addresses, int pid, Type.Stack type) {
        var found = new ArrayList<Frame>();
        for (long address : addresses) {
            found.add(frames.getOrDefault(address, Frame.unknown(address)));
        }
        return found;
    }

    @Override
    public String username(long uid) {
        return uid == 0 ? "root" : Long.toString(uid);
    }

    @Override
    public String cgroupPath(long id, String controller) {
        return controller + ":/" + id;
    }

    @Override
    public long wallClock(Clock clock, long nanoseconds) {
        return nanoseconds;
    }
}
