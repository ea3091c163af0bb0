package dev.sonde.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.ArrayDeque;

/**
 * The running kernel, reached through one downcall handle: the C library's {@code syscall(2)} with six longs. Each further handle shape would
 * cost some 7 ms at start-up, and the first costs about 20, so {@link #warmUp()} lets a second thread pay for it.
 *
 * <p>Safe for use by several threads; a blocked call holds up nobody else. An interrupted call is not repeated: EINTR is the caller's to see.
 */
public final class LinuxKernel implements Kernel {
    private static final LinuxKernel INSTANCE = new LinuxKernel();

    private final Architecture architecture = Architecture.HOST;
    private final ArrayDeque<CallBuffer> spare = new ArrayDeque<>();

    private LinuxKernel() {
    }

    /** The kernel below this process. Nothing is linked before the first call. */
    public static LinuxKernel open() {
        return INSTANCE;
    }

    /** Links the native call and the accesses to mapped memory on a new daemon thread; a call made meanwhile waits for it. Returns the thread. */
    public static Thread warmUp() {
        Thread thread = new Thread(LinuxKernel::link, "link syscall");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void link() {
        INSTANCE.invoke(new Syscall.GetPid());
        // The first access of any layout costs some 4 ms, and the first event would pay for it.
        MemorySegment memory = Arena.global().allocate(8, 8);
        memory.get(ValueLayout.JAVA_LONG, 0);
        memory.get(ValueLayout.JAVA_INT, 0);
        memory.get(ValueLayout.JAVA_BYTE, 0);
    }

    @Override
    public long invoke(Syscall call) {
        CallBuffer buffer = take();
        try {
            call.write(buffer);
            long result = Link.enter(call.number().on(architecture), buffer);
            call.read(buffer);
            buffer.collect();
            return result == -1 ? -buffer.errno() : result;
        } finally {
            Reference.reachabilityFence(call);
            buffer.release();
            give(buffer);
        }
    }

    private synchronized CallBuffer take() {
        CallBuffer buffer = spare.poll();
        return buffer == null ? new CallBuffer() : buffer;
    }

    private synchronized void give(CallBuffer buffer) {
        spare.push(buffer);
    }

    /** A holder of its own, so that the linkage happens at the first call and once. */
    private static final class Link {
        private static final MethodHandle SYSCALL = link();

        @SuppressWarnings("restricted")
        private static MethodHandle link() {
            Linker linker = Linker.nativeLinker();
            ValueLayout.OfLong c = ValueLayout.JAVA_LONG;
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(c, c, c, c, c, c, c, c),
                    Linker.Option.captureCallState("errno"));
        }

        static long enter(long number, CallBuffer in) {
            MemorySegment errno = in.captureState();
            try {
                return (long) SYSCALL.invokeExact(errno, number,
                        in.register(0), in.register(1), in.register(2), in.register(3), in.register(4), in.register(5));
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new AssertionError("syscall(2) threw", e);
            }
        }
    }
}
