package dev.sonde.sys;

import java.lang.foreign.MemorySegment;

/**
 * A system call as a value: one record per call, and {@link Bpf} for the commands of bpf(2). Names of components follow the manual pages.
 *
 * <p>Segments may be native or on the heap; what the kernel writes into them is there when the call returns. Texts become UTF-8 with a NUL.
 */
public sealed interface Syscall permits Bpf, SignalAction, SignalDescriptor.Control, SignalDescriptor.Duplicate,
        Syscall.Read, Syscall.Write, Syscall.Close, Syscall.OpenAt, Syscall.Mmap, Syscall.Munmap, Syscall.Ioctl, Syscall.IoctlMemory,
        Syscall.IoctlText, Syscall.PerfEventOpen, Syscall.EpollCreate, Syscall.EpollCtl, Syscall.EpollWait, Syscall.EventFd, Pipe.Pipe2,
        Syscall.GetPid, Syscall.GetTid, Syscall.Kill, Syscall.TgKill, Syscall.PidFdOpen, Syscall.PidFdSendSignal, Syscall.PrctlSetName,
        Syscall.PrLimit, Syscall.ClockGetTime, Syscall.FsOpen, Syscall.FsConfig, Syscall.FsMount {
    /** The row in the table of numbers. */
    SyscallNumber number();

    /** Puts the arguments, in order. */
    void write(Arguments to);

    /** Takes results the kernel left in the structure it was given. */
    default void read(CallBuffer from) {
    }

    /** The call with all its arguments: a line in the manner of strace(1). */
    default String text() {
        return Trace.of(this);
    }

    /** The call's name for messages, with the command where one call has many: {@code bpf(BPF_MAP_CREATE)}. */
    default String title() {
        return number().word();
    }

    /** read(2); returns the bytes read. */
    record Read(int fd, MemorySegment buffer) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.READ;
        }

        @Override
        public void write(Arguments to) {
            to.value("fd", fd);
            to.pointer("buf", buffer);
            to.value("count", buffer.byteSize());
        }
    }

    /** write(2); returns the bytes written. */
    record Write(int fd, MemorySegment buffer) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.WRITE;
        }

        @Override
        public void write(Arguments to) {
            to.value("fd", fd);
            to.pointer("buf", buffer);
            to.value("count", buffer.byteSize());
        }
    }

    /** close(2). */
    record Close(int fd) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.CLOSE;
        }

        @Override
        public void write(Arguments to) {
            to.value("fd", fd);
        }
    }

    /** openat(2) from the working directory; returns a descriptor. {@code flags} are O_* of asm-generic/fcntl.h. */
    record OpenAt(String path, int flags) implements Syscall {
        private static final int AT_FDCWD = -100;

        @Override
        public SyscallNumber number() {
            return SyscallNumber.OPENAT;
        }

        @Override
        public void write(Arguments to) {
            to.constant("AT_FDCWD", AT_FDCWD);
            to.text("path", path);
            to.value("flags", flags);
        }
    }

    /** mmap(2) at an address of the kernel's choice, which it returns. {@code protection} and {@code flags} are PROT_* and MAP_*. */
    record Mmap(long length, int protection, int flags, int fd, long offset) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.MMAP;
        }

        @Override
        public void write(Arguments to) {
            to.value("addr", 0);
            to.value("length", length);
            to.value("prot", protection);
            to.value("flags", flags);
            to.value("fd", fd);
            to.value("offset", offset);
        }
    }

    /** munmap(2). */
    record Munmap(long address, long length) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.MUNMAP;
        }

        @Override
        public void write(Arguments to) {
            to.value("addr", address);
            to.value("length", length);
        }
    }

    /** The ioctl(2) requests in use; the numbers are the same on x86-64 and arm64 (linux/perf_event.h, asm-generic/ioctls.h). */
    enum Request {
        TCGETS(0x5401),
        TIOCGWINSZ(0x5413),
        PERF_EVENT_IOC_ENABLE(0x2400),
        PERF_EVENT_IOC_DISABLE(0x2401),
        PERF_EVENT_IOC_RESET(0x2403),
        PERF_EVENT_IOC_SET_FILTER(0x40082406),
        PERF_EVENT_IOC_SET_BPF(0x40042408);

        private final int value;

        Request(int value) {
            this.value = value;
        }
    }

    /** ioctl(2) whose argument is a number. */
    record Ioctl(int fd, Request request, long argument) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.IOCTL;
        }

        @Override
        public String title() {
            return "ioctl(" + request + ")";
        }

        @Override
        public void write(Arguments to) {
            to.value("fd", fd);
            to.constant(request.name(), request.value);
            to.value("argument", argument);
        }
    }

    /** ioctl(2) whose argument is memory the kernel fills. */
    record IoctlMemory(int fd, Request request, MemorySegment argument) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.IOCTL;
        }

        @Override
        public String title() {
            return "ioctl(" + request + ")";
        }

        @Override
        public void write(Arguments to) {
            to.value("fd", fd);
            to.constant(request.name(), request.value);
            to.pointer("argument", argument);
        }
    }

    /** ioctl(2) whose argument is a text. */
    record IoctlText(int fd, Request request, String argument) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.IOCTL;
        }

        @Override
        public String title() {
            return "ioctl(" + request + ")";
        }

        @Override
        public void write(Arguments to) {
            to.value("fd", fd);
            to.constant(request.name(), request.value);
            to.text("argument", argument);
        }
    }

    /** perf_event_open(2); returns a descriptor. {@code pid} -1 is every process, {@code cpu} -1 every CPU; not both. */
    record PerfEventOpen(PerfEvent.Attr attr, int pid, int cpu, int groupFd, long flags) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.PERF_EVENT_OPEN;
        }

        @Override
        public void write(Arguments to) {
            attr.write(to);
            to.value("pid", pid);
            to.value("cpu", cpu);
            to.value("group_fd", groupFd);
            to.value("flags", flags);
        }
    }

    /** epoll_create1(2); returns a descriptor. */
    record EpollCreate(int flags) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.EPOLL_CREATE1;
        }

        @Override
        public void write(Arguments to) {
            to.value("flags", flags);
        }
    }

    /** epoll_ctl(2). {@code op} is EPOLL_CTL_ADD (1) or EPOLL_CTL_DEL (2); {@code data} comes back with each event. */
    record EpollCtl(int epfd, int op, int fd, int events, long data) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.EPOLL_CTL;
        }

        @Override
        public void write(Arguments to) {
            to.value("epfd", epfd);
            to.value("op", op);
            to.value("fd", fd);
            to.structure("event", Architecture.HOST.epollEventSize);
            to.u32(0, "events", events);
            to.u64(Architecture.HOST.epollDataOffset, "data", data);
        }
    }

    /** epoll_pwait(2) without a signal mask; returns the number of events. A negative timeout in milliseconds waits for ever. */
    record EpollWait(int epfd, MemorySegment events, int timeout) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.EPOLL_PWAIT;
        }

        @Override
        public void write(Arguments to) {
            to.value("epfd", epfd);
            to.pointer("events", events);
            to.value("maxevents", events.byteSize() / Architecture.HOST.epollEventSize);
            to.value("timeout", timeout);
        }
    }

    /** eventfd2(2); returns a descriptor. */
    record EventFd(int initial, int flags) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.EVENTFD2;
        }

        @Override
        public void write(Arguments to) {
            to.value("initval", initial);
            to.value("flags", flags);
        }
    }

    /** getpid(2). */
    record GetPid() implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.GETPID;
        }

        @Override
        public void write(Arguments to) {
        }
    }

    /** gettid(2). */
    record GetTid() implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.GETTID;
        }

        @Override
        public void write(Arguments to) {
        }
    }

    /** kill(2); signal 0 only asks whether the process is there. */
    record Kill(int pid, int signal) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.KILL;
        }

        @Override
        public void write(Arguments to) {
            to.value("pid", pid);
            to.value("sig", signal);
        }
    }

    /** tgkill(2). */
    record TgKill(int tgid, int tid, int signal) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.TGKILL;
        }

        @Override
        public void write(Arguments to) {
            to.value("tgid", tgid);
            to.value("tid", tid);
            to.value("sig", signal);
        }
    }

    /** pidfd_open(2); returns a descriptor that is readable once the process has ended. Since 5.3. */
    record PidFdOpen(int pid) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.PIDFD_OPEN;
        }

        @Override
        public void write(Arguments to) {
            to.value("pid", pid);
            to.value("flags", 0);
        }
    }

    /** pidfd_send_signal(2). Since 5.1. */
    record PidFdSendSignal(int pidFd, int signal) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.PIDFD_SEND_SIGNAL;
        }

        @Override
        public void write(Arguments to) {
            to.value("pidfd", pidFd);
            to.value("sig", signal);
        }
    }

    /** prctl(PR_SET_NAME): names the calling thread; the kernel keeps 15 bytes. */
    record PrctlSetName(String name) implements Syscall {
        private static final int PR_SET_NAME = 15;

        @Override
        public SyscallNumber number() {
            return SyscallNumber.PRCTL;
        }

        @Override
        public void write(Arguments to) {
            to.constant("PR_SET_NAME", PR_SET_NAME);
            to.text("name", name);
        }
    }

    /** prlimit64(2). Limits are pairs of u64, soft and hard; null leaves one alone or does not ask for it. */
    record PrLimit(int pid, int resource, MemorySegment newLimit, MemorySegment oldLimit) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.PRLIMIT64;
        }

        @Override
        public void write(Arguments to) {
            to.value("pid", pid);
            to.value("resource", resource);
            to.pointer("new_limit", newLimit);
            to.pointer("old_limit", oldLimit);
        }
    }

    /** clock_gettime(2); {@code time} receives seconds and nanoseconds as two longs. */
    record ClockGetTime(int clock, MemorySegment time) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.CLOCK_GETTIME;
        }

        @Override
        public void write(Arguments to) {
            to.value("clockid", clock);
            to.pointer("tp", time);
        }
    }

    /** fsopen(2); returns the descriptor of a file system being set up. Since 5.2. */
    record FsOpen(String fsName, int flags) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.FSOPEN;
        }

        @Override
        public void write(Arguments to) {
            to.text("fsname", fsName);
            to.value("flags", flags);
        }
    }

    /** fsconfig(FSCONFIG_CMD_CREATE): makes the file system of {@link FsOpen}. Since 5.2. */
    record FsConfig(int fd) implements Syscall {
        private static final int FSCONFIG_CMD_CREATE = 6;

        @Override
        public SyscallNumber number() {
            return SyscallNumber.FSCONFIG;
        }

        @Override
        public void write(Arguments to) {
            to.value("fd", fd);
            to.constant("FSCONFIG_CMD_CREATE", FSCONFIG_CMD_CREATE);
            to.pointer("key", null);
            to.pointer("value", null);
            to.value("aux", 0);
        }
    }

    /** fsmount(2); returns the descriptor of a mount that is in no mount table and ends when it is closed. Since 5.2. */
    record FsMount(int fd, int flags, int attributes) implements Syscall {
        @Override
        public SyscallNumber number() {
            return SyscallNumber.FSMOUNT;
        }

        @Override
        public void write(Arguments to) {
            to.value("fd", fd);
            to.value("flags", flags);
            to.value("attr_flags", attributes);
        }
    }
}
