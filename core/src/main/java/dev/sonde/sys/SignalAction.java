package dev.sonde.sys;

import java.lang.foreign.MemorySegment;

/** rt_sigaction(2) with the kernel's own structure; null leaves the action alone or does not ask for it. */
record SignalAction(int signal, MemorySegment action, MemorySegment former) implements Syscall {
    /** Bytes of the kernel's struct sigaction with one word of mask. */
    static final int SIZE = 32;

    private static final int MASK_SIZE = 8;

    @Override
    public SyscallNumber number() {
        return SyscallNumber.RT_SIGACTION;
    }

    @Override
    public void write(Arguments to) {
        to.value("signum", signal);
        to.pointer("act", action);
        to.pointer("oldact", former);
        to.value("sigsetsize", MASK_SIZE);
    }
}
