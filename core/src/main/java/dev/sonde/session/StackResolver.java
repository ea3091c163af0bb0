package dev.sonde.session;

import dev.sonde.output.Frame;
import dev.sonde.output.Resolver;
import dev.sonde.sys.BpfMap;
import dev.sonde.types.Clock;
import dev.sonde.types.Type;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Answers with the names of another resolver, and with the stacks that the programs of a trace recorded. */
final class StackResolver implements Resolver {
    private static final long[] NONE = {};

    private final Resolver names;
    private final BpfMap stacks;
    private final MemorySegment key = MemorySegment.ofArray(new byte[8]);
    private final MemorySegment value;

    /** @param stacks the map of stack ids to a count and as many addresses; null when no program records any */
    StackResolver(Resolver names, BpfMap stacks) {
        this.names = names;
        this.stacks = stacks;
        this.value = MemorySegment.ofArray(new byte[stacks == null ? 0 : stacks.valueStride()]);
    }

    @Override
    public long[] stack(long id, boolean kernel) {
        key.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, id);
        if (stacks == null || !stacks.lookup(key, value)) {
            return NONE;
        }
        long room = value.byteSize() / 8 - 1;
        long[] addresses = new long[(int) Math.clamp(value.get(ValueLayout.JAVA_LONG_UNALIGNED, 0), 0, room)];
        MemorySegment.copy(value, ValueLayout.JAVA_LONG_UNALIGNED, 8, addresses, 0, addresses.length);
        return addresses;
    }

    @Override
    public String kernelSymbol(long address) {
        return names.kernelSymbol(address);
    }

    @Override
    public String userSymbol(long address, int pid) {
        return names.userSymbol(address, pid);
    }

    @Override
    public List<Frame> frames(long[] addresses, int pid, Type.Stack type) {
        return names.frames(addresses, pid, type);
    }

    @Override
    public String username(long uid) {
        return names.username(uid);
    }

    @Override
    public String cgroupPath(long id, String controller) {
        return names.cgroupPath(id, controller);
    }

    @Override
    public long wallClock(Clock clock, long nanoseconds) {
        return names.wallClock(clock, nanoseconds);
    }
}
