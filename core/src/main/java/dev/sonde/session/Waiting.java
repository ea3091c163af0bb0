package dev.sonde.session;

import dev.sonde.sys.Epoll;
import dev.sonde.sys.Fd;
import dev.sonde.sys.Kernel;
import dev.sonde.sys.SignalDescriptor;
import java.util.concurrent.atomic.AtomicLong;

/** What a session waits for: records, the end of processes, and what other threads ask of it. */
final class Waiting implements AutoCloseable {
    private static final long RING = 0;
    private static final long PROCESS = 1;
    private static final long SIGNAL = 2;

    private final AtomicLong signals = new AtomicLong();
    private volatile boolean stopped;
    private Epoll epoll;
    private boolean processEnded;
    private SignalDescriptor signal;
    private int signalNumber;

    /** Starts to wait for {@code ring}. */
    synchronized void open(Kernel kernel, Fd ring) {
        epoll = Epoll.open(kernel);
        epoll.add(ring, RING);
    }

    /** Waits for the end of a process too. */
    void addProcess(Fd pidFd) {
        epoll.add(pidFd, PROCESS);
    }

    /** Waits for a signal too. */
    void addSignal(SignalDescriptor descriptor, int number) {
        signal = descriptor;
        signalNumber = number;
        epoll.add(descriptor.fd(), SIGNAL);
    }

    /**
     * Returns when there may be something to do, at the latest after so many milliseconds (0: it only looks; -1: as long as it takes). Whether there
     * are records or a process has ended.
     */
    boolean await(int milliseconds) {
        if (stopped || signals.get() != 0) {
            return false;
        }
        int ready = epoll.await(milliseconds);
        for (int i = 0; i < ready; i++) {
            processEnded |= epoll.token(i) == PROCESS;
            if (epoll.token(i) == SIGNAL) {
                signal.take();
                signal(signalNumber);
            }
        }
        return ready > 0;
    }

    /** Whether a process that was waited for has ended. */
    boolean processEnded() {
        return processEnded;
    }

    /** Asks for the end. For any thread, at any time. */
    void stop() {
        stopped = true;
        wake();
    }

    boolean stopped() {
        return stopped;
    }

    /** Tells of a signal from 1 to 63. For any thread, at any time. */
    void signal(int number) {
        signals.accumulateAndGet(1L << number, (known, more) -> known | more);
        wake();
    }

    /** The signals that came since the last call, as a set of bits. */
    long takeSignals() {
        return signals.getAndSet(0);
    }

    private synchronized void wake() {
        if (epoll != null) {
            epoll.wake();
        }
    }

    @Override
    public synchronized void close() {
        if (epoll != null) {
            epoll.close();
            epoll = null;
        }
    }
}
