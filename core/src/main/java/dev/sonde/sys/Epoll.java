package dev.sonde.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Waits until one of several descriptors is readable (epoll(7), level-triggered), or until another thread calls {@link #wake()}. One thread
 * waits at a time.
 */
public final class Epoll implements AutoCloseable {
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLLIN = 1;
    private static final int CAPACITY = 64;
    private static final long WAKE = Long.MIN_VALUE;

    private final Kernel kernel;
    private final Fd epoll;
    private final Fd wake;
    /** Freed only when unreachable, so that a wait in progress during {@link #close()} writes to no foreign memory. */
    private final MemorySegment events = Arena.ofAuto().allocate((long) CAPACITY * Architecture.HOST.epollEventSize, 8);
    private final long[] tokens = new long[CAPACITY];

    private Epoll(Kernel kernel, Fd epoll, Fd wake) {
        this.kernel = kernel;
        this.epoll = epoll;
        this.wake = wake;
    }

    /** Opens an instance with nothing in it. */
    public static Epoll open(Kernel kernel) {
        Fd epoll = Fd.from(kernel, new Syscall.EpollCreate(EPOLL_CLOEXEC));
        try {
            Epoll result = new Epoll(kernel, epoll, Fd.from(kernel, new Syscall.EventFd(0, EFD_CLOEXEC | EFD_NONBLOCK)));
            result.add(result.wake, WAKE);
            return result;
        } catch (KernelException e) {
            epoll.close();
            throw e;
        }
    }

    /** Waits for {@code fd} too; {@code token}, any number but {@link Long#MIN_VALUE}, tells it from the others. */
    public void add(Fd fd, long token) {
        kernel.call(new Syscall.EpollCtl(epoll.number(), EPOLL_CTL_ADD, fd.number(), EPOLLIN, token));
    }

    /** Waits for {@code fd} no more. A descriptor that is closed leaves by itself. */
    public void remove(Fd fd) {
        kernel.call(new Syscall.EpollCtl(epoll.number(), EPOLL_CTL_DEL, fd.number(), 0, 0));
    }

    /**
     * Waits at most {@code milliseconds} (negative: for ever; 0: not at all) and returns how many descriptors are ready; {@link #token} tells
     * which. 0 after the time, after a signal, and after {@link #wake()}.
     */
    public int await(int milliseconds) {
        Syscall call = new Syscall.EpollWait(epoll.number(), events, milliseconds);
        long result = kernel.invoke(call);
        if (result == -Errno.EINTR.number()) {
            return 0;
        }
        if (result < 0) {
            throw new KernelException(call, (int) -result);
        }
        return collect((int) result);
    }

    private int collect(int count) {
        int ready = 0;
        for (int i = 0; i < count; i++) {
            long at = (long) i * Architecture.HOST.epollEventSize + Architecture.HOST.epollDataOffset;
            long token = events.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
            if (token == WAKE) {
                wake.read(MemorySegment.ofArray(new byte[8]));
            } else {
                tokens[ready++] = token;
            }
        }
        return ready;
    }

    /** The token of the ready descriptor number {@code index} of the last {@link #await}. */
    public long token(int index) {
        return tokens[index];
    }

    /** Ends the wait in progress, or the next one. For any thread. */
    public void wake() {
        wake.write(MemorySegment.ofArray(new long[] {1}));
    }

    @Override
    public void close() {
        wake.close();
        epoll.close();
    }
}
