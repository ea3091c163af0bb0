package dev.sonde.sys;

import java.io.File;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Processes and threads: ids, signals, names, limits. */
public final class Task {
    /** Resource of {@link #raiseLimit}: open descriptors. */
    public static final int RLIMIT_NOFILE = 7;
    /** Resource of {@link #raiseLimit}: locked bytes, which BPF maps were charged to before 5.11. */
    public static final int RLIMIT_MEMLOCK = 8;

    private static final long RLIM_INFINITY = -1;
    private static final long SIG_IGN = 1;

    private Task() {
    }

    /** This process as its own pid namespace numbers it. */
    public static int pid(Kernel kernel) {
        return (int) kernel.call(new Syscall.GetPid());
    }

    /** The calling thread as its own pid namespace numbers it. */
    public static int tid(Kernel kernel) {
        return (int) kernel.call(new Syscall.GetTid());
    }

    /** Sends a signal to a process; signal 0 only asks whether it may be sent. */
    public static void kill(Kernel kernel, int pid, int signal) {
        kernel.call(new Syscall.Kill(pid, signal));
    }

    /** Sends a signal to one thread of a process. */
    public static void kill(Kernel kernel, int pid, int tid, int signal) {
        kernel.call(new Syscall.TgKill(pid, tid, signal));
    }

    /** A descriptor that becomes readable when process {@code pid} ends; its number cannot come to mean another process. Since 5.3. */
    public static Fd pidFd(Kernel kernel, int pid) {
        return Fd.from(kernel, new Syscall.PidFdOpen(pid));
    }

    /** Sends a signal to the process of {@link #pidFd}; fails with ESRCH when it has ended. */
    public static void kill(Kernel kernel, Fd pidFd, int signal) {
        kernel.call(new Syscall.PidFdSendSignal(pidFd.number(), signal));
    }

    /**
     * Gives {@code signal} the action of {@code other} if this process was started with it ignored, as a shell starts what runs in its background.
     * The virtual machine leaves an ignored signal alone, but would handle it.
     */
    public static void unignore(Kernel kernel, int signal, int other) {
        MemorySegment action = MemorySegment.ofArray(new byte[SignalAction.SIZE]);
        kernel.call(new SignalAction(signal, null, action));
        if (action.get(ValueLayout.JAVA_LONG_UNALIGNED, 0) == SIG_IGN) {
            kernel.call(new SignalAction(other, null, action));
            kernel.call(new SignalAction(signal, action, null));
        }
    }

    /** Names the calling thread, at most 15 bytes, as ps -L and the {@code comm} of a probe show it. */
    public static void nameThread(Kernel kernel, String name) {
        kernel.call(new Syscall.PrctlSetName(name));
    }

    /** Names the calling thread as the process is named. */
    public static void nameThread(Kernel kernel) {
        nameThread(kernel, new String(PseudoFile.read(kernel, "/proc/self/comm"), StandardCharsets.UTF_8).strip());
    }

    /** Names the process and all its threads, those of the virtual machine too: what they do is then known as ours by {@code comm}. */
    public static void nameProcess(Kernel kernel, String name) {
        String[] threads = new File("/proc/self/task").list();
        for (String thread : threads == null ? new String[0] : threads) {
            try {
                PseudoFile.write(kernel, "/proc/self/task/" + thread + "/comm", name);
            } catch (KernelException e) {
                // The thread has ended.
            }
        }
    }

    /**
     * Lifts a limit of this process: both soft and hard to infinity if that is allowed, else soft to hard. Returns the soft limit afterwards,
     * -1 for infinity.
     */
    public static long raiseLimit(Kernel kernel, int resource) {
        MemorySegment infinite = MemorySegment.ofArray(new long[] {RLIM_INFINITY, RLIM_INFINITY});
        if (kernel.invoke(new Syscall.PrLimit(0, resource, infinite, null)) >= 0) {
            return RLIM_INFINITY;
        }
        MemorySegment limit = MemorySegment.ofArray(new long[2]);
        kernel.call(new Syscall.PrLimit(0, resource, null, limit));
        long hard = limit.get(ValueLayout.JAVA_LONG_UNALIGNED, 8);
        limit.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, hard);
        kernel.call(new Syscall.PrLimit(0, resource, limit, null));
        return hard;
    }
}
