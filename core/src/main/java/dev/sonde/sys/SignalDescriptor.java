package dev.sonde.sys;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A descriptor that becomes readable when this process gets a signal; from {@link #open} to {@link #close} the signal does nothing else.
 *
 * <p>signalfd(2) would need the signal blocked in every thread of the virtual machine, and a handler in Java cannot run where a signal arrives. So
 * the handler is eventfd_write(3) of the C library, which may be called there and whose first argument, a descriptor, is where a handler gets the
 * number of its signal: an eventfd(2) is put on the descriptor of that number.
 */
public final class SignalDescriptor implements AutoCloseable {
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int NON_BLOCKING = 0x800;
    private static final int FD_CLOEXEC = 1;
    private static final int SIGTERM = 15;

    private final Kernel kernel;
    private final int signal;
    private final Fd fd;
    /** Another descriptor of what had the number before; null for nothing. */
    private final Fd before;
    private final MemorySegment former = MemorySegment.ofArray(new byte[SignalAction.SIZE]);

    private SignalDescriptor(Kernel kernel, int signal, Fd fd, Fd before) {
        this.kernel = kernel;
        this.signal = signal;
        this.fd = fd;
        this.before = before;
    }

    /** What is asked of a descriptor (fcntl.h): its flags, or another of the same file, of any number that is free. */
    enum Command {
        F_GETFD(1), F_DUPFD_CLOEXEC(1030);

        private final int value;

        Command(int value) {
            this.value = value;
        }
    }

    /** fcntl(2). */
    record Control(int fd, Command command) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.FCNTL;
        }

        @Override
        public void write(Arguments to) {
            to.value("fd", fd);
            to.constant(command.name(), command.value);
            to.value("arg", 0);
        }
    }

    /** dup3(2): closes descriptor {@code as} and makes it another of the same file as {@code from}. */
    record Duplicate(int from, int as, int flags) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.DUP3;
        }

        @Override
        public void write(Arguments to) {
            to.value("oldfd", from);
            to.value("newfd", as);
            to.value("flags", flags);
        }
    }

    /**
     * Takes over {@code signal}; null when this process has opened the descriptor of that number for something else. One that came with the process,
     * which is one that would be passed on, is of no use to it and gives way until the end.
     *
     * @throws KernelException when a call fails
     */
    public static SignalDescriptor open(Kernel kernel, int signal) {
        long flags = kernel.invoke(new Control(signal, Command.F_GETFD));
        if (flags >= 0 && (flags & FD_CLOEXEC) != 0) {
            return null;
        }
        Fd before = flags >= 0 ? Fd.from(kernel, new Control(signal, Command.F_DUPFD_CLOEXEC)) : null;
        Fd event = Fd.from(kernel, new Syscall.EventFd(0, CLOSE_ON_EXEC | NON_BLOCKING));
        if (event.number() != signal) {
            try (Fd first = event) {
                event = Fd.from(kernel, new Duplicate(first.number(), signal, CLOSE_ON_EXEC));
            }
        }
        var opened = new SignalDescriptor(kernel, signal, event, before);
        opened.install();
        return opened;
    }

    /** The machine's way back from a handler is in the action that the virtual machine set for another signal. */
    private void install() {
        MemorySegment action = MemorySegment.ofArray(new byte[SignalAction.SIZE]);
        kernel.call(new SignalAction(SIGTERM, null, action));
        action.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, Linker.nativeLinker().defaultLookup().findOrThrow("eventfd_write").address());
        kernel.call(new SignalAction(signal, action, former));
    }

    /** The descriptor. */
    public Fd fd() {
        return fd;
    }

    /** Takes the signal's arrival as seen. */
    public void take() {
        fd.read(MemorySegment.ofArray(new byte[Long.BYTES]));
    }

    @Override
    public void close() {
        kernel.call(new SignalAction(signal, former, null));
        fd.close();
        if (before != null) {
            kernel.invoke(new Duplicate(before.number(), signal, 0));
            before.close();
        }
    }
}
