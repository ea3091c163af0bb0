package dev.sonde.session;

import dev.sonde.linux.Cgroups;
import dev.sonde.linux.LiveTarget;
import dev.sonde.linux.Users;
import dev.sonde.output.Frame;
import dev.sonde.output.Resolver;
import dev.sonde.symbols.Naming;
import dev.sonde.symbols.Symbolizer;
import dev.sonde.sys.Kernel;
import dev.sonde.types.Clock;
import dev.sonde.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Answers for the names of this machine. Nothing is read before it is asked for. Recorded stacks are not its business: a session adds them. */
public final class LiveNames implements Resolver, AutoCloseable {
    private static final long[] NONE = {};

    private final Kernel kernel;
    private final Cgroups cgroups;
    private final Users users = new Users();
    private final Symbolizer symbolizer;
    private final Naming naming;

    /**
     * @param demangle whether C++ and Rust names are shown as in the source
     * @param log gets a line for each file whose symbols cannot be read
     */
    public LiveNames(Kernel kernel, LiveTarget target, boolean demangle, Consumer<String> log) {
        this.kernel = kernel;
        this.cgroups = target.cgroups();
        this.symbolizer = new Symbolizer(target::kallsyms, log);
        this.naming = new Naming(demangle, false);
    }

    /** Notes where process {@code pid} has its code, so that its stacks have names when it has ended. Cheap when it is known. */
    public void remember(int pid) {
        symbolizer.remember(pid);
    }

    @Override
    public String kernelSymbol(long address) {
        return name(symbolizer.kernelFrame(address));
    }

    @Override
    public String userSymbol(long address, int pid) {
        return name(symbolizer.frame(address, pid, naming));
    }

    private static String name(dev.sonde.symbols.Frame frame) {
        if (!frame.name().isEmpty()) {
            return frame.name();
        }
        return frame.address() == 0 ? "0" : "0x" + Long.toHexString(frame.address());
    }

    @Override
    public long[] stack(long id, boolean kernel) {
        return NONE;
    }

    @Override
    public List<Frame> frames(long[] addresses, int pid, Type.Stack type) {
        List<Frame> frames = new ArrayList<>(addresses.length);
        for (dev.sonde.symbols.Frame frame : type.kernel() ? symbolizer.kernelFrames(addresses) : symbolizer.frames(addresses, pid, naming)) {
            boolean inlined = frame instanceof dev.sonde.symbols.Frame.Inlined;
            frames.add(new Frame(frame.address(), frame.name(), frame.offset(), frame.location().module(), frame.location().buildId(),
                    frame.location().fileOffset(), frame.source(), inlined));
        }
        return frames;
    }

    @Override
    public String username(long uid) {
        return users.name((int) uid).orElse(Long.toString(uid));
    }

    /** {@code hierarchy:path} for each hierarchy that has the group, divided by commas. */
    @Override
    public String cgroupPath(long id, String controller) {
        String paths = cgroups.paths(id, controller.isEmpty() ? "*" : controller);
        return paths.isEmpty() ? Long.toString(id) : paths;
    }

    @Override
    public long wallClock(Clock clock, long nanoseconds) {
        dev.sonde.sys.Clock from = switch (clock) {
            case MONOTONIC -> dev.sonde.sys.Clock.CLOCK_MONOTONIC;
            case BOOTTIME -> dev.sonde.sys.Clock.CLOCK_BOOTTIME;
            case TAI -> dev.sonde.sys.Clock.CLOCK_TAI;
            case REALTIME -> dev.sonde.sys.Clock.CLOCK_REALTIME;
        };
        long ahead = dev.sonde.sys.Clock.CLOCK_REALTIME.nanos(kernel) - from.nanos(kernel);
        // Between these two clocks there are whole seconds.
        return nanoseconds + (clock == Clock.TAI ? Math.round(ahead / 1e9) * 1_000_000_000L : ahead);
    }

    @Override
    public void close() {
        symbolizer.close();
    }
}
