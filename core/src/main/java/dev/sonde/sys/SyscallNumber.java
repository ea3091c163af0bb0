package dev.sonde.sys;

import java.util.Locale;

/**
 * The system calls Sonde makes, with their numbers: x86-64 from arch/x86/entry/syscalls/syscall_64.tbl, arm64 from the generic table
 * (asm-generic/unistd.h). Calls that only one of the two has, such as epoll_wait, are left out in favour of those both have.
 */
enum SyscallNumber {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    MMAP(9, 222),
    MUNMAP(11, 215),
    RT_SIGACTION(13, 134),
    IOCTL(16, 29),
    GETPID(39, 172),
    FCNTL(72, 25),
    KILL(62, 129),
    PRCTL(157, 167),
    GETTID(186, 178),
    CLOCK_GETTIME(228, 113),
    EPOLL_CTL(233, 21),
    TGKILL(234, 131),
    OPENAT(257, 56),
    EPOLL_PWAIT(281, 22),
    EVENTFD2(290, 19),
    EPOLL_CREATE1(291, 20),
    DUP3(292, 24),
    PIPE2(293, 59),
    PERF_EVENT_OPEN(298, 241),
    PRLIMIT64(302, 261),
    BPF(321, 280),
    PIDFD_SEND_SIGNAL(424, 424),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    PIDFD_OPEN(434, 434);

    private final int x86;
    private final int arm64;

    SyscallNumber(int x86, int arm64) {
        this.x86 = x86;
        this.arm64 = arm64;
    }

    /** The number in the table of {@code architecture}. */
    int on(Architecture architecture) {
        return architecture == Architecture.X86_64 ? x86 : arm64;
    }

    /** The name as its manual page spells it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
