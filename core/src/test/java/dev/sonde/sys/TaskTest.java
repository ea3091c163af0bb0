package dev.sonde.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls that need no privilege. */
class TaskTest {
    private final Kernel kernel = LinuxKernel.open();

    @Test
    void pidIsTheOneJavaKnows() {
        assertThat(Task.pid(kernel)).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(Files.exists(Path.of("/proc/self/task/" + Task.tid(kernel)))).isTrue();
    }

    @Test
    void warmingUpCompletes() throws InterruptedException {
        Thread thread = LinuxKernel.warmUp();
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void exitIsSeenThroughAPidFd() throws IOException, InterruptedException {
        Process sleep = new ProcessBuilder("sleep", "100").start();
        try (Fd pidFd = Task.pidFd(kernel, (int) sleep.pid()); Epoll epoll = Epoll.open(kernel)) {
            epoll.add(pidFd, 1);
            assertThat(epoll.await(0)).isZero();
            Task.kill(kernel, pidFd, 15);
            assertThat(epoll.await(5000)).isEqualTo(1);
            epoll.remove(pidFd);
            assertThat(epoll.await(0)).isZero();
            sleep.waitFor();
            assertThatThrownBy(() -> Task.kill(kernel, pidFd, 0)).hasMessage("pidfd_send_signal: No such process (ESRCH, 3)");
        }
    }

    @Test
    void signalsReachProcessesAndThreads() throws IOException, InterruptedException {
        Process sleep = new ProcessBuilder("sleep", "100").start();
        int pid = (int) sleep.pid();
        Task.kill(kernel, pid, 0);
        Task.kill(kernel, pid, pid, 9);
        assertThat(sleep.waitFor()).isEqualTo(128 + 9);
        assertThatThrownBy(() -> Task.kill(kernel, pid, 0)).hasMessage("kill: No such process (ESRCH, 3)");
    }

    @Test
    void anotherThreadEndsTheWait() throws InterruptedException {
        try (Epoll epoll = Epoll.open(kernel)) {
            Thread thread = Thread.ofPlatform().start(epoll::wake);
            assertThat(epoll.await(60_000)).isZero();
            thread.join();
            epoll.wake();
            epoll.wake();
            assertThat(epoll.await(-1)).isZero();
            assertThat(epoll.await(0)).isZero();
        }
    }

    @Test
    void threadAndProcessTakeNames() throws IOException, InterruptedException {
        String before = Files.readString(Path.of("/proc/self/comm"));
        String[] name = new String[1];
        Thread thread = Thread.ofPlatform().start(() -> {
            Task.nameThread(kernel, "sonde-poll-and-more");
            name[0] = new String(PseudoFile.read(kernel, "/proc/self/task/" + Task.tid(kernel) + "/comm"));
        });
        thread.join();
        assertThat(name[0]).isEqualTo("sonde-poll-and-\n");
        Task.nameProcess(kernel, "sonde-test");
        assertThat(Files.readString(Path.of("/proc/self/comm"))).isEqualTo("sonde-test\n");
        Task.nameProcess(kernel, before.trim());
    }

    @Test
    void limitIsInfiniteOrTheHardOne() throws IOException {
        long limit = Task.raiseLimit(kernel, Task.RLIMIT_NOFILE);
        String line = Files.readAllLines(Path.of("/proc/self/limits")).stream().filter(l -> l.startsWith("Max open files")).findFirst().orElseThrow();
        assertThat(line).containsPattern(" " + (limit < 0 ? "unlimited" : Long.toString(limit)) + " ");
    }

    @Test
    void limitFallsBackToTheHardOne() {
        Kernel strict = call -> {
            Syscall.PrLimit limit = (Syscall.PrLimit) call;
            if (limit.oldLimit() != null) {
                limit.oldLimit().copyFrom(MemorySegment.ofArray(new long[] {10, 20}));
                return 0;
            }
            return limit.newLimit().get(ValueLayout.JAVA_LONG, 0) == 20 ? 0 : -Errno.EPERM.number();
        };
        assertThat(Task.raiseLimit(strict, Task.RLIMIT_MEMLOCK)).isEqualTo(20);
    }

    @Test
    void clocksAgreeWithJava() {
        assertThat(Clock.CLOCK_REALTIME.nanos(kernel) / 1_000_000).isCloseTo(System.currentTimeMillis(), within(60_000L));
        assertThat(Clock.CLOCK_MONOTONIC.nanos(kernel)).isPositive().isLessThanOrEqualTo(Clock.CLOCK_BOOTTIME.nanos(kernel));
        assertThat(Clock.CLOCK_TAI.nanos(kernel)).isGreaterThan(Clock.CLOCK_BOOTTIME.nanos(kernel));
    }

    @Test
    void fileIsNoTerminal(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "x");
        try (Fd fd = Fd.from(kernel, new Syscall.OpenAt(file.toString(), 0))) {
            assertThat(Terminal.isTerminal(kernel, fd.number())).isFalse();
            assertThat(Terminal.columns(kernel, fd.number())).isZero();
        }
    }

    @Test
    void pseudoTerminalIsATerminal() {
        Root.needs("/dev/ptmx");
        try (Fd fd = Fd.from(kernel, new Syscall.OpenAt("/dev/ptmx", 2))) {
            assertThat(Terminal.isTerminal(kernel, fd.number())).isTrue();
        }
    }

    @Test
    void widthComesFromTheKernel() {
        Kernel wide = call -> {
            ((Syscall.IoctlMemory) call).argument().set(ValueLayout.JAVA_SHORT_UNALIGNED, 2, (short) 132);
            return 0;
        };
        assertThat(Terminal.columns(wide, 1)).isEqualTo(132);
    }

    @Test
    void mappedFileIsReadAndClosedMemoryIsNotTouched(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("f"), new byte[] {1, 2, 3, 4});
        MappedMemory memory;
        try (Fd fd = Fd.from(kernel, new Syscall.OpenAt(file.toString(), 0))) {
            memory = MappedMemory.of(kernel, fd, 0, 4, false);
        }
        assertThat(memory.segment().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 2, 3, 4);
        memory.close();
        memory.close();
        assertThatThrownBy(() -> memory.segment().get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusedCallsSayWhy() {
        assertThatThrownBy(() -> PseudoFile.read(kernel, "/no/such/file")).hasMessage("openat: No such file or directory (ENOENT, 2)");
    }

    @Test
    void callsFromManyThreadsDoNotMix() throws InterruptedException {
        Thread[] threads = new Thread[8];
        boolean[] right = new boolean[threads.length];
        for (int i = 0; i < threads.length; i++) {
            int index = i;
            threads[i] = Thread.ofPlatform().start(() -> right[index] = alternate(index));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(right).containsOnly(true);
    }

    private boolean alternate(int index) {
        for (int i = 0; i < 1000; i++) {
            boolean even = (i + index) % 2 == 0;
            long result = even ? kernel.invoke(new Syscall.Close(-1)) : kernel.invoke(new Syscall.OpenAt("/no/such", 0));
            if (result != (even ? -9 : -2)) {
                return false;
            }
        }
        return true;
    }
}
