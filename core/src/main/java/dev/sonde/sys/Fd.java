package dev.sonde.sys;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * An owned file descriptor: whoever gets one closes it, once. Closing again does nothing; using a closed one throws
 * {@link IllegalStateException} instead of reaching a stranger's file.
 *
 * <p>With {@link #trace(boolean)} on, or the system property {@code dev.sonde.sys.trace} set to true, each open descriptor remembers where
 * it was made, and {@link #open()} lists them.
 */
public final class Fd implements AutoCloseable {
    private static final Set<Fd> OPEN = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    private static volatile boolean tracing = Boolean.getBoolean("dev.sonde.sys.trace");

    private final Kernel kernel;
    private final int opened;
    private final Throwable origin;
    private boolean closed;

    /** Takes ownership of {@code number}, which {@code kernel} gave out. */
    public Fd(Kernel kernel, int number) {
        this.kernel = kernel;
        this.opened = number;
        this.origin = tracing ? new Throwable("fd " + number + " opened here") : null;
        if (origin != null) {
            OPEN.add(this);
        }
    }

    /** Makes a call that returns a descriptor, and owns that. */
    static Fd from(Kernel kernel, Syscall call) {
        return new Fd(kernel, (int) kernel.call(call));
    }

    /** The number, for passing to the kernel. */
    public synchronized int number() {
        if (closed) {
            throw new IllegalStateException("fd " + opened + " is closed");
        }
        return opened;
    }

    /** The kernel it was made by. */
    Kernel kernel() {
        return kernel;
    }

    /** Reads at most {@code into.byteSize()} bytes; 0 at the end of the file. */
    public int read(MemorySegment into) {
        return (int) kernel.call(new Syscall.Read(number(), into));
    }

    /** Writes {@code from} and returns how much of it was taken. */
    public int write(MemorySegment from) {
        return (int) kernel.call(new Syscall.Write(number(), from));
    }

    /** Closes the descriptor. An error that close(2) reports is ignored: the descriptor is gone in any case. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (origin != null) {
            OPEN.remove(this);
        }
        kernel.invoke(new Syscall.Close(opened));
    }

    /** Where this descriptor was made; null unless tracing was on. */
    public Throwable origin() {
        return origin;
    }

    /** Turns the recording of creation traces on or off for descriptors made from now on. */
    public static void trace(boolean on) {
        tracing = on;
    }

    /** The traced descriptors that are open now. */
    public static List<Fd> open() {
        synchronized (OPEN) {
            return new ArrayList<>(OPEN);
        }
    }

    @Override
    public String toString() {
        return "fd " + opened;
    }
}
